import { addExact, type ExactUsd, type NanoUsd, toNanoUsd, ZERO_EXACT } from '../../../db/units/money.ts'
import { promptTokens, type TokenCounts } from '../tokens/counts.ts'
import type { ModelPrice, RateName, Rates, Tier, Variant } from './price.ts'

/** A price is of a million tokens. */
const MILLION_SCALE = 6

/** Where a bucket without a rate of its own is billed. */
const PARENT: Partial<Record<RateName, RateName>> = {
  ...{ cachedInput: 'input', cacheWrite: 'input', cacheWriteLong: 'cacheWrite', reasoning: 'output' },
}

/**
 * What the tokens of a call cost by a price: Σ bucket × rate, exactly, rounded half-even once to the nano-dollar. A rate above
 * a threshold is that of the whole request, not of what is beyond it (formats.md §3.11: 300,000 tokens at $5 above 272,000 are
 * $1.50). A bucket that the provider does not speak of has no tokens; null where it speaks of neither input nor output, or
 * where a bucket with tokens has no rate: that is unpriced, not free.
 */
export function costOf(counts: TokenCounts, price: ModelPrice, tier: string | null): NanoUsd | null {
  const exact = exactCostOf(counts, price, tier)
  return exact && toNanoUsd(exact)
}

/** The same before it is rounded. */
export function exactCostOf(counts: TokenCounts, price: ModelPrice, tier: string | null): ExactUsd | null {
  if (counts.inputTokens === null && counts.outputTokens === null) return null
  const rates = ratesFor(price, tier, promptTokens(counts))
  const long = counts.cacheWriteLongTokens ?? 0
  const billed: [RateName, number][] = [
    ['input', counts.inputTokens ?? 0],
    ['cachedInput', counts.cachedInputTokens ?? 0],
    ['cacheWrite', (counts.cacheWriteTokens ?? 0) - long],
    ['cacheWriteLong', long],
    ['output', counts.outputTokens ?? 0],
    ['reasoning', counts.reasoningTokens ?? 0],
  ]
  let sum = ZERO_EXACT
  for (const [name, count] of billed) {
    if (count === 0) continue
    const rate = rateOf(rates, name)
    if (!rate) return null
    sum = addExact(sum, { digits: rate.digits * BigInt(count), scale: rate.scale + MILLION_SCALE })
  }
  return sum
}

/** The rates of a request of that tier with so much input. */
export function ratesFor(price: ModelPrice, tier: string | null, inputTokens: number): Rates {
  let rates = price.rates
  for (const variant of applying(price.variants, tier, inputTokens)) rates = { ...rates, ...variant.rates }
  return rates
}

/** Those that hold for the request, the most particular last: a tier's over a threshold's, the higher threshold's over the lower. */
function applying(variants: readonly Variant[], tier: string | null, inputTokens: number): Variant[] {
  const holds = variants.filter(
    (one) =>
      (one.tier === null || one.tier === (tier as Tier | null)) &&
      (one.aboveTokens === null || inputTokens > one.aboveTokens),
  )
  const rank = (one: Variant) => (one.tier === null ? 0 : 1)
  return holds.sort((a, b) => rank(a) - rank(b) || (a.aboveTokens ?? 0) - (b.aboveTokens ?? 0))
}

function rateOf(rates: Rates, name: RateName): ExactUsd | undefined {
  const parent = PARENT[name]
  return rates[name] ?? (parent && rateOf(rates, parent))
}
