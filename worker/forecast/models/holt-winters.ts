import { type Model, mean, WEEK } from './model.ts'
import { ahead, type Smoothed, type State, smooth, type Weights } from './smoothing.ts'

const LEVELS = [0.02, 0.05, 0.1, 0.2, 0.35, 0.55, 0.8]
const SEASONS = [0.01, 0.05, 0.12, 0.25]
/** Without a slope, and with slopes that fade faster or slower. */
const SLOPES = [
  { beta: 0, phi: 0 },
  { beta: 0.03, phi: 0.85 },
  { beta: 0.1, phi: 0.9 },
  { beta: 0.03, phi: 0.97 },
]
const START_WEEKS = 4

/**
 * ETS(A,Ad,A) with a season of seven days: level, damped slope and weekday values, each smoothed (fpp3 §8.3). The
 * weights are those of a fixed grid with the least mean absolute error one day ahead, which one odd day moves
 * less than it moves squares; the start is that of the first four weeks (fpp3 §8.6, Hyndman et al. 2008 §2.6).
 */
export const holtWinters: Model<Weights> = {
  name: 'holt_winters_damped',
  least: 2 * WEEK,
  fit: (history) => {
    const start = startOf(history)
    const skip = Math.min(2 * WEEK, history.length >> 1)
    let best: { weights: Weights; error: number } | null = null
    for (const alpha of LEVELS)
      for (const gamma of SEASONS)
        for (const slope of SLOPES) {
          const weights = { alpha, gamma, ...slope }
          const { absoluteError } = smooth(history, weights, start, skip)
          if (!best || absoluteError < best.error) best = { weights, error: absoluteError }
        }
    return (best as NonNullable<typeof best>).weights
  },
  forecast: (history, horizon, weights) => ahead(ended(history, weights), horizon, weights.phi),
}

function ended(history: readonly number[], weights: Weights): Smoothed {
  return smooth(history, weights, startOf(history))
}

/** Level and weekday values of the first weeks; no slope. */
function startOf(history: readonly number[]): State {
  const weeks = Math.max(1, Math.min(START_WEEKS, Math.floor(history.length / WEEK)))
  const first = history.slice(0, weeks * WEEK)
  const level = mean(first)
  const season = Array.from({ length: WEEK }, (_, day) => mean(first.filter((_, at) => at % WEEK === day)) - level)
  return { level, slope: 0, season }
}
