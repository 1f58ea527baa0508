import type { Fold } from './backtest.ts'
import type { Method } from './candidates.ts'
import { foldsApart, rankValue, studentOverNormal } from './intervals.ts'
import { WEEK } from './models/model.ts'

/** Ways in which the next days may go, all alike probable. */
export type Path = readonly number[]

/**
 * The next days as each fold would have them: the forecast plus the whole run of errors that was made from that fold's day
 * on, in today's unit. A run is kept as a block, since errors of one forecast go together: a level that was missed is missed
 * on all its days, and a month's sum is off by far more than days that err alone (moving blocks, Künsch 1989). Of a
 * fold whose days end earlier the last week's mean error goes on, growing with the root of the distance. Runs are centred
 * and widened as the limits are, so that sums of paths cover what they say.
 */
export function pathsOf(
  points: readonly number[],
  folds: readonly Fold[],
  method: Method,
  scale: number,
  floor: number,
) {
  const runs = folds.flatMap((fold) => {
    const said = fold.forecasts[method]
    return said ? [runOf(fold, said, points.length, scale)] : []
  })
  const whole = runs.filter(({ known }) => known === points.length)
  const used = whole.length >= LEAST_RUNS ? whole : runs
  if (used.length === 0) return [[...points]]
  const wider = studentOverNormal(0.975, foldsApart(folds, Math.min(points.length, longest(folds))))
  return used.map(
    ({ errors }): Path => points.map((point, step) => Math.max(floor, point + (errors[step] ?? 0) * wider)),
  )
}

const LEAST_RUNS = 20

function longest(folds: readonly Fold[]): number {
  return Math.max(1, ...folds.map(({ actual }) => actual.length))
}

function runOf({ actual, scale: unit }: Fold, said: readonly number[], horizon: number, scale: number) {
  const known = Math.min(actual.length, horizon)
  const errors = Array.from({ length: known }, (_, step) => ((actual[step] as number) - (said[step] as number)) / unit)
  const tail = errors.slice(-WEEK)
  const level = tail.reduce((sum, error) => sum + error, 0) / tail.length
  for (let step = known; step < horizon; step += 1) errors.push(level * Math.sqrt((step + 1) / known))
  return { known, errors: errors.map((error) => error * scale) }
}

/** The limits of the sum of the first `days` of the paths. */
export function sumLimits(paths: readonly Path[], days: number) {
  const sums = paths.map((path) => sumOf(path, days)).sort((a, b) => a - b)
  const at = (part: number) => rankValue(sums, part)
  return { low80: at(0.1), high80: at(0.9), low95: at(0.025), high95: at(0.975) }
}

export function sumOf(path: Path, days: number): number {
  let sum = 0
  for (let day = 0; day < days; day += 1) sum += path[day] ?? 0
  return sum
}
