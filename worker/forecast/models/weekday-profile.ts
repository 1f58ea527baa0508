import { type Model, mean, WEEK } from './model.ts'

const WEEKS = 4

/**
 * The baseline that people draw by hand: how each weekday differed from its week's mean over the last four weeks (fewer
 * where there are fewer), on the level of the last week.
 */
export const weekdayProfile: Model<null> = {
  name: 'weekday_profile',
  least: WEEK,
  fit: () => null,
  forecast: (history, horizon) => {
    const weeks = Math.max(1, Math.min(WEEKS, Math.floor(history.length / WEEK)))
    const recent = history.slice(-weeks * WEEK)
    const level = mean(history.slice(-WEEK))
    const around = mean(recent)
    const profile = Array.from({ length: WEEK }, (_, day) => mean(recent.filter((_, at) => at % WEEK === day)) - around)
    return Array.from({ length: horizon }, (_, step) => level + (profile[step % WEEK] ?? 0))
  },
}
