/** Median of numbers; NaN of none. Sorts a copy. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Of a normal distribution's deviation, how much its median absolute deviation is: Φ⁻¹(3/4). */
export const NORMAL_MAD = 0.6745

/**
 * A value that counts, its place in the series, and how many level shifts came before it. `scale`: by how much those that
 * multiplied the series (a price) made its season and its spread larger; one that was added to it (a cluster) does not.
 */
export type PastValue = { at: number; value: number; segment: number; scale: number }

/** What a baseline is made of, oldest first. */
export type Past = readonly PastValue[]

/** What is expected of the next value, in the units of the values, and how far from it is usual. */
export type Expected = {
  expected: number
  /** Median absolute deviation of what was left over of past values, at least the floor. */
  mad: number
  /** What of the level one relative unit is; mad = relative MAD × this. */
  unit: number
}

/** Steps of a segment that make its level, at most and at least. */
const LEVEL_STEPS = 14
/** Below this part of the level a deviation is never told from rounding: a flat series does not alarm on pennies. */
const FLOOR = 0.02
/** A nano-dollar: of a series of nothing at all. */
const TINY = 1e-9
/** Left-overs of the newest segment from which its own spread counts. */
const LEAST_OF_SEGMENT = 7
/** Left-overs have longer tails than a normal distribution: where this part of them is further out, that is the spread. */
const TAIL = { part: 0.95, deviations: 1.96 }
/** The season is taken off only where it makes the left-overs smaller by this part. */
const SEASON_WORTH = 0.1

/**
 * The baseline of the value at `at`: level × (1 + season of the weekday), and the spread of what past values had left over
 * beside the same, all medians, so that one wild day moves nothing. The level is the median of the last deseasonalised
 * values; what it lags behind a series that grows is the median of the left-overs, and is added. Past values of an earlier
 * segment (before a level shift) tell the season and the spread, relative to their own level, not the level.
 */
export function baselineOf(past: Past, at: number, season: number, outside: readonly number[] = []): Expected {
  const centres = past.map((one, index) => {
    const near = nearest(past, index, season)
    return near.length === 0 ? one.value : median(near)
  })
  const sizes = (all: readonly number[]) => all.map((one, index) => Math.abs(one) / (past[index]?.scale ?? 1))
  // Of a series that is nothing on most days, what it is on average.
  const typical = median(sizes(centres)) || mean(sizes(past.map(({ value }) => value)))
  const units = past.map(({ scale }) => Math.max(typical * scale, TINY))
  const relative = past.map(({ value }, index) => (value - (centres[index] ?? 0)) / (units[index] ?? 1))
  const phases: number[][] = Array.from({ length: season }, () => [])
  for (const [index, one] of past.entries()) phases[one.at % season]?.push(relative[index] ?? 0)
  const found = phases.map((values) => (values.length < 2 ? 0 : median(values)))
  const spread = (shape: readonly number[]) =>
    median(past.map((one, index) => Math.abs((relative[index] ?? 0) - (shape[one.at % season] ?? 0))))
  const none = found.map(() => 0)
  const shape = spread(found) < (1 - SEASON_WORTH) * spread(none) ? found : none
  const flat = past.map(({ value, at: where }, index) => value - (units[index] ?? 1) * (shape[where % season] ?? 0))
  const steps = Math.min(LEVEL_STEPS, 2 * season)
  const left: number[] = []
  const ofSegment: number[] = []
  for (let index = 1; index < past.length; index += 1) {
    const before = levelBefore(past, flat, index, steps)
    if (before === null) continue
    const one = ((flat[index] ?? 0) - before) / (units[index] ?? 1)
    left.push(one)
    if (past[index]?.segment === past.at(-1)?.segment) ofSegment.push(one)
  }
  const last = past.at(-1)?.segment
  const recent = flat.filter((_, index) => past[index]?.segment === last).slice(-steps)
  const level = median(recent)
  const unit = units.at(-1) ?? 1
  const lag = left.length === 0 ? 0 : median(left)
  const leftOver = Float64Array.from([...left.map((one) => Math.abs(one - lag)), ...outside]).sort()
  const tail = leftOver[Math.floor(TAIL.part * (leftOver.length - 1))] ?? 0
  const spreadOf = (some: readonly number[]) => median(some.map((one) => Math.abs(one - lag))) || 0
  // A new level may be wilder than what was before it.
  const mad = Math.max(
    spreadOf(left),
    ofSegment.length < LEAST_OF_SEGMENT ? 0 : spreadOf(ofSegment),
    (NORMAL_MAD * tail) / TAIL.deviations,
    (FLOOR * Math.abs(level)) / unit,
    TINY,
  )
  return { expected: level + unit * (lag + (shape[at % season] ?? 0)), mad: mad * unit, unit }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

/** The values around one: a season of them in its own segment, fewer where there are none. */
function nearest(past: Past, index: number, season: number): number[] {
  const segment = past[index]?.segment
  let [from, to] = [index, index]
  while (to - from + 1 < season) {
    const isBack = past[from - 1]?.segment === segment
    const isOn = past[to + 1]?.segment === segment
    if (!isBack && !isOn) break
    if (isBack && (index - from <= to - index || !isOn)) from -= 1
    else to += 1
  }
  return past.slice(from, to + 1).map(({ value }) => value)
}

/** The level that would have been known before a value; null: there were too few of its segment. */
function levelBefore(past: Past, flat: readonly number[], index: number, steps: number): number | null {
  const segment = past[index]?.segment
  const from = Math.max(0, index - steps)
  const before: number[] = []
  for (let at = from; at < index; at += 1) if (past[at]?.segment === segment) before.push(flat[at] ?? 0)
  return before.length * 2 < Math.min(steps, 7) ? null : median(before)
}
