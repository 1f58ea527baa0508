import { and, eq, gte, lt, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { COST_GRADES, TOKEN_STATUSES, tokenUsage } from '../../db/schema/tokens.ts'
import { normalName } from '../../db/units/gpu.ts'
import { AnsweredDay, AnsweredId, Instant, Usd } from '../answer-fields.ts'
import { DayRange, windowOf } from '../day-range.ts'
import { IdText, NormalName } from '../input-fields.ts'
import { requireTeam } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'

const Tokens = z.number().int().nullable()

/** Tokens in buckets that do not overlap: their sum is the total. */
export const TokenBuckets = {
  inputTokens: Tokens.describe('Without what came from a cache; null: the source does not say, which is not zero'),
  cachedInputTokens: Tokens.describe('Read from a cache'),
  cacheWriteTokens: Tokens.describe('Written to a cache'),
  outputTokens: Tokens.describe('Without reasoning'),
  reasoningTokens: Tokens,
}
export const BUCKETS = Object.keys(TokenBuckets) as (keyof typeof TokenBuckets)[]

/** One metered call, or one bucket of calls where the source adds up. */
export const TokenUsage = z.object({
  id: AnsweredId('tok'),
  source: z
    .string()
    .describe('Which gateway’s or provider’s export it is from')
    .meta({ examples: ['litellm'] }),
  recordId: z
    .string()
    .describe('The source’s own id of the call, or the key of its bucket')
    .meta({ examples: ['chatcmpl-1'] }),
  day: AnsweredDay.describe('UTC day of the start'),
  startedAtMs: Instant,
  endedAtMs: Instant.nullable(),
  provider: z.string().meta({ examples: ['openai'] }),
  model: z
    .string()
    .describe('As served; empty: not said')
    .meta({ examples: ['gpt-5-mini'] }),
  teamId: AnsweredId('team').nullable().describe('Null: of no team of that name, see project'),
  teamName: z.string().nullable(),
  project: z.string().describe('The source’s name of the team or project'),
  userName: z.string(),
  keyName: z.string().describe('Name of the key, or the start of its hash; never the key'),
  status: z.enum(TOKEN_STATUSES),
  requestCount: z.number().int().describe('0: the source counts none'),
  ...TokenBuckets,
  costNanoUsd: Usd.nullable().describe('Null: unpriced, which is not free'),
  costGrade: z
    .enum(COST_GRADES)
    .describe('reported by the provider, computed from list prices, estimated, or unpriced'),
  latencyMs: Tokens,
  timeToFirstTokenMs: Tokens,
})
export type TokenUsage = z.output<typeof TokenUsage>

/** What narrows metered calls: all that is given together. */
export const TokenFilters = {
  ...DayRange,
  teamId: IdText('team').optional(),
  model: z.string().max(300).optional(),
  provider: NormalName.optional(),
  project: z.string().max(300).optional(),
  source: z.string().max(100).optional(),
  status: z
    .string()
    .describe(`One of ${TOKEN_STATUSES.join(', ')}, in any case`)
    .meta({ examples: ['completed'] })
    .transform(normalName)
    .pipe(z.enum(TOKEN_STATUSES))
    .optional(),
}
export type TokensAsked = z.output<z.ZodObject<typeof TokenFilters>>

/**
 * The condition of the calls that are asked for, among those that the actor sees: of their teams; those of no team only for
 * the whole company.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export function narrowed(scope: Pick<Scope, 'actor'>, asked: TokensAsked): SQL | undefined {
  const { teamId, model, provider, project, source, status } = asked
  if (teamId) requireTeam(scope, teamId)
  const window = windowOf(asked)
  return and(
    window ? gte(tokenUsage.day, window.from) : undefined,
    window ? lt(tokenUsage.day, window.before) : undefined,
    ofVisibleTeams(scope, tokenUsage.teamId),
    teamId && eq(tokenUsage.teamId, teamId),
    model === undefined ? undefined : eq(tokenUsage.model, model),
    provider === undefined ? undefined : eq(tokenUsage.provider, provider),
    project === undefined ? undefined : eq(tokenUsage.project, project),
    source === undefined ? undefined : eq(tokenUsage.source, source),
    status && eq(tokenUsage.status, status),
  )
}
