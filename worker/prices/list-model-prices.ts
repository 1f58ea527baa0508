import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { modelPrices } from '../../db/schema/prices.ts'
import { dayOf } from '../../db/units/time.ts'
import { AnsweredId, Instant, PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { catalogue } from './catalogue/index.ts'
import { ModelPriceFacts, priceRow } from './price-fields.ts'

export const ModelPricesAsked = z.object({
  ...Paging,
  search: z.string().max(200).optional().describe('Part of a model’s name'),
  model: z.string().max(200).optional().describe('The history of this model alone'),
  from: z.enum(['all', 'company', 'catalogue']).default('all'),
  history: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Prices that hold no more, or not yet, too; a model’s own history always has them'),
})

export const ListedModelPrice = ModelPriceFacts.extend({
  id: AnsweredId('price').nullable().describe('null: of the shipped catalogue'),
  createdAtMs: Instant.nullable(),
  isInForce: z.boolean().describe('What calls of today are billed with'),
})
type ListedModelPrice = z.output<typeof ListedModelPrice>
export const ModelPricesPage = PageOf('prices', ListedModelPrice)

/**
 * Prices of models by name, a model's newest first: the company's own, then the catalogue's, which counts where the company
 * has none for the day.
 */
export async function listModelPrices(
  scope: Scope,
  asked: z.output<typeof ModelPricesAsked>,
): Promise<z.output<typeof ModelPricesPage>> {
  allow(scope, 'prices:read')
  const { skip, limit, search = '', model, from } = asked
  const part = search.trim().toLowerCase()
  const rows = await scope.db
    .select()
    .from(modelPrices)
    .where(model === undefined ? sql`instr(lower(model), ${part}) > 0 or ${part} = ''` : sql`model = ${model}`)
  const isAsked = (name: string) => (model === undefined ? name.toLowerCase().includes(part) : name === model)
  const today = dayOf(scope.now())
  const all: ListedModelPrice[] = [
    ...rows.map((row) => ({ ...priceRow(row), isInForce: false })),
    ...catalogue()
      .filter((one) => isAsked(one.model))
      .map((one) => ({ id: null, ...one, createdAtMs: null, isInForce: false })),
  ].sort(
    (a, b) =>
      (a.model < b.model ? -1 : a.model > b.model ? 1 : 0) ||
      Number(a.id === null) - Number(b.id === null) ||
      (a.effectiveFrom < b.effectiveFrom ? 1 : -1),
  )
  const decided = new Set<string>()
  for (const one of all) {
    if (decided.has(one.model) || (one.id !== null && one.effectiveFrom > today)) continue
    one.isInForce = true
    decided.add(one.model)
  }
  const shown = all.filter(
    ({ id, isInForce }) =>
      (from === 'all' || (id === null) === (from === 'catalogue')) &&
      (isInForce || model !== undefined || asked.history === 'true'),
  )
  return pageOf('prices', shown.slice(skip, skip + limit), shown.length, asked, false)
}
