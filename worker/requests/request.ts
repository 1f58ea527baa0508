import { eq, getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { ANSWER_CACHE_STATES, requests } from '../../db/schema/requests.ts'
import { teams } from '../../db/schema/teams.ts'
import { COST_GRADES, TOKEN_STATUSES } from '../../db/schema/tokens.ts'
import { users } from '../../db/schema/users.ts'
import { AnsweredId, Instant, Usd } from '../answer-fields.ts'
import { TokenBuckets } from '../tokens/token-usage.ts'

const Count = z.number().int().nullable()

/** One call of the gateway. */
export const GatewayRequest = z.object({
  id: z
    .string()
    .describe('Also the x-request-id of its answer')
    .meta({ examples: ['req_4f0c2f9d6f4b4f0a9c1d2e3f4a5b6c7d'] }),
  createdAtMs: Instant.describe('When it came in'),
  endedAtMs: Instant.nullable(),
  endpoint: z.string().meta({ examples: ['chat.completions'] }),
  teamId: AnsweredId('team').nullable(),
  teamName: z.string().nullable(),
  keyId: AnsweredId('key').nullable(),
  keyName: z.string().nullable(),
  userId: AnsweredId('user').nullable().describe('Who called with a session; null: a key did'),
  userName: z.string().nullable().describe('Their e-mail'),
  endUser: z.string().describe('The `user` that the request itself named'),
  model: z.string().describe('As it was asked for'),
  servedModel: z.string().describe('As the backend calls what it served'),
  backend: z.string().describe('Its name then; empty: none was reached'),
  provider: z.string(),
  status: z.enum(TOKEN_STATUSES),
  httpStatus: Count,
  errorCode: z.string(),
  errorMessage: z.string(),
  stream: z.boolean(),
  promptTokens: Count.describe('Input, cached input and cache writes'),
  completionTokens: Count.describe('Output and reasoning'),
  tokensUsed: Count.describe('Both; null: nobody counted, which is not zero'),
  ...TokenBuckets,
  cacheWriteLongTokens: Count.describe('Part of cache_write_tokens: kept for an hour'),
  costNanoUsd: Usd.nullable().describe('Null: unpriced, which is not free'),
  costGrade: z.enum(COST_GRADES),
  computedCostNanoUsd: Usd.nullable().describe('By the price book, where the provider reported another amount'),
  priceId: AnsweredId('price').nullable().describe('The price that it was charged by; null: none of the price book'),
  savedNanoUsd: Usd.describe('What an answer from the store would have cost'),
  cache: z.enum(ANSWER_CACHE_STATES).describe('Whether the store of answers was asked'),
  serviceTier: z.string(),
  latencyMs: Count,
  ttftMs: Count.describe('Time to the first token of a stream'),
  retryCount: z.number().int().describe('Tries before the one that answered'),
})
export type GatewayRequest = z.output<typeof GatewayRequest>

const { bodyJson, parametersJson, day, backendId, ...LISTED } = getTableColumns(requests)

/** Calls with the names of who called; `where` and order are the caller's. */
export function selectRequests(db: Db) {
  return db
    .select({ ...LISTED, teamName: teams.name, keyName: apiKeys.name, userName: users.email })
    .from(requests)
    .leftJoin(teams, eq(teams.id, requests.teamId))
    .leftJoin(apiKeys, eq(apiKeys.id, requests.keyId))
    .leftJoin(users, eq(users.id, requests.userId))
    .$dynamic()
}
export type StoredRequest = Awaited<ReturnType<typeof selectRequests>>[number]

export function requestOf(row: StoredRequest): GatewayRequest {
  const { startedAtMs, modelAsked, model, isStream, timeToFirstTokenMs, ...same } = row
  const promptTokens = sumOf(row.inputTokens, row.cachedInputTokens, row.cacheWriteTokens)
  const completionTokens = sumOf(row.outputTokens, row.reasoningTokens)
  return {
    ...same,
    ...{
      createdAtMs: startedAtMs,
      model: modelAsked,
      servedModel: model,
      stream: isStream,
      ttftMs: timeToFirstTokenMs,
    },
    ...{ promptTokens, completionTokens, tokensUsed: sumOf(promptTokens, completionTokens) },
  }
}

/** Null where nobody says any of them. */
export function sumOf(...counts: (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}
