import { divideHalfEven, type NanoUsd, nanoUsd } from './money.ts'

/**
 * Tokens of one call, or of a bucket of calls, in buckets that do not overlap: their sum is the total. Null: the source does
 * not say, which is not zero.
 */
export type TokenCounts = {
  readonly inputTokens: number | null
  /** Read from a cache. */
  readonly cachedInputTokens: number | null
  /** Written to a cache that lives for minutes. */
  readonly cacheWriteTokens: number | null
  /** Written to a cache that lives for an hour, which costs more. */
  readonly longCacheWriteTokens: number | null
  readonly outputTokens: number | null
  /** Thought and not shown; priced as output unless a price says otherwise. */
  readonly reasoningTokens: number | null
}

export const NO_TOKENS: TokenCounts = {
  ...{ inputTokens: null, cachedInputTokens: null, cacheWriteTokens: null, longCacheWriteTokens: null },
  ...{ outputTokens: null, reasoningTokens: null },
}

/** What a source says of a call, in its own words and with its own overlaps; absent or null: it does not say. */
export type SaidTokens = {
  input?: number | null
  cached?: number | null
  cacheWrite?: number | null
  longCacheWrite?: number | null
  output?: number | null
  reasoning?: number | null
}

/**
 * Which counts hold which. OpenAI: cached and cache-write tokens are part of the input, reasoning is part of the output.
 * Anthropic: all cache tokens stand beside the input. Gemini: cached ones are part of the prompt, thoughts stand beside
 * the candidates. (platform.openai.com, platform.claude.com, ai.google.dev; read 2026-11)
 */
const HELD = {
  openai: { cached: true, cacheWrite: true, reasoning: true },
  anthropic: { cached: false, cacheWrite: false, reasoning: true },
  gemini: { cached: true, cacheWrite: true, reasoning: false },
} as const
export type TokenDialect = keyof typeof HELD

/**
 * The same tokens in buckets that do not overlap; null where a part is larger than what should hold it, so that nothing is
 * added up wrongly in silence.
 */
export function tokensIn(dialect: TokenDialect, said: SaidTokens): TokenCounts | null {
  const { cached = null, cacheWrite = null, longCacheWrite = null, reasoning = null } = said
  const held = HELD[dialect]
  const inInput = (held.cached ? (cached ?? 0) : 0) + (held.cacheWrite ? (cacheWrite ?? 0) + (longCacheWrite ?? 0) : 0)
  const inputTokens = without(said.input ?? null, inInput)
  const outputTokens = without(said.output ?? null, held.reasoning ? (reasoning ?? 0) : 0)
  if ((inputTokens ?? 0) < 0 || (outputTokens ?? 0) < 0) return null
  return {
    ...{ inputTokens, cachedInputTokens: cached, cacheWriteTokens: cacheWrite, longCacheWriteTokens: longCacheWrite },
    ...{ outputTokens, reasoningTokens: reasoning },
  }
}

function without(all: number | null, part: number): number | null {
  return all === null ? null : all - part
}

/** Σ of the buckets; null: the source says nothing at all. */
export function totalTokens(counts: TokenCounts): number | null {
  const known = Object.values(counts).filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}

/** What was read to answer, cached or not: what a price's threshold looks at. */
export function promptTokens(counts: TokenCounts): number {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, longCacheWriteTokens } = counts
  return (inputTokens ?? 0) + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0) + (longCacheWriteTokens ?? 0)
}

/** Rates of a model. Null: no rate of its own, priced as the plain bucket beside it (a long write as a short one). */
export type TokenRates = {
  readonly inputNanoUsdPerMillionTokens: NanoUsd
  readonly cachedInputNanoUsdPerMillionTokens: NanoUsd | null
  readonly cacheWriteNanoUsdPerMillionTokens: NanoUsd | null
  readonly longCacheWriteNanoUsdPerMillionTokens: NanoUsd | null
  readonly outputNanoUsdPerMillionTokens: NanoUsd
  readonly reasoningNanoUsdPerMillionTokens: NanoUsd | null
}

/** A price. Where the prompt has more tokens than a threshold, its rates hold for the whole request, not for the excess. */
export type TokenPrice = {
  readonly rates: TokenRates
  readonly above?: readonly { readonly promptTokens: number; readonly rates: TokenRates }[]
}

/**
 * What the tokens cost at a price, rounded half to even once. Null, which is unpriced and not free: nobody said how many
 * there were, or no price is known.
 */
export function tokenCost(counts: TokenCounts, price: TokenPrice | null): NanoUsd | null {
  if (price === null || totalTokens(counts) === null) return null
  const prompt = promptTokens(counts)
  const [steepest] = (price.above ?? [])
    .filter((step) => prompt > step.promptTokens)
    .sort((a, b) => b.promptTokens - a.promptTokens)
  const rates = steepest?.rates ?? price.rates
  const input = rates.inputNanoUsdPerMillionTokens
  const output = rates.outputNanoUsdPerMillionTokens
  const write = rates.cacheWriteNanoUsdPerMillionTokens ?? input
  const terms: [number | null, bigint][] = [
    [counts.inputTokens, input],
    [counts.cachedInputTokens, rates.cachedInputNanoUsdPerMillionTokens ?? input],
    [counts.cacheWriteTokens, write],
    [counts.longCacheWriteTokens, rates.longCacheWriteNanoUsdPerMillionTokens ?? write],
    [counts.outputTokens, output],
    [counts.reasoningTokens, rates.reasoningNanoUsdPerMillionTokens ?? output],
  ]
  const millionfold = terms.reduce((sum, [count, rate]) => sum + BigInt(count ?? 0) * rate, 0n)
  return nanoUsd(divideHalfEven(millionfold, 1_000_000n))
}

/** An amount, where it comes from, and by how much what we computed is above it (null: there was nothing to compare). */
export type GradedCost = {
  readonly costNanoUsd: NanoUsd | null
  readonly costGrade: 'reported' | 'computed' | 'estimated' | 'unpriced'
  readonly discrepancyNanoUsd: NanoUsd | null
}

/** The best of what is known: what the provider says, else what the tokens cost at list price, else an estimate. */
export function gradedCost(known: {
  reported?: NanoUsd | null
  computed?: NanoUsd | null
  estimated?: NanoUsd | null
}): GradedCost {
  const { reported = null, computed = null, estimated = null } = known
  if (reported !== null) {
    const discrepancyNanoUsd = computed === null ? null : nanoUsd(computed - reported)
    return { costNanoUsd: reported, costGrade: 'reported', discrepancyNanoUsd }
  }
  if (computed !== null) return { costNanoUsd: computed, costGrade: 'computed', discrepancyNanoUsd: null }
  if (estimated !== null) return { costNanoUsd: estimated, costGrade: 'estimated', discrepancyNanoUsd: null }
  return { costNanoUsd: null, costGrade: 'unpriced', discrepancyNanoUsd: null }
}
