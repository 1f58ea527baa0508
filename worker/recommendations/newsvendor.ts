/**
 * The level of a commitment that costs least over a load: paid in every period whether used or not, at `committed` a unit,
 * while what is above it costs `onDemand` a unit. The newsvendor's critical quantile (Arrow, Harris and Marschak 1951): the
 * smallest level that at most committed ÷ onDemand of the periods pass. A level is one of the load's own values, or 0; of
 * two that cost the same it is the lower one. Whole units, exact.
 */
export function commitmentLevel(load: readonly bigint[], price: { onDemand: bigint; committed: bigint }): bigint {
  if (price.committed >= price.onDemand) return 0n
  const periods = BigInt(load.length)
  const ascending = [...load].map((one) => (one > 0n ? one : 0n)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const levels = [0n, ...ascending]
  // One unit more pays off while it is used in more than committed ÷ onDemand of the periods.
  return levels.find((level) => over(ascending, level) * price.onDemand <= periods * price.committed) ?? 0n
}

/** What the load costs under a commitment of that level, in units × price. */
export function costAtLevel(
  load: readonly bigint[],
  price: { onDemand: bigint; committed: bigint },
  level: bigint,
): bigint {
  return load.reduce(
    (sum, one) => sum + price.committed * level + price.onDemand * (one > level ? one - level : 0n),
    0n,
  )
}

/** How many of the ascending values are above the level. */
function over(ascending: readonly bigint[], level: bigint): bigint {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0n) > level) high = middle
    else low = middle + 1
  }
  return BigInt(ascending.length - low)
}
