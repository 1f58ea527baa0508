import { drift } from './models/drift.ts'
import { holtWinters } from './models/holt-winters.ts'
import { type Model, median } from './models/model.ts'
import { seasonalNaive } from './models/seasonal-naive.ts'
import { theta } from './models/theta.ts'
import { weekdayProfile } from './models/weekday-profile.ts'

/** Methods that anybody could do by hand: what nothing else is proven to beat is shipped. */
export const BASELINES = ['seasonal_naive_7', 'weekday_profile'] as const
/** To add a method: a file in models/, its name here and its model below. */
export const SINGLES = [...BASELINES, 'drift', 'holt_winters_damped', 'theta'] as const
/** Made of the others' forecasts. */
export const COMBINED = ['median', 'median_with_baseline', 'weighted'] as const
export const METHODS = [...SINGLES, ...COMBINED] as const
export type Method = (typeof METHODS)[number]
type Single = (typeof SINGLES)[number]

export const MODELS: Record<Single, Model> = {
  seasonal_naive_7: seasonalNaive as Model,
  weekday_profile: weekdayProfile as Model,
  drift: drift as Model,
  holt_winters_damped: holtWinters as Model,
  theta: theta as Model,
}

/** The two baselines and the two models that follow level and weekdays. */
const STEADY: readonly Single[] = ['seasonal_naive_7', 'weekday_profile', 'holt_winters_damped', 'theta']
/** Parts of a combination; it is there as soon as two of them are. */
const PARTS: Record<(typeof COMBINED)[number], readonly Single[]> = {
  median: SINGLES,
  median_with_baseline: STEADY,
  weighted: STEADY,
}
/** So steeply the better part outweighs the worse one: an error 10 % higher halves the weight. */
const STEEPNESS = 8

export type Fits = Partial<Record<Single, unknown>>
export type Forecasts = Partial<Record<Method, number[]>>
/** Mean errors of models on folds before, by which they are weighted; none known: all alike. */
export type Errors = Partial<Record<Method, number>>

/** What each model that has enough days learns from a history. */
export function fitAll(history: readonly number[]): Fits {
  const able = SINGLES.filter((name) => history.length >= MODELS[name].least)
  return Object.fromEntries(able.map((name) => [name, MODELS[name].fit(history)]))
}

/** The next days by every method that was fitted, and by the combinations of them. */
export function forecastAll(history: readonly number[], horizon: number, fits: Fits, errors: Errors): Forecasts {
  const all: Forecasts = {}
  for (const name of SINGLES) if (name in fits) all[name] = MODELS[name].forecast(history, horizon, fits[name])
  for (const name of COMBINED) {
    const parts = PARTS[name].flatMap((part) =>
      all[part] ? [{ said: all[part], weight: weightOf(errors[part]) }] : [],
    )
    if (parts.length < 2) continue
    all[name] = Array.from({ length: horizon }, (_, step) =>
      name === 'weighted' ? weighted(parts, step) : median(parts.map(({ said }) => said[step] as number)),
    )
  }
  return all
}

function weightOf(error: number | undefined): number {
  return error === undefined ? 1 : Math.max(error, 1e-6) ** -STEEPNESS
}

function weighted(parts: readonly { said: readonly number[]; weight: number }[], step: number): number {
  let [sum, weights] = [0, 0]
  for (const { said, weight } of parts) {
    sum += weight * (said[step] as number)
    weights += weight
  }
  return sum / weights
}
