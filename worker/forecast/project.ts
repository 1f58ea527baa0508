import { type Fold, rollingFolds, scaleOf } from './backtest.ts'
import { fitAll, forecastAll } from './candidates.ts'
import { type Choice, chooseMethod } from './choose-method.ts'
import { type Band, bandsOf } from './intervals.ts'
import { type Path, pathsOf } from './paths.ts'

/** Days that models look back at most: habits of years ago are not today's. */
export const MOST_HISTORY = 730

export type Projection = {
  points: number[]
  bands: Band[]
  paths: Path[]
  choice: Choice
  folds: Fold[]
}

/**
 * The next days of a series of at least two weeks: the method that its own past proves best, limits from the errors that it
 * made there, and paths for what is asked of sums. A series that never was below zero is not said to be.
 */
export function project(all: readonly number[], horizon: number): Projection {
  const history = all.slice(-MOST_HISTORY)
  const folds = rollingFolds(history, horizon)
  const choice = chooseMethod(folds)
  const said = forecastAll(history, horizon, fitAll(history), choice.errors)[choice.method] as number[]
  const floor = floorOf(history)
  const scale = scaleOf(history)
  const points = said.map((value) => Math.max(floor, value))
  const bands = bandsOf(points, folds, choice.method, scale).map((band) => atLeast(band, floor))
  return { points, bands, paths: pathsOf(points, folds, choice.method, scale, floor), choice, folds }
}

/** Zero for what never was below it; credits may be. */
export function floorOf(history: readonly number[]): number {
  return history.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0
}

export function atLeast({ low80, high80, low95, high95 }: Band, floor: number): Band {
  const above = (value: number) => Math.max(floor, value)
  return { low80: above(low80), high80: above(high80), low95: above(low95), high95: above(high95) }
}
