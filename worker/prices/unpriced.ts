import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { addDays, type Day, dayOf } from '../../db/units/time.ts'
import { AnsweredDay } from '../answer-fields.ts'
import { priceIn, priceReader } from '../gateway/pricing/book.ts'
import { allow, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'

/** A model that was called and has, or had, no price. */
const UnpricedModel = z.object({
  model: z.string().describe('As the backend calls it'),
  modelAsked: z.string(),
  provider: z.string(),
  callCount: z.number().int(),
  tokenCount: z.number().int(),
  firstDay: AnsweredDay.describe('Since when, within the days'),
  lastDay: AnsweredDay,
  hasPrice: z.boolean().describe('It has one by now: price its calls again'),
})
export type UnpricedModel = z.output<typeof UnpricedModel>
export const UnpricedModels = z.object({
  start: AnsweredDay,
  end: AnsweredDay,
  models: z.array(UnpricedModel),
  isPartial: z.boolean(),
})

/** The days that are looked at, today's with them. */
const DAYS = 30

/** Models whose calls of the last 30 days have no cost, as nobody knows their price; those with the most calls first. */
export async function unpricedModels(scope: Scope): Promise<z.output<typeof UnpricedModels>> {
  allow(scope, 'prices:read')
  const teams = visibleTeamRows(scope)
  const end = dayOf(scope.now())
  const start = addDays(end, 1 - DAYS)
  return { start, end, models: await readUnpriced(scope, start, teams), isPartial: teams !== null }
}

async function readUnpriced(
  { db, now }: Pick<Scope, 'db' | 'now'>,
  start: Day,
  teams: string | null,
): Promise<UnpricedModel[]> {
  type Row = { model: string; asked: string; provider: string; calls: bigint; tokens: bigint; first: Day; last: Day }
  const rows = await db.all<Row>(sql`
    select model, model_asked as asked, provider, sum(request_count) as calls,
      sum(coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
        + coalesce(output_tokens, 0) + coalesce(reasoning_tokens, 0)) as tokens, min(day) as first, max(day) as last
    from gateway_days
    where day >= ${start} and cost_grade = 'unpriced' and request_count > 0
      and (${teams} is null or team in (select value from json_each(${teams})))
    group by model, model_asked, provider order by calls desc, model, model_asked, provider limit 200`)
  const reader = priceReader(db)
  const today = dayOf(now())
  return Promise.all(
    rows.map(async ({ model, asked, provider, calls, tokens, first, last }) => ({
      ...{ model, modelAsked: asked, provider, callCount: Number(calls), tokenCount: Number(tokens) },
      ...{ firstDay: first, lastDay: last },
      hasPrice: (await priceIn(reader, { provider, upstreamModel: model, asked }, today)) !== null,
    })),
  )
}

/** Fewer calls without a price are somebody trying a model: they are told, and nothing is wrong with Heliox. */
const WORTH_A_WORD = 10

/**
 * For the health of Heliox: whether models were called more than a few times that have no price, by the name that clients ask
 * for and the backend's own. The echo is for trying things out.
 */
export async function pricesHealth(asked: Pick<Scope, 'db' | 'now'>): Promise<{ isFine: boolean; message: string }> {
  const models = await readUnpriced(asked, addDays(dayOf(asked.now()), 1 - DAYS), null)
  const unpriced = models.filter(({ hasPrice, provider }) => !hasPrice && provider !== 'echo')
  const names = [
    ...new Set(unpriced.map(({ model, modelAsked }) => (model === modelAsked ? model : `${modelAsked} (${model})`))),
  ]
  if (names.length === 0) return { isFine: true, message: 'Every model that was called has a price' }
  const calls = unpriced.reduce((sum, { callCount }) => sum + callCount, 0)
  const some = names.slice(0, 5).join(', ')
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ''
  const subject = names.length === 1 ? '1 model has no price and was' : `${names.length} models have no price and were`
  const times = calls === 1 ? 'once' : `${calls} times`
  return {
    isFine: calls < WORTH_A_WORD,
    message: `${subject} called ${times} in the last ${DAYS} days: ${some}${more}`,
  }
}
