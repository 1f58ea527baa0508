/** How many observations are at or below an edge in seconds; the last edge is Infinity. */
export type Bucket = { edge: number; count: number }

/**
 * The time in seconds that such a part of the observations does not exceed, as Prometheus' histogram_quantile estimates it:
 * evenly spread within a bucket; beyond the last edge that edge. Null: nothing was observed.
 */
export function quantile(part: number, buckets: readonly Bucket[]): number | null {
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return null
  const rank = part * total
  const at = buckets.findIndex(({ count }) => count >= rank)
  const found = buckets[at]
  const below = buckets[at - 1] ?? { edge: 0, count: 0 }
  if (!found || found.edge === Number.POSITIVE_INFINITY) return below.edge
  if (found.count === below.count) return found.edge
  return below.edge + ((found.edge - below.edge) * (rank - below.count)) / (found.count - below.count)
}
