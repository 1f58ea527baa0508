import { type Choice, chooseMethod, type Fold, rollingFolds, scaleOf } from './backtest.ts'
import { fitAll, forecastAll } from './candidates.ts'
import { type Band, bandsOf } from './intervals.ts'

/** Days that models look back at most: habits of years ago are not today's. */
export const MOST_HISTORY = 730

export type Projection = {
  points: number[]
  bands: Band[]
  choice: Choice
  folds: Fold[]
}

/**
 * The next days of a series of at least two weeks: the method that its own past proves best, and limits from the errors that
 * it made there. A series that never was below zero is not said to be.
 */
export function project(all: readonly number[], horizon: number): Projection {
  const history = all.slice(-MOST_HISTORY)
  const folds = rollingFolds(history, horizon)
  const choice = chooseMethod(folds)
  const said = forecastAll(history, horizon, fitAll(history))[choice.method] as number[]
  const floor = history.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0
  const points = said.map((value) => Math.max(floor, value))
  const bands = bandsOf(points, folds, choice.method, scaleOf(history)).map((band) => ({
    low80: Math.max(floor, band.low80),
    high80: Math.max(floor, band.high80),
    low95: Math.max(floor, band.low95),
    high95: Math.max(floor, band.high95),
  }))
  return { points, bands, choice, folds }
}
