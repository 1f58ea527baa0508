import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { teams } from '../../db/schema/teams.ts'
import { idText, type TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { meteredCalls } from './metered-calls.ts'
import { BUCKETS, TokenBuckets, TokenFilters } from './token-usage.ts'

export const TOKEN_GROUPS = ['model', 'team', 'project', 'user', 'provider', 'day'] as const
export type TokenGroup = (typeof TOKEN_GROUPS)[number]

export const TokenTotalAsked = z
  .object({ ...TokenFilters, groupBy: z.enum(TOKEN_GROUPS).default('model') })
  .refine(daysInOrder, DAYS_IN_ORDER)

const Count = z.number().int()
const sums = {
  recordCount: Count.describe('Calls, or buckets of calls, as they came'),
  requestCount: Count,
  failedRequestCount: Count.describe('Part of request_count'),
  ...TokenBuckets,
  totalTokens: Count.nullable().describe('Σ of the buckets; null: nobody says'),
  costNanoUsd: Usd.describe('Σ of what has a price: reported + computed + estimated'),
  reportedCostNanoUsd: Usd.describe('As the provider said'),
  computedCostNanoUsd: Usd.describe('Tokens times list prices'),
  estimatedCostNanoUsd: Usd,
  cacheHitCount: Count.describe('Calls that the gateway answered from its own store, part of request_count'),
  savedNanoUsd: Usd.describe('What those would have cost'),
  unpricedRecordCount: Count.describe('Those whose cost nobody knows'),
  unpricedTokens: Count,
  unpricedShare: z
    .number()
    .nullable()
    .describe('Part of all tokens whose cost nobody knows; null: there are no tokens'),
}

/** Sums over metered calls. */
export const TokenSums = z.object(sums)
export type TokenSums = z.output<typeof TokenSums>

export const TokenTotalRow = z.object({
  name: z.string(),
  kind: z
    .enum(['group', 'none', 'rest'])
    .describe('none: those that say no team, project, …; rest: the groups beyond the largest 500, together'),
  teamId: AnsweredId('team').nullable().describe('Where the group is a team'),
  ...sums,
})
export type TokenTotalRow = z.output<typeof TokenTotalRow>

export const TokenTotal = z.object({
  groupBy: z.enum(TOKEN_GROUPS),
  rows: z.array(TokenTotalRow),
  total: TokenSums,
  isPartial: z.boolean().describe('True: only the teams of the asker, not the whole company'),
})
export type TokenTotal = z.output<typeof TokenTotal>

const MOST_ROWS = 500
/** Ten years. */
const MOST_DAYS = 3_660

/**
 * What was metered in the window, by imported files and by the gateway itself, by model, team, project, user, provider or day: the dearest group first (then the one with
 * most tokens), days in their order, then `none` and `rest`. The rows sum to `total`. These amounts are in no bill: what a
 * provider charges comes by its cost report, and calls on own GPUs are paid with those.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function totalTokenUsage(scope: Scope, asked: z.output<typeof TokenTotalAsked>): Promise<TokenTotal> {
  allow(scope, 'ledger:read')
  const { groupBy } = asked
  const [key, name] = groupOf(groupBy)
  const most = groupBy === 'day' ? MOST_DAYS : MOST_ROWS
  const order = groupBy === 'day' ? sql`key` : sql`total(m.cost) desc, total(${TOKENS}) desc, name, key`
  const from = sql`from (${meteredCalls(scope, asked)}) m left join ${teams} on ${teams.id} = m.team_id`
  const [all] = await scope.db.all<SumRow>(sql`select ${SUMS} ${from}`)
  const groups = await scope.db.all<SumRow & { key: bigint | string | null; name: string | null }>(
    sql`select ${key} as key, ${name} as name, ${SUMS} ${from} group by 1 order by ${order} limit ${BigInt(most)}`,
  )
  const isNone = (row: (typeof groups)[number]) => row.name === null || row.name === ''
  const rows = groups.map((row) => {
    const teamId: TeamId | null = groupBy === 'team' && typeof row.key === 'bigint' ? idText('team', row.key) : null
    return { name: row.name ?? '', kind: isNone(row) ? ('none' as const) : ('group' as const), teamId, ...sumsOf(row) }
  })
  rows.sort((a, b) => Number(a.kind === 'none') - Number(b.kind === 'none'))
  const rest = all && groups.length === most ? groups.reduce(less, all) : null
  const hasRest = rest !== null && rest.recordCount > 0n
  return {
    groupBy,
    rows: hasRest ? [...rows, { name: '', kind: 'rest', teamId: null, ...sumsOf(rest) }] : rows,
    total: sumsOf(all ?? NOTHING),
    isPartial: visibleTeams(scope) !== null,
  }
}

/** What a group is told apart by, and what it is called. */
function groupOf(group: TokenGroup): [SQL, SQL] {
  if (group === 'team') return [sql`m.team_id`, sql`max(${teams.name})`]
  const column = sql.raw(group === 'user' ? 'm.user_name' : `m.${group}`)
  return [column, sql`max(${column})`]
}

const TOKENS = sql`(${sql.join(
  BUCKETS.map((name) => sql.raw(`coalesce(m.${name}, 0)`)),
  sql` + `,
)})`
const UNPRICED = sql`m.grade = 'unpriced'`
const GRADES = ['reported', 'computed', 'estimated'] as const

/** Dollars and what is below them apart: a sum of nano-dollars over years of calls may leave 64 bits. */
function money(name: string, grade: (typeof GRADES)[number]): SQL {
  const amount = sql`iif(m.grade = ${grade}, m.cost, 0)`
  return sql`coalesce(sum(${amount} / 1000000000), 0) as ${sql.raw(`${name}Dollars`)},
    coalesce(sum(${amount} % 1000000000), 0) as ${sql.raw(`${name}Nanos`)}`
}

const SUMS = sql`coalesce(sum(m.records), 0) as recordCount, coalesce(sum(m.requests), 0) as requestCount,
  coalesce(sum(iif(m.status = 'failed', m.requests, 0)), 0) as failedRequestCount,
  ${sql.join(
    BUCKETS.map((name) => sql.raw(`sum(m.${name}) as ${name}`)),
    sql`, `,
  )},
  ${sql.join(
    GRADES.map((grade) => money(grade, grade)),
    sql`, `,
  )},
  coalesce(sum(iif(${UNPRICED}, m.records, 0)), 0) as unpricedRecordCount,
  coalesce(sum(iif(${UNPRICED}, ${TOKENS}, 0)), 0) as unpricedTokens,
  coalesce(sum(m.hits), 0) as cacheHitCount,
  coalesce(sum(m.saved / 1000000000), 0) as savedDollars, coalesce(sum(m.saved % 1000000000), 0) as savedNanos`

type Bucket = (typeof BUCKETS)[number]
type Money = `${(typeof GRADES)[number]}${'Dollars' | 'Nanos'}`
type Saved = 'cacheHitCount' | 'savedDollars' | 'savedNanos'
type Always =
  | Saved
  | 'recordCount'
  | 'requestCount'
  | 'failedRequestCount'
  | 'unpricedRecordCount'
  | 'unpricedTokens'
  | Money
type SumRow = Record<Always, bigint> & Record<Bucket, bigint | null>

const ALWAYS = [
  ...(['recordCount', 'requestCount', 'failedRequestCount', 'unpricedRecordCount', 'unpricedTokens'] as const),
  ...(['reportedDollars', 'reportedNanos', 'computedDollars', 'computedNanos'] as const),
  ...(['estimatedDollars', 'estimatedNanos', 'cacheHitCount', 'savedDollars', 'savedNanos'] as const),
] as const satisfies readonly Always[]
const NOTHING = Object.fromEntries([
  ...ALWAYS.map((name) => [name, 0n]),
  ...BUCKETS.map((name) => [name, null]),
]) as SumRow

/** What is left of the first without the second. */
function less(all: SumRow, part: SumRow): SumRow {
  const counts = ALWAYS.map((name) => [name, all[name] - part[name]])
  const tokens = BUCKETS.map((name) => [name, all[name] === null ? null : all[name] - (part[name] ?? 0n)])
  return Object.fromEntries([...counts, ...tokens]) as SumRow
}

function sumsOf(row: SumRow): TokenSums {
  const known = BUCKETS.map((name) => row[name]).filter((count) => count !== null)
  const totalTokens = known.length === 0 ? null : Number(known.reduce((sum, count) => sum + count, 0n))
  const amount = (grade: (typeof GRADES)[number]) =>
    (row[`${grade}Dollars`] * 1_000_000_000n + row[`${grade}Nanos`]) as NanoUsd
  const [reported, computed, estimated] = [amount('reported'), amount('computed'), amount('estimated')]
  const count = (name: Bucket) => (row[name] === null ? null : Number(row[name]))
  const unpricedTokens = Number(row.unpricedTokens)
  return {
    ...{ recordCount: Number(row.recordCount), requestCount: Number(row.requestCount) },
    failedRequestCount: Number(row.failedRequestCount),
    ...{ inputTokens: count('inputTokens'), cachedInputTokens: count('cachedInputTokens') },
    ...{ cacheWriteTokens: count('cacheWriteTokens'), outputTokens: count('outputTokens') },
    ...{ reasoningTokens: count('reasoningTokens'), totalTokens },
    costNanoUsd: (reported + computed + estimated) as NanoUsd,
    ...{ reportedCostNanoUsd: reported, computedCostNanoUsd: computed, estimatedCostNanoUsd: estimated },
    cacheHitCount: Number(row.cacheHitCount),
    savedNanoUsd: (row.savedDollars * 1_000_000_000n + row.savedNanos) as NanoUsd,
    ...{ unpricedRecordCount: Number(row.unpricedRecordCount), unpricedTokens },
    unpricedShare: totalTokens ? unpricedTokens / totalTokens : null,
  }
}
