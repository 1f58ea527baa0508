import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gatewayDays } from '../../db/schema/requests.ts'
import { COST_GRADES, type CostGrade } from '../../db/schema/tokens.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { BUCKETS, TokenBuckets } from '../tokens/token-usage.ts'
import { flushCalls } from './flush-calls.ts'
import { sumOf } from './request.ts'
import {
  inDays,
  inRequests,
  isOfDays,
  MOST_LOOKED_AT,
  newest,
  RequestFilters,
  requireOwnTeams,
} from './request-filters.ts'

export const RequestTotalAsked = z.object(RequestFilters).refine(daysInOrder, DAYS_IN_ORDER)

const Ms = z.number().int().nullable()
const Percentiles = z.object({
  requestCount: z.number().int().describe('Calls that have such a time, of the newest 20,000'),
  p50Ms: Ms,
  p95Ms: Ms,
})

/** Sums over calls. */
export const RequestTotal = z.object({
  requestCount: z.number().int(),
  failedCount: z.number().int().describe('Failed or cut off'),
  cacheHitCount: z.number().int(),
  ...TokenBuckets,
  tokensUsed: z.number().int().nullable(),
  costNanoUsd: Usd.describe('Of all calls that have a cost'),
  savedNanoUsd: Usd.describe('What answers from the store would have cost'),
  byGrade: z.array(
    z.object({
      costGrade: z.enum(COST_GRADES),
      requestCount: z.number().int(),
      costNanoUsd: Usd.nullable().describe('Null: unpriced'),
    }),
  ),
  latency: Percentiles,
  timeToFirstToken: Percentiles,
  isBounded: z.boolean().describe('Only the newest 100,000 calls of these days were looked at'),
  isPartial: z.boolean().describe('Calls of other teams are left out'),
})
export type RequestTotal = z.output<typeof RequestTotal>

/** Calls whose times are put in order for the percentiles. */
const MOST_TIMED = 20_000

/**
 * Calls, tokens and cost by grade of what is asked for, from the sums of days; where cache, cost or latency narrow it, from
 * the newest calls. Percentiles (nearest rank) are of the newest calls.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function totalRequests(
  scope: Scope,
  asked: z.output<typeof RequestTotalAsked>,
  meter: MeterHandle | null,
): Promise<RequestTotal> {
  allow(scope, 'requests:read')
  requireOwnTeams(scope, asked)
  await flushCalls(scope, meter)
  const [sums, latency, first] = await readBatch(scope.db, [
    isOfDays(asked) ? ofDays(scope, asked) : ofCalls(scope, asked),
    percentiles(scope, asked, sql`latency_ms`),
    percentiles(scope, asked, sql`time_to_first_token_ms`),
  ])
  const rows = (sums?.rows ?? []) as unknown as Record<string, bigint | null>[]
  const sum = (name: string) => rows.reduce((all, row) => all + (row[name] ?? 0n), 0n)
  const tokens = Object.fromEntries(
    BUCKETS.map((name) => [name, sumOf(...rows.map((row) => (row[name] == null ? null : Number(row[name]))))]),
  ) as Record<(typeof BUCKETS)[number], number | null>
  return {
    ...{ requestCount: Number(sum('calls')), failedCount: Number(sum('failed')), cacheHitCount: Number(sum('hits')) },
    ...tokens,
    tokensUsed: sumOf(...Object.values(tokens)),
    ...{ costNanoUsd: sum('cost') as NanoUsd, savedNanoUsd: sum('saved') as NanoUsd },
    byGrade: rows.map((row) => {
      const costGrade = row.cost_grade as unknown as CostGrade
      const costNanoUsd = costGrade === 'unpriced' ? null : ((row.cost ?? 0n) as NanoUsd)
      return { costGrade, requestCount: Number(row.calls), costNanoUsd }
    }),
    ...{ latency: percentilesOf(latency?.rows[0]), timeToFirstToken: percentilesOf(first?.rows[0]) },
    isBounded: rows.some((row) => Number(row.looked ?? 0n) >= MOST_LOOKED_AT),
    isPartial: visibleTeams(scope) !== null,
  }
}

function ofDays(scope: Scope, asked: RequestFilters): SQL {
  const d = gatewayDays
  const tokens = sql.join(
    BUCKETS.map((name) => sql`sum(${d[name]}) as ${sql.identifier(name)}`),
    sql`, `,
  )
  return sql`select ${d.costGrade} as cost_grade, sum(${d.requestCount}) as calls, sum(${d.cacheHitCount}) as hits,
      sum(iif(${d.status} = 'completed', 0, ${d.requestCount})) as failed, ${tokens},
      sum(${d.costNanoUsd}) as cost, sum(${d.savedNanoUsd}) as saved, 0 as looked
    from ${d} where ${inDays(scope, asked)} group by ${d.costGrade} having calls > 0 order by ${d.costGrade}`
}

function ofCalls(scope: Scope, asked: RequestFilters): SQL {
  const tokens = BUCKETS.map((name) => sql`sum(${sql.identifier(snake(name))}) as ${sql.identifier(name)}`)
  return sql`select cost_grade, count(*) as calls, sum(cache = 'hit') as hits, sum(status <> 'completed') as failed,
      ${sql.join(tokens, sql`, `)}, sum(cost_nano_usd) as cost, sum(saved_nano_usd) as saved,
      (select count(*) from ${newest(scope, asked, MOST_LOOKED_AT)}) as looked
    from ${newest(scope, asked, MOST_LOOKED_AT)} where ${inRequests(scope, asked)} group by cost_grade order by cost_grade`
}

function percentiles(scope: Scope, asked: RequestFilters, time: SQL): SQL {
  const of = (percent: bigint) => sql`min(iif(place * 100 >= calls * ${percent}, ms, null))`
  return sql`select count(*) as calls, ${of(50n)} as p50, ${of(95n)} as p95 from (
    select ${time} as ms, row_number() over (order by ${time}) as place, count(*) over () as calls
    from ${newest(scope, asked, MOST_TIMED)} where ${time} is not null and ${inRequests(scope, asked)})`
}

function percentilesOf(row: unknown): z.output<typeof Percentiles> {
  const { calls, p50, p95 } = row as Record<'calls' | 'p50' | 'p95', bigint | null>
  const ms = (value: bigint | null) => (value === null ? null : Number(value))
  return { requestCount: Number(calls ?? 0n), p50Ms: ms(p50), p95Ms: ms(p95) }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
