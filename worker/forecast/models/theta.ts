import { type Model, WEEK } from './model.ts'
import { weekdaySeason, withoutSeason } from './season.ts'
import { smooth } from './smoothing.ts'

const ALPHAS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95]

/**
 * The Theta method (Assimakopoulos & Nikolopoulos 2000) on the series without its weekdays, which are put back: as Hyndman
 * & Billah (2003) show, simple exponential smoothing with a drift of half the slope of the line through all days.
 */
export const theta: Model<{ alpha: number }> = {
  name: 'theta',
  least: 2 * WEEK,
  fit: (history) => {
    const plain = withoutSeason(history, weekdaySeason(history))
    let best = { alpha: ALPHAS[0] as number, error: Number.POSITIVE_INFINITY }
    for (const alpha of ALPHAS) {
      const error = smoothedBy(plain, alpha).absoluteError
      if (error < best.error) best = { alpha, error }
    }
    return { alpha: best.alpha }
  },
  forecast: (history, horizon, { alpha }) => {
    const season = weekdaySeason(history)
    return plainTheta(withoutSeason(history, season), horizon, alpha).map(
      (value, step) => value + (season[step % WEEK] as number),
    )
  },
}

/** The method itself, on a series without a season. */
export function plainTheta(history: readonly number[], horizon: number, alpha: number): number[] {
  const { level } = smoothedBy(history, alpha)
  const half = slopeOf(history) / 2
  const lag = (1 - (1 - alpha) ** history.length) / alpha
  return Array.from({ length: horizon }, (_, step) => level + half * (step + lag))
}

function smoothedBy(history: readonly number[], alpha: number) {
  return smooth(history, { alpha, beta: 0, gamma: 0, phi: 0 }, { level: history[0] ?? 0, slope: 0, season: [] })
}

/** Of the line of least squares through all days, per day. */
export function slopeOf(history: readonly number[]): number {
  const middle = (history.length - 1) / 2
  let [over, under] = [0, 0]
  for (let day = 0; day < history.length; day += 1) {
    over += (day - middle) * (history[day] as number)
    under += (day - middle) ** 2
  }
  return under === 0 ? 0 : over / under
}
