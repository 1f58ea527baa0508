import { sql } from 'drizzle-orm'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { priceIn, priceReader } from '../gateway/pricing/book.ts'
import { exactCostOf } from '../gateway/pricing/cost.ts'
import { NO_COUNTS } from '../gateway/tokens/counts.ts'
import type { Scope } from '../scope.ts'
import { meteredCalls } from '../tokens/metered-calls.ts'
import { BUCKETS } from '../tokens/token-usage.ts'
import type { Term } from './bridge.ts'
import type { Series } from './series.ts'
import { type TokenTerm, tokenBridge } from './token-bridge.ts'

type Bucket = (typeof BUCKETS)[number]
type Row = Record<Bucket, bigint> & { isDay: bigint; cost: bigint; provider: string | null }

/** From the expected cost of a model's tokens to that of the day, as terms of the series' one item. */
export async function tokenTerms(
  scope: Scope,
  series: Series,
  { day, compared, expected }: { day: Day; compared: readonly Day[]; expected: bigint; actual: bigint },
): Promise<{ terms: (Omit<Term, 'kind'> & { kind: TokenTerm['kind'] })[] }> {
  const { filters, value: model } = series
  const from = compared.reduce((least, one) => (one < least ? one : least), day)
  const list = (column: string, values: readonly (string | number)[] | null) =>
    values === null ? sql`1` : sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(values)}))`
  const rows = await scope.db.all<Row>(sql`
    select m.day = ${day} as isDay, coalesce(sum(m.cost), 0) as cost, max(m.provider) as provider,
      ${sql.raw(BUCKETS.map((name) => `coalesce(sum(m.${name}), 0) as ${name}`).join(', '))}
    from (${meteredCalls(scope, { start: from, end: day, model })}) m
    where (m.day = ${day} or m.day in (select value from json_each(${JSON.stringify(compared)})))
      and ${list('m.provider', filters.provider)}
      and ${list('m.team_id', filters.teamId?.map((id) => Number(id.slice(5))) ?? null)}
    group by 1`)
  const sumOf = (isDay: bigint) => {
    const row = rows.find((one) => one.isDay === isDay)
    const tokens = Object.fromEntries(BUCKETS.map((name) => [name, row?.[name] ?? 0n])) as Record<Bucket, bigint>
    return { tokens, nanoUsd: row?.cost ?? 0n }
  }
  const [actual, before] = [sumOf(1n), sumOf(0n)]
  const provider = rows[0]?.provider ?? ''
  const prices = await weights(scope, { provider, model, day: addDays(day, -1) })
  const found = tokenBridge({ expectedNanoUsd: expected, actual, before, prices })
  const item = { provider, gpuType: '', sku: model, beforeGpuMs: null, afterGpuMs: null }
  return {
    terms: found.map(({ kind, amountNanoUsd }) => ({
      ...{ kind, ...item, amountNanoUsd },
      ...{ beforeNanoUsd: nanoUsd(expected), afterNanoUsd: nanoUsd(actual.nanoUsd) },
    })),
  }
}

/** Buckets by the price book, as whole numbers of one unit; null: nobody knows a price of one. */
async function weights(
  { db }: Scope,
  { provider, model, day }: { provider: string; model: string; day: Day },
): Promise<Record<Bucket, bigint> | null> {
  const price = await priceIn(priceReader(db), { provider, upstreamModel: model, asked: model }, day)
  if (price === null) return null
  const costs = BUCKETS.map((name) =>
    exactCostOf({ ...NO_COUNTS, inputTokens: 0, outputTokens: 0, [name]: 1 }, price, null),
  )
  const finest = Math.max(...costs.map((cost) => cost?.scale ?? 0))
  const pairs = BUCKETS.map((name, at) => {
    const cost = costs[at]
    return [name, cost ? cost.digits * 10n ** BigInt(finest - cost.scale) : null] as const
  })
  if (pairs.some(([, weight]) => weight === null)) return null
  return Object.fromEntries(pairs) as Record<Bucket, bigint>
}
