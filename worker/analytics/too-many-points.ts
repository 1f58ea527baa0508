import { HelioxError } from '../errors.ts'

/** Groups × periods of one answer: beyond it nobody reads, and a Worker's memory ends. */
export const MOST_POINTS = 200_000

/** @throws HelioxError invalid `analytics.too_many_points` */
export function requireFewPoints(points: number): void {
  if (points <= MOST_POINTS) return
  const message = `More than ${MOST_POINTS} figures: ask for fewer days, a longer period or fewer groups`
  throw new HelioxError('invalid', 'analytics.too_many_points', message)
}
