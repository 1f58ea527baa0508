import { drift } from './models/drift.ts'
import { holtWinters } from './models/holt-winters.ts'
import { type Model, mean, median } from './models/model.ts'
import { seasonalNaive } from './models/seasonal-naive.ts'
import { theta } from './models/theta.ts'
import { weekdayProfile } from './models/weekday-profile.ts'

/** Methods that anybody could do by hand: what nothing else is proven to beat is shipped. */
export const BASELINES = ['seasonal_naive_7', 'weekday_profile'] as const
/** To add a method: a file in models/, its name here and its model below. */
export const SINGLES = [...BASELINES, 'drift', 'holt_winters_damped', 'theta'] as const
/** Made of the others' forecasts. */
export const COMBINED = ['median', 'median_with_baseline', 'mean_with_baseline'] as const
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

/** Parts of a combination; one whose parts are not all there is not there either. */
const PARTS: Record<(typeof COMBINED)[number], readonly Single[]> = {
  median: ['seasonal_naive_7', 'drift', 'holt_winters_damped', 'theta'],
  median_with_baseline: ['weekday_profile', 'holt_winters_damped', 'theta'],
  mean_with_baseline: ['weekday_profile', 'holt_winters_damped', 'theta'],
}

export type Fits = Partial<Record<Single, unknown>>
export type Forecasts = Partial<Record<Method, number[]>>

/** What each model that has enough days learns from a history. */
export function fitAll(history: readonly number[]): Fits {
  const able = SINGLES.filter((name) => history.length >= MODELS[name].least)
  return Object.fromEntries(able.map((name) => [name, MODELS[name].fit(history)]))
}

/** The next days by every method that was fitted, and by the combinations of them. */
export function forecastAll(history: readonly number[], horizon: number, fits: Fits): Forecasts {
  const all: Forecasts = {}
  for (const name of SINGLES)
    if (name in fits) all[name] = MODELS[name].forecast(history, horizon, fits[name])
  for (const name of COMBINED) {
    const parts = PARTS[name].flatMap((part) => (all[part] ? [all[part]] : []))
    if (parts.length < PARTS[name].length) continue
    const combine = name === 'mean_with_baseline' ? mean : median
    all[name] = Array.from({ length: horizon }, (_, step) => combine(parts.map((part) => part[step] as number)))
  }
  return all
}
