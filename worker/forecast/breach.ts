import { addDays, type Day } from '../../db/units/time.ts'
import { type Path, sumOf } from './paths.ts'

export type Breach = {
  /** 0–1: the part of the paths that end above the limit. */
  probability: number
  /** The first day on which the median of the paths' running sums is above the limit; null: on none of the month. */
  day: Day | null
  /** Of the paths that pass it, the days between which four in five do; null: none passes. */
  earliest: Day | null
  latest: Day | null
}

/**
 * When a sum that stands at `spent` on the evening before `first` passes `limit`, by ways in which the next days may go. A
 * limit that is reached is not passed. Credits may bring a sum back: what counts is how the month ends, for the probability,
 * and the first day above it, for the date.
 */
export function breachOf(paths: readonly Path[], days: number, spent: number, limit: number, first: Day): Breach {
  const firstDays = paths.flatMap((path) => {
    let sum = spent
    for (let day = 0; day < days; day += 1) {
      sum += path[day] ?? 0
      if (sum > limit) return [day]
    }
    return []
  })
  firstDays.sort((a, b) => a - b)
  const above = paths.filter((path) => spent + sumOf(path, days) > limit).length
  let median: number | null = null
  for (let day = 0; day < days && median === null; day += 1)
    if (firstDays.filter((one) => one <= day).length * 2 > paths.length) median = day
  const at = (part: number) => firstDays[Math.min(firstDays.length - 1, Math.floor(firstDays.length * part))]
  const dayAt = (day: number | null | undefined) => (day === null || day === undefined ? null : addDays(first, day))
  return {
    probability: paths.length === 0 ? 0 : above / paths.length,
    day: dayAt(median),
    earliest: dayAt(at(0.1)),
    latest: dayAt(at(0.9)),
  }
}
