import { eq } from 'drizzle-orm'
import type { Db } from '../../../db/client.ts'
import { modelPrices } from '../../../db/schema/prices.ts'
import type { Day } from '../../../db/units/time.ts'
import { cataloguedPrice } from '../../prices/catalogue/index.ts'
import { type ModelPrice, priceOf, priceOn } from './price.ts'

/** What is looked up: what a backend serves, and how it was asked for. */
export type Sought = { provider: string; upstreamModel: string; asked: string }

/**
 * The price of what is served on a day. The company's own prices first: under the provider's name and the model's, under the
 * model's alone, or as it is asked for. Then the shipped catalogue, by what serves it: a company's alias that is called as
 * somebody's model is not that model. Null: unpriced.
 */
export async function priceIn(
  pricesOf: (model: string) => Promise<readonly ModelPrice[]>,
  { provider, upstreamModel, asked }: Sought,
  day: Day,
): Promise<ModelPrice | null> {
  for (const name of new Set([`${provider}/${upstreamModel}`, upstreamModel, asked])) {
    const price = priceOn(await pricesOf(name), day)
    if (price) return price
  }
  return cataloguedPrice(provider, upstreamModel)
}

/** The company's prices of a model, of any day. */
export async function readPrices(db: Db, model: string): Promise<readonly ModelPrice[]> {
  return (await db.select().from(modelPrices).where(eq(modelPrices.model, model))).map(priceOf)
}

/** The company's prices by model, each model read once. */
export function priceReader(db: Db): (model: string) => Promise<readonly ModelPrice[]> {
  const known = new Map<string, Promise<readonly ModelPrice[]>>()
  return (model) => {
    const before = known.get(model)
    if (before) return before
    const reading = readPrices(db, model)
    known.set(model, reading)
    return reading
  }
}
