import { median, WEEK } from './model.ts'

/** Weeks that tell how weekdays differ: enough to see through odd days, few enough to follow a changed habit. */
const WEEKS = 12

/**
 * How each weekday differs from the days around it, the next day's first, summing to zero: the median over the last
 * weeks of a day less the mean of the seven days around it (classical additive decomposition, fpp3 §3.4, with a median
 * so that one odd day is no habit).
 */
export function weekdaySeason(history: readonly number[]): number[] {
  const days = history.length
  const from = Math.max(0, days - WEEKS * WEEK)
  const half = WEEK >> 1
  const apart: number[][] = Array.from({ length: WEEK }, () => [])
  for (let day = from; day < days; day += 1) {
    // At the edges the seven days nearest: each weekday is in them once.
    const start = Math.min(Math.max(0, day - half), Math.max(0, days - WEEK))
    let sum = 0
    for (let at = start; at < start + WEEK; at += 1) sum += history[at] ?? 0
    apart[(((day - days) % WEEK) + WEEK) % WEEK]?.push((history[day] as number) - sum / WEEK)
  }
  const season = apart.map((values) => (values.length === 0 ? 0 : median(values)))
  const around = season.reduce((sum, value) => sum + value, 0) / WEEK
  return season.map((value) => value - around)
}

/** The history without its weekdays; `season` as `weekdaySeason` answers it for the same history. */
export function withoutSeason(history: readonly number[], season: readonly number[]): number[] {
  const days = history.length
  return history.map((value, day) => value - (season[(((day - days) % WEEK) + WEEK) % WEEK] ?? 0))
}
