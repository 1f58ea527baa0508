/** Weights of exponential smoothing in the component form of fpp3 §8.3: β is β*, φ 1 is undamped. */
export type Weights = { alpha: number; beta: number; gamma: number; phi: number }

/** Level, slope and the seasonal values of the coming period, the next day's first; no season: empty. */
export type State = { level: number; slope: number; season: readonly number[] }

/** What a pass over a history ends in. */
export type Smoothed = State & { absoluteError: number; squaredError: number; count: number }

/**
 * One pass of additive, damped Holt–Winters over a history from a given state (Holt 1957, Winters 1960; the recursions of
 * fpp3 §8.3): with an empty season it is Holt's method, with slope and β 0 simple exponential smoothing. Errors are those
 * of one day ahead, of all days but the first `skip`.
 */
export function smooth(
  history: readonly number[],
  { alpha, beta, gamma, phi }: Weights,
  start: State,
  skip = 0,
): Smoothed {
  const season = start.season.slice()
  const period = season.length
  let { level, slope } = start
  let absoluteError = 0
  let squaredError = 0
  for (let day = 0; day < history.length; day += 1) {
    const at = period === 0 ? 0 : day % period
    const seasonal = period === 0 ? 0 : (season[at] as number)
    const value = history[day] as number
    const expected = level + phi * slope
    const error = value - expected - seasonal
    if (day >= skip) {
      absoluteError += Math.abs(error)
      squaredError += error * error
    }
    const next = alpha * (value - seasonal) + (1 - alpha) * expected
    slope = beta * (next - level) + (1 - beta) * phi * slope
    if (period > 0) season[at] = gamma * (value - expected) + (1 - gamma) * seasonal
    level = next
  }
  const turn = period === 0 ? 0 : history.length % period
  const ahead = [...season.slice(turn), ...season.slice(0, turn)]
  const count = Math.max(0, history.length - skip)
  return { level, slope, season: ahead, absoluteError, squaredError, count }
}

/** What a state says of the next days: level + (φ + … + φ^h) · slope + season. */
export function ahead({ level, slope, season }: State, horizon: number, phi: number): number[] {
  let damped = 0
  let power = 1
  return Array.from({ length: horizon }, (_, step) => {
    power *= phi
    damped += power
    return level + damped * slope + (season.length === 0 ? 0 : (season[step % season.length] as number))
  })
}
