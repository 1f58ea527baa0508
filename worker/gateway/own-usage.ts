import { type SQL, sql } from 'drizzle-orm'
import { rowOf } from '../../db/units/ids.ts'
import { type NanoUsd, usdText } from '../../db/units/money.ts'
import { dayOf } from '../../db/units/time.ts'
import type { GatewayAsking } from './call.ts'
import { callerOf, type GatewayCaller } from './caller.ts'
import { snapshotOf } from './snapshot.ts'

/** Calls, tokens and cost of some period; buckets are disjoint. */
type Sums = {
  requests: number
  failed_requests: number
  /** Calls whose cost nobody knows: their model has no price. `cost_usd` is without them. */
  unpriced_requests: number
  cache_hits: number
  input_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  output_tokens: number
  reasoning_tokens: number
  total_tokens: number
  cost_usd: string
}
type Period = Sums & { start_date: string; end_date: string; models: (Sums & { model: string })[] }
type Usage = {
  object: 'usage'
  key_id: string | null
  user_id: string | null
  team_id: string | null
  /** Of the caller itself: its key, or the person in that team. */
  own: { today: Period; this_month: Period }
  /** Of its whole team; null where it calls for none. */
  team: { today: Period; this_month: Period } | null
}

/**
 * What the caller and its team have used today and this month, in UTC days, by model as it was asked for, dearest first. A call
 * is in it about a second after its end.
 *
 * @throws OpenAiError 401 `invalid_api_key`, 403 `permission_denied` without the scope inference or usage:read
 */
export async function ownUsage(asking: GatewayAsking): Promise<Usage> {
  const caller = await callerOf(asking, await snapshotOf(asking), 'usage')
  const { keyId, userId, teamId } = caller
  const team = teamId === null ? null : periodsOf(asking, sql`team = ${BigInt(rowOf('team', teamId) ?? 0)}`)
  const own = periodsOf(asking, ownCalls(caller))
  return { object: 'usage', key_id: keyId, user_id: userId, team_id: teamId, own: await own, team: await team }
}

/** 0 is nobody: calls with the admin key are of no key, no user and no team. */
function ownCalls({ keyId, userId, teamId }: GatewayCaller): SQL {
  if (keyId !== null) return sql`"key" = ${BigInt(rowOf('key', keyId) ?? 0)}`
  const [user, team] = [rowOf('user', userId ?? '') ?? 0, rowOf('team', teamId ?? '') ?? 0]
  return sql`"user" = ${BigInt(user)} and "key" = 0 and team = ${BigInt(team)}`
}

type Row = Record<(typeof COUNTS)[number] | 'cost', bigint> & { model: string; isToday: bigint }
const COUNTS = [
  ...(['requests', 'failed_requests', 'unpriced_requests', 'cache_hits', 'input_tokens'] as const),
  ...(['cached_input_tokens', 'cache_write_tokens', 'output_tokens', 'reasoning_tokens'] as const),
] as const

async function periodsOf({ db, now }: GatewayAsking, whose: SQL): Promise<Usage['own']> {
  const today = dayOf(now())
  const first = `${today.slice(0, 7)}-01`
  const rows = await db.all<Row>(sql`select model_asked as model, day = ${today} as "isToday",
      sum(request_count) as requests, sum(iif(status = 'failed', request_count, 0)) as failed_requests,
      sum(iif(cost_grade = 'unpriced', request_count, 0)) as unpriced_requests, sum(cache_hit_count) as cache_hits,
      coalesce(sum(input_tokens), 0) as input_tokens, coalesce(sum(cached_input_tokens), 0) as cached_input_tokens,
      coalesce(sum(cache_write_tokens), 0) as cache_write_tokens, coalesce(sum(output_tokens), 0) as output_tokens,
      coalesce(sum(reasoning_tokens), 0) as reasoning_tokens, sum(cost_nano_usd) as cost
    from gateway_days where day >= ${first} and day <= ${today} and ${whose}
    group by 1, 2 order by 1`)
  const period = (start: string, within: readonly Row[]): Period => {
    const names = [...new Set(within.map(({ model }) => model))]
    const costOf = (of: readonly Row[]) => of.reduce((sum, { cost }) => sum + cost, 0n)
    const byModel = names.map((model) => ({ model, of: within.filter((row) => row.model === model) }))
    byModel.sort((a, b) => Number(costOf(b.of) - costOf(a.of)))
    const models = byModel.map(({ model, of }) => ({ model, ...sumsOf(of) }))
    return { start_date: start, end_date: today, ...sumsOf(within), models }
  }
  return {
    today: period(
      today,
      rows.filter(({ isToday }) => isToday === 1n),
    ),
    this_month: period(first, rows),
  }
}

function sumsOf(rows: readonly Row[]): Sums {
  const sum = (name: (typeof COUNTS)[number]) => rows.reduce((all, row) => all + Number(row[name]), 0)
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum(name)])) as Omit<Sums, 'total_tokens' | 'cost_usd'>
  const { input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens } = counts
  return {
    ...counts,
    total_tokens: input_tokens + cached_input_tokens + cache_write_tokens + output_tokens + reasoning_tokens,
    cost_usd: usdText(rows.reduce((all, { cost }) => all + cost, 0n) as NanoUsd),
  }
}
