/**
 * Tokens of one call by what they are billed as. The buckets are disjoint and sum to the total: what was read from a cache
 * is not in `inputTokens`, reasoning is not in `outputTokens`. Null: the provider does not say, which is not zero.
 */
export type TokenCounts = {
  inputTokens: number | null
  cachedInputTokens: number | null
  cacheWriteTokens: number | null
  /** Part of `cacheWriteTokens`: entries that are kept an hour, which cost more. */
  cacheWriteLongTokens: number | null
  outputTokens: number | null
  reasoningTokens: number | null
}

export const NO_COUNTS: TokenCounts = {
  ...{ inputTokens: null, cachedInputTokens: null, cacheWriteTokens: null, cacheWriteLongTokens: null },
  ...{ outputTokens: null, reasoningTokens: null },
}

/** All that went in, read from a cache or not. */
export function promptTokens(counts: TokenCounts): number {
  return (counts.inputTokens ?? 0) + (counts.cachedInputTokens ?? 0) + (counts.cacheWriteTokens ?? 0)
}

/** All that came out, shown or thought. */
export function completionTokens(counts: TokenCounts): number {
  return (counts.outputTokens ?? 0) + (counts.reasoningTokens ?? 0)
}

export function totalTokens(counts: TokenCounts): number {
  return promptTokens(counts) + completionTokens(counts)
}

/** Whether a provider said anything at all. */
export function isKnown(counts: TokenCounts): boolean {
  return counts.inputTokens !== null || counts.outputTokens !== null || counts.cachedInputTokens !== null
}

/** A count in a provider's JSON; null for anything that is none. */
export function countIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** `whole` without the `part` that it includes; a part that is larger than its whole leaves nothing, not less. */
export function without(whole: number | null, part: number | null): number | null {
  return whole === null ? null : Math.max(0, whole - (part ?? 0))
}
