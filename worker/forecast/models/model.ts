/** Days of a week: what repeats in daily cost. */
export const WEEK = 7

/**
 * A way to continue a series, one value a day. Pure: the same history gives the same answer. `Fit` is what is learnt from
 * a history; it may be used with a longer history of the same series, which is how a backtest looks from many days
 * without learning anew on each.
 */
export type Model<Fit = unknown> = {
  name: string
  /** Fewest days that it can learn from. */
  least: number
  fit(history: readonly number[]): Fit
  /** The next `horizon` values after `history`. */
  forecast(history: readonly number[], horizon: number, fit: Fit): number[]
}

export function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return values.length === 0 ? 0 : sum / values.length
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}
