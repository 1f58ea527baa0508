import type { Band } from './intervals.ts'
import { mean } from './models/model.ts'

/** Fewest complete days of which anything is said. */
export const LEAST_DAYS = 7
/** Below these there is nothing to test a method on. */
export const LEAST_TESTED = 14

/** Of the mean, at least so wide: a week tells nothing of what it has not seen. */
const WIDTHS = { 80: { of: 0.5, deviations: 2 }, 95: { of: 1, deviations: 4 } } as const

/**
 * One to two weeks of history: every coming day costs the mean of the days there are. The band is declared, not measured:
 * ± 2 deviations of a day or half the mean, whichever is wider, and twice that for 95 %.
 */
export function runRate(history: readonly number[], horizon: number): { points: number[]; bands: Band[] } {
  const level = mean(history)
  const deviation = Math.sqrt(mean(history.map((value) => (value - level) ** 2)))
  const half = ({ of, deviations }: (typeof WIDTHS)[80 | 95]) => Math.max(Math.abs(level) * of, deviation * deviations)
  const [near, far] = [half(WIDTHS[80]), half(WIDTHS[95])]
  const band = { low80: level - near, high80: level + near, low95: level - far, high95: level + far }
  return { points: Array.from({ length: horizon }, () => level), bands: Array.from({ length: horizon }, () => band) }
}
