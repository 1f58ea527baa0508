import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { CostGrade } from '../../db/schema/tokens.ts'
import { idText, type PriceId, type TeamId } from '../../db/units/ids.ts'
import { addDays, type Day, startOf } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { priceIn, priceReader } from '../gateway/pricing/book.ts'
import { costOf } from '../gateway/pricing/cost.ts'
import type { ModelPrice } from '../gateway/pricing/price.ts'
import type { TokenCounts } from '../gateway/tokens/counts.ts'
import type { Scope } from '../scope.ts'
import type { Repricing } from './price-input.ts'

/** A call that costs something else by the price book as it is now. */
export type Change = {
  id: string
  model: string
  teamId: TeamId | null
  before: bigint | null
  after: bigint
  gradeBefore: CostGrade
  gradeAfter: CostGrade
  priceId: PriceId | null
}
export type Looked = {
  changes: Change[]
  lookedCount: number
  unpricedCount: number
  reportedCount: number
  closedMonths: string[]
  closedCount: number
}

/** Held in memory at once, so that a diff and its job are of the same calls. */
const MOST_CALLS = 100_000
const PAGE = 2_000

type Row = {
  id: string
  started_at_ms: bigint
  day: Day
  model_asked: string
  model: string
  backend_id: bigint | null
  provider: string
  is_stream: bigint
  status: string
  input_tokens: bigint | null
  cached_input_tokens: bigint | null
  cache_write_tokens: bigint | null
  cache_write_1h_tokens: bigint | null
  output_tokens: bigint | null
  reasoning_tokens: bigint | null
  cost_nano_usd: bigint | null
  cost_grade: CostGrade
  service_tier: string
  team_id: bigint | null
}

/** Which calls of the days cost something else now. @throws HelioxError too_large `prices.too_many_calls` */
export async function changesOf(
  { db }: Pick<Scope, 'db'>,
  { model: asked, from, to }: Pick<z.output<typeof Repricing>, 'model' | 'from' | 'to'>,
): Promise<Looked> {
  const model = asked ?? null
  const named = sql`(${model} is null or model = ${model} or model_asked = ${model})`
  await requireFew(db, named, from, to)
  const closed = new Set(
    (await db.all<{ month: string }>(sql`select month from closed_months`)).map((one) => one.month),
  )
  const upstream = await upstreamNames(db)
  const reader = priceReader(db)
  const found = new Map<string, Promise<ModelPrice | null>>()
  const priceAt = (row: Row) => {
    const served = row.backend_id === null ? undefined : upstream.get(`${row.backend_id} ${row.model_asked}`)
    const sought = { provider: row.provider, upstreamModel: served ?? row.model, asked: row.model_asked }
    const key = `${row.day}\n${Object.values(sought).join('\n')}`
    const known = found.get(key) ?? priceIn(reader, sought, row.day)
    found.set(key, known)
    return known
  }
  const looked: Looked = {
    ...{ changes: [], lookedCount: 0, unpricedCount: 0, reportedCount: 0, closedMonths: [], closedCount: 0 },
  }
  const months = new Set<string>()
  let last = { at: BigInt(startOf(from)), id: '' }
  for (;;) {
    const rows = await db.all<Row>(sql`
      select id, started_at_ms, day, model_asked, model, backend_id, provider, is_stream, status, input_tokens,
        cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, cost_nano_usd,
        cost_grade, service_tier, team_id
      from requests
      where (started_at_ms, id) > (${last.at}, ${last.id}) and started_at_ms < ${BigInt(startOf(addDays(to, 1)))}
        and cache <> 'hit' and ${named}
      order by started_at_ms, id limit ${BigInt(PAGE)}`)
    for (const row of rows) {
      const month = row.day.slice(0, 7)
      if (closed.has(month)) {
        months.add(month)
        looked.closedCount += 1
      } else if (row.cost_grade === 'reported') looked.reportedCount += 1
      else look(row, await priceAt(row), looked)
    }
    const end = rows.at(-1)
    if (!end || rows.length < PAGE) break
    last = { at: end.started_at_ms, id: end.id }
  }
  return { ...looked, closedMonths: [...months].sort() }
}

function look(row: Row, price: ModelPrice | null, looked: Looked): void {
  looked.lookedCount += 1
  const after = price && costOf(countsOf(row), price, row.service_tier || null)
  if (after === null) {
    if (row.cost_grade === 'unpriced') looked.unpricedCount += 1
    return
  }
  if (after === row.cost_nano_usd) return
  looked.changes.push({
    ...{ id: row.id, model: row.model, teamId: row.team_id === null ? null : idText('team', row.team_id) },
    ...{ before: row.cost_nano_usd, after, gradeBefore: row.cost_grade, gradeAfter: gradeOf(row) },
    priceId: price?.id ?? null,
  })
}

/**
 * A call without a price does not say whether its tokens were counted or estimated. A stream of which no cache and no
 * reasoning is known may have been estimated, so it counts as such: no amount is said to be surer than it is.
 */
function gradeOf(row: Row): CostGrade {
  if (row.cost_grade !== 'unpriced') return row.cost_grade
  const details = [row.cached_input_tokens, row.cache_write_tokens, row.reasoning_tokens]
  const mayBeEstimate = row.status === 'cancelled' || (row.is_stream === 1n && details.every((one) => one === null))
  return mayBeEstimate ? 'estimated' : 'computed'
}

function countsOf(row: Row): TokenCounts {
  const number = (count: bigint | null) => (count === null ? null : Number(count))
  return {
    inputTokens: number(row.input_tokens),
    cachedInputTokens: number(row.cached_input_tokens),
    cacheWriteTokens: number(row.cache_write_tokens),
    cacheWriteLongTokens: number(row.cache_write_1h_tokens),
    outputTokens: number(row.output_tokens),
    reasoningTokens: number(row.reasoning_tokens),
  }
}

/** What backends call a model that is asked for, as they are now: prices stand under that name. */
async function upstreamNames(db: Scope['db']): Promise<ReadonlyMap<string, string>> {
  const rows = await db.all<{ backend: bigint; model: string; upstream: string }>(
    sql`select backend_id as backend, model, upstream_model as upstream from backend_models`,
  )
  return new Map(rows.map(({ backend, model, upstream }) => [`${backend} ${model}`, upstream]))
}

async function requireFew(db: Scope['db'], named: ReturnType<typeof sql>, from: Day, to: Day): Promise<void> {
  const [row] = await db.all<{ calls: bigint | null }>(sql`
    select sum(request_count) as calls from gateway_days where day between ${from} and ${to} and ${named}`)
  const calls = Number(row?.calls ?? 0n)
  if (calls <= MOST_CALLS) return
  const message = `These are ${calls} calls, and at most ${MOST_CALLS} are priced again at once: name a model or fewer days`
  throw new HelioxError('too_large', 'prices.too_many_calls', message)
}
