import { type Errors, type Fits, type Forecasts, fitAll, forecastAll, METHODS, type Method } from './candidates.ts'
import { WEEK } from './models/model.ts'

/** Days from which a backtest looks ahead, at most; enough for the tails of a 95 % interval. */
const MOST_FOLDS = 60
/** How often what models learn is learnt anew among them. */
const FITS = 8
/** Folds lie at most so far apart: older habits tell little. Never a whole week, so that every weekday is a start. */
const WIDEST = 3
/** Days before the first fold, where there are more than twice as many. */
const LEAST_TRAINING = 28
/** Days whose moves tell the unit of errors. */
const SCALE_DAYS = 8 * WEEK

/** What was forecast from the days before `origin` for the days from it on, and what came. */
export type Fold = {
  /** Days known then. */
  origin: number
  forecasts: Forecasts
  /** The days that came: as many as are known, at most the horizon. */
  actual: readonly number[]
  /** How far weekdays moved in a week, by the days known then: the unit of this fold's errors. */
  scale: number
}

/**
 * Rolling origin: forecasts of the past made from the days before it alone, oldest first (fpp3 §5.10; Tashman 2000). Models
 * learn on some of the folds and look from the others with what they learnt before; the weights of a combination are of
 * errors that were known by then. No fold sees a later day.
 */
export function rollingFolds(history: readonly number[], horizon: number): Fold[] {
  const folds: Fold[] = []
  const origins = originsOf(history.length, horizon)
  const between = Math.ceil(origins.length / FITS)
  let fits: Fits = {}
  for (const [index, origin] of origins.entries()) {
    const known = history.slice(0, origin)
    if (index % between === 0) fits = fitAll(known)
    const told = folds.filter((fold) => fold.origin + fold.actual.length <= origin)
    folds.push({
      origin,
      forecasts: forecastAll(known, horizon, fits, errorsOf(told)),
      actual: history.slice(origin, origin + horizon),
      scale: scaleOf(known),
    })
  }
  return folds
}

/** From where it looks ahead; a short history has folds that know only the first days of the horizon. */
function originsOf(days: number, horizon: number): number[] {
  const first = Math.max(WEEK, Math.min(LEAST_TRAINING, Math.floor(days / 2)))
  const last = days - Math.max(1, Math.min(horizon, Math.floor((days - first) / 2)))
  const step = Math.max(1, Math.min(WIDEST, Math.floor((last - first + 1) / MOST_FOLDS)))
  const origins: number[] = []
  for (let origin = last; origin >= first && origins.length < MOST_FOLDS; origin -= step) origins.unshift(origin)
  return origins
}

/** Of the mean size of all days, at least: after weeks of nothing a unit near zero would blow the next error up. */
const LEAST_SCALE = 0.05

/** The mean move from a weekday to the next same one over the last eight weeks; never near zero. */
export function scaleOf(history: readonly number[]): number {
  const from = Math.max(WEEK, history.length - SCALE_DAYS)
  let [moves, sizes] = [0, 0]
  for (let day = 0; day < history.length; day += 1) {
    const value = history[day] as number
    sizes += Math.abs(value)
    if (day >= from) moves += Math.abs(value - (history[day - WEEK] as number))
  }
  const least = (sizes / Math.max(1, history.length)) * LEAST_SCALE
  const scale = Math.max(moves / Math.max(1, history.length - from), least)
  return scale > 0 ? scale : 1
}

/** The mean absolute error of a method on each fold, in dollars; null where it made no forecast. */
export function foldErrors(folds: readonly Fold[], method: Method): (number | null)[] {
  return folds.map(({ forecasts, actual }) => {
    const said = forecasts[method]
    if (!said) return null
    let sum = 0
    for (let step = 0; step < actual.length; step += 1)
      sum += Math.abs((actual[step] as number) - (said[step] as number))
    return sum / actual.length
  })
}

/**
 * The mean error of each method that took part in every fold, each fold in its own unit, so that a growing series is not
 * judged by its last days alone.
 */
export function errorsOf(folds: readonly Fold[]): Errors {
  const errors: Errors = {}
  if (folds.length === 0) return errors
  for (const method of METHODS) {
    const known = foldErrors(folds, method)
    if (known.some((error) => error === null)) continue
    errors[method] = known.reduce<number>((sum, error, at) => sum + (error as number) / (folds[at] as Fold).scale, 0)
    errors[method] /= folds.length
  }
  return errors
}

/** The in-sample error of the seasonal naive, by which MASE is measured (Hyndman & Koehler 2006); null: it has none. */
export function naiveError(history: readonly number[]): number | null {
  let sum = 0
  for (let day = WEEK; day < history.length; day += 1)
    sum += Math.abs((history[day] as number) - (history[day - WEEK] as number))
  const error = sum / Math.max(1, history.length - WEEK)
  return error > 0 ? error : null
}
