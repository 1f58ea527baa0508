import { divideHalfEven, type NanoUsd, nanoUsd } from '../../db/units/money.ts'

/** Tokens of a model by disjoint bucket, over some days, and what they cost. */
export type TokenSum<Bucket extends string> = { tokens: Readonly<Record<Bucket, bigint>>; nanoUsd: bigint }

export const TOKEN_TERMS = ['volume', 'cache_rate', 'mix', 'price', 'level'] as const
export type TokenTerm = { kind: (typeof TOKEN_TERMS)[number]; amountNanoUsd: NanoUsd }

/** The buckets of input, from the one that no cache served on. */
const INPUT = ['inputTokens', 'cachedInputTokens'] as const
type Bucket = (typeof INPUT)[number] | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens'
const BUCKETS: readonly Bucket[] = [...INPUT, 'cacheWriteTokens', 'outputTokens', 'reasoningTokens']

/**
 * From the expected token cost of a day to its actual one; Σ terms = actual − expected to the nano-dollar, always. `prices`
 * weigh the buckets against each other (list prices, any unit); what a token so weighed cost on the days before is the old
 * rate. Each term changes one thing more:
 *
 *   volume      the tokens of the day, in the shares of the days before and at their rate
 *   cache_rate  of its input, the share that the cache served is the day's
 *   mix         every bucket is the day's
 *   price       what is left up to what the day cost: another rate
 *
 * Without tokens or prices on either side nothing can be told apart, and all of it is `price` where both have tokens, else
 * `volume`. `level` is what is expected beyond the average of the days compared with, where that is nothing.
 */
export function tokenBridge({
  expectedNanoUsd,
  actual,
  before,
  prices,
}: {
  expectedNanoUsd: bigint
  actual: TokenSum<Bucket>
  before: TokenSum<Bucket>
  prices: Readonly<Record<Bucket, bigint>> | null
}): TokenTerm[] {
  const sum = (tokens: Readonly<Record<Bucket, bigint>>) => BUCKETS.reduce((all, name) => all + tokens[name], 0n)
  const [wasAll, isAll] = [sum(before.tokens), sum(actual.tokens)]
  const change = actual.nanoUsd - expectedNanoUsd
  if (wasAll === 0n || before.nanoUsd <= 0n) return shown([['level', change]])
  if (isAll === 0n) return shown([['volume', change]])
  const worth = (tokens: Readonly<Record<Bucket, bigint>>) =>
    BUCKETS.reduce((all, name) => all + tokens[name] * (prices?.[name] ?? 1n), 0n)
  const unit = worth(before.tokens)
  if (unit <= 0n) return shown([['price', change]])
  const wasInput = INPUT.reduce((all, name) => all + before.tokens[name], 0n)
  const isInput = INPUT.reduce((all, name) => all + actual.tokens[name], 0n)
  const scaled = Object.fromEntries(BUCKETS.map((name) => [name, before.tokens[name] * isAll])) as Record<
    Bucket,
    bigint
  >
  const cached = { ...scaled }
  if (wasInput > 0n && isInput > 0n)
    for (const name of INPUT) cached[name] = divideHalfEven(actual.tokens[name] * wasInput * isAll, isInput)
  // What so many tokens cost at the rate of the days before; they are counted in 1 ÷ of.
  const costOf = (tokens: Readonly<Record<Bucket, bigint>>, of: bigint) =>
    divideHalfEven(before.nanoUsd * worth(tokens), unit * of)
  const steps = [
    expectedNanoUsd,
    costOf(scaled, wasAll),
    costOf(cached, wasAll),
    costOf(actual.tokens, 1n),
    actual.nanoUsd,
  ]
  const [volume = 0n, cacheRate = 0n, mix = 0n, price = 0n] = steps.slice(1).map((step, at) => step - (steps[at] ?? 0n))
  if ([volume, cacheRate, mix, price].some((one) => one > LARGEST || one < -LARGEST)) return shown([['price', change]])
  return shown([
    ['volume', volume],
    ['cache_rate', cacheRate],
    ['mix', mix],
    ['price', price],
  ])
}

/** As in `bridge.ts`. */
const LARGEST = 2n ** 60n

function shown(terms: readonly [TokenTerm['kind'], bigint][]): TokenTerm[] {
  return terms.filter(([, amount]) => amount !== 0n).map(([kind, amount]) => ({ kind, amountNanoUsd: nanoUsd(amount) }))
}
