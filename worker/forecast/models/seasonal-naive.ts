import { type Model, WEEK } from './model.ts'

/** Each day as the same weekday of the last week (Hyndman & Athanasopoulos, fpp3 §5.2). */
export const seasonalNaive: Model<null> = {
  name: 'seasonal_naive_7',
  least: WEEK,
  fit: () => null,
  forecast: (history, horizon) =>
    Array.from({ length: horizon }, (_, step) => history[history.length - WEEK + (step % WEEK)] ?? 0),
}
