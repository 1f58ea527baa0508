import { z } from 'zod'
import type { modelPrices } from '../../../db/schema/prices.ts'
import type { PriceId } from '../../../db/units/ids.ts'
import { type ExactUsd, readUsd } from '../../../db/units/money.ts'
import type { Day } from '../../../db/units/time.ts'

/** Service tiers that have prices of their own at some provider; any other is the ordinary one. */
export const TIERS = ['batch', 'flex', 'priority'] as const
export type Tier = (typeof TIERS)[number]

export const RATE_NAMES = ['input', 'output', 'cachedInput', 'cacheWrite', 'cacheWriteLong', 'reasoning'] as const
export type RateName = (typeof RATE_NAMES)[number]

/** US dollars per million tokens by bucket; absent: none of its own. */
export type Rates = Partial<Record<RateName, ExactUsd>>

/** Rates that hold instead of a model's ordinary ones: of a tier, of whole requests above so many input tokens, or both. */
export type Variant = { tier: Tier | null; aboveTokens: number | null; rates: Rates }

/** A price of a model from a day on. */
export type ModelPrice = {
  /** Null: of the shipped catalogue. */
  id: PriceId | null
  model: string
  effectiveFrom: Day
  /** Who says so. */
  source: string
  rates: Rates
  variants: readonly Variant[]
}

/** `variants_json` of a price: decimal text, as in the columns. */
export const StoredVariants = z.array(
  z.object({
    tier: z.enum(TIERS).optional(),
    aboveTokens: z.number().int().positive().optional(),
    ...Object.fromEntries(RATE_NAMES.map((name) => [name, z.string().optional()])),
  }),
)

/** A row of the price book as it is calculated with. */
export function priceOf(row: typeof modelPrices.$inferSelect): ModelPrice {
  const { id, model, effectiveFrom, source } = row
  const variants = StoredVariants.parse(JSON.parse(row.variantsJson)).map((stored) => ({
    ...{ tier: stored.tier ?? null, aboveTokens: stored.aboveTokens ?? null },
    rates: ratesOf(stored as Partial<Record<RateName, string | null>>),
  }))
  return { id, model, effectiveFrom, source, rates: ratesOf(row), variants }
}

function ratesOf(texts: Partial<Record<RateName, string | null>>): Rates {
  const known = RATE_NAMES.flatMap((name) => {
    const rate = readUsd(texts[name] ?? '')
    return rate === null ? [] : [[name, rate] as const]
  })
  return Object.fromEntries(known)
}

/** The newest of a model's prices up to a day; null: it had none by then. `prices` in any order. */
export function priceOn(prices: readonly ModelPrice[], day: Day): ModelPrice | null {
  let newest: ModelPrice | null = null
  for (const price of prices)
    if (price.effectiveFrom <= day && (newest === null || price.effectiveFrom > newest.effectiveFrom)) newest = price
  return newest
}
