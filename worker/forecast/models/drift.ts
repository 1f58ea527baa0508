import type { Model } from './model.ts'

/** The line through the first and the last day, continued (fpp3 §5.2): y + h · (y_T − y_1) ÷ (T − 1). */
export const drift: Model<null> = {
  name: 'drift',
  least: 2,
  fit: () => null,
  forecast: (history, horizon) => {
    const [first = 0, last = 0] = [history[0], history.at(-1)]
    const slope = (last - first) / Math.max(1, history.length - 1)
    return Array.from({ length: horizon }, (_, step) => last + slope * (step + 1))
  },
}
