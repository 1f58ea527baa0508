import { BASELINES, type Fits, type Forecasts, fitAll, forecastAll, METHODS, type Method } from './candidates.ts'
import { WEEK } from './models/model.ts'

/** Days from which a backtest looks ahead, at most; enough for the tails of a 95 % interval. */
const MOST_FOLDS = 60
/** How often what models learn is learnt anew among them. */
const FITS = 8
/** Folds lie at most so far apart: older habits tell little. Coprime to a week, so that every weekday is a start. */
const WIDEST = 3
/** History before the first fold, where there is more than twice that much. */
const LEAST_TRAINING = 28

/** What was forecast from the days before `origin` for the days from it on, and what came. */
export type Fold = {
  /** Days known then. */
  origin: number
  forecasts: Forecasts
  /** The days that came, at most the horizon. */
  actual: readonly number[]
  /** How far weekdays usually move in a week, by the days known then: the unit of this fold's errors. */
  scale: number
}

/**
 * Rolling origin: forecasts of the past made from the days before it alone, oldest first (fpp3 §5.10; Tashman 2000). Models
 * learn on some of the folds and look from the others with what they learnt before, never with later days.
 */
export function rollingFolds(history: readonly number[], horizon: number): Fold[] {
  const days = history.length
  const first = Math.max(WEEK, Math.min(LEAST_TRAINING, Math.floor(days / 2)))
  // Folds whose whole horizon is known tell of the whole horizon; those behind them of its first days.
  const last = days - Math.max(1, Math.min(horizon, Math.floor((days - first) / 2)))
  const step = Math.max(1, Math.min(WIDEST, Math.floor((last - first + 1) / MOST_FOLDS)))
  const origins: number[] = []
  for (let origin = last; origin >= first && origins.length < MOST_FOLDS; origin -= step) origins.unshift(origin)
  const between = Math.ceil(origins.length / FITS)
  let fits: Fits = {}
  return origins.map((origin, index) => {
    const known = history.slice(0, origin)
    if (index % between === 0) fits = fitAll(known)
    return {
      origin,
      forecasts: forecastAll(known, horizon, fits),
      actual: history.slice(origin, origin + horizon),
      scale: scaleOf(known),
    }
  })
}

/** Errors are told in this unit: the mean move from a weekday to the next same one, of the last eight weeks. */
const SCALE_DAYS = 8 * WEEK

export function scaleOf(history: readonly number[]): number {
  const from = Math.max(WEEK, history.length - SCALE_DAYS)
  let [moves, count, sizes] = [0, 0, 0]
  for (let day = from; day < history.length; day += 1) {
    const value = history[day] as number
    moves += Math.abs(value - (history[day - WEEK] as number))
    sizes += Math.abs(value)
    count += 1
  }
  // A series that repeats itself exactly has no such move, and still may be off one day.
  return count === 0 ? 1 : Math.max(moves / count, (sizes / count) * 1e-3, 1e-9)
}

/** The mean absolute error of a method on each fold, over the days that came; null where it made no forecast. */
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

/** The in-sample error of the seasonal naive, by which MASE is measured (Hyndman & Koehler 2006); null: it has none. */
export function naiveError(history: readonly number[]): number | null {
  let sum = 0
  for (let day = WEEK; day < history.length; day += 1)
    sum += Math.abs((history[day] as number) - (history[day - WEEK] as number))
  const error = sum / Math.max(1, history.length - WEEK)
  return error > 0 ? error : null
}

export type Choice = { method: Method; baseline: Method; errors: Partial<Record<Method, number>> }

/** A candidate must have been better by this much on the whole … */
const BETTER_BY = 0.02
/** … and must not have been worse than the baseline by this much in the younger half of the folds. */
const WORSE_BY = 0.02

/**
 * The method for the next days: the best of the folds, where it was better than the better baseline over all of them and not
 * worse in the younger half; else that baseline.
 */
export function chooseMethod(folds: readonly Fold[]): Choice {
  const errors: Partial<Record<Method, number>> = {}
  const young: Partial<Record<Method, number>> = {}
  for (const method of METHODS) {
    const known = foldErrors(folds, method)
    if (known.length === 0 || known.some((error) => error === null)) continue
    // A fold counts in its own unit, so that a growing series is not judged by its last days alone.
    const scaled = known.map((error, at) => (error as number) / (folds[at] as Fold).scale)
    errors[method] = meanOf(scaled)
    young[method] = meanOf(scaled.slice(scaled.length >> 1))
  }
  const better = (a: Method, b: Method) => ((errors[b] ?? Infinity) < (errors[a] ?? Infinity) ? b : a)
  const baseline = BASELINES.reduce<Method>(better, BASELINES[1])
  const bar = errors[baseline] ?? Infinity
  const isProven = (method: Method) =>
    (errors[method] ?? Infinity) <= bar * (1 - BETTER_BY) &&
    (young[method] ?? Infinity) <= (young[baseline] ?? Infinity) * (1 + WORSE_BY)
  const proven = METHODS.filter(isProven)
  const method = proven.length === 0 ? baseline : proven.reduce<Method>(better, proven[0] as Method)
  return { method, baseline, errors }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
