import { median } from '../worker/anomalies/baseline.ts'
import type { Series } from './anomaly-series.ts'
import { oneOf, whole } from './random.ts'

export const KINDS = ['spike', 'drop', 'shift up', 'shift down'] as const
export type Kind = (typeof KINDS)[number]
/** In standard deviations of the series from one season to the next. */
export const SIZES = [6, 10, 16] as const

/** A step that was made to stand out; a shift is labelled where it comes and where it goes. */
export type Label = { at: number; kind: Kind; size: number; direction: 'up' | 'down' }

/** Steps between two of them, on average, and how long a shift lasts. */
const EVERY = Number(process.env.EVERY ?? 28)
const SHIFT = { least: 21, most: 35 }

/** The series with something in it now and then, of any kind and size; the same for the same random numbers. */
export function injected(series: Series, random: () => number): { values: number[]; labels: Label[] } {
  const values = [...series.values]
  const labels: Label[] = []
  const deviation = deviationOf(series)
  const isPositive = series.values.every((value) => value >= 0)
  // A baseline is there first.
  for (
    let at = 4 * series.season + whole(0, EVERY, random);
    at < values.length - 1;
    at += whole(EVERY / 2, EVERY * 1.5, random)
  ) {
    const size = oneOf(SIZES, random)
    const wanted = oneOf(KINDS, random)
    const by = size * deviation
    const length = wanted.startsWith('shift') ? whole(SHIFT.least, SHIFT.most, random) : 1
    const span = series.values.slice(at, at + length)
    // What cannot be that much less goes up instead.
    const isDown = (wanted === 'drop' || wanted === 'shift down') && !(isPositive && Math.min(...span) < by)
    const kind: Kind = length === 1 ? (isDown ? 'drop' : 'spike') : isDown ? 'shift down' : 'shift up'
    for (let step = at; step < Math.min(values.length, at + length); step += 1)
      values[step] = (values[step] ?? 0) + (isDown ? -by : by)
    labels.push({ at, kind, size, direction: isDown ? 'down' : 'up' })
    if (length > 1 && at + length < values.length) {
      labels.push({ at: at + length, kind, size, direction: isDown ? 'up' : 'down' })
      at += length
    }
  }
  return { values, labels }
}

/** The standard deviation of what a value is from the one a season before, of one of the two. */
function deviationOf({ values, season }: Series): number {
  const steps = values.slice(season).map((value, at) => value - (values[at] ?? 0))
  const mean = steps.reduce((sum, one) => sum + one, 0) / steps.length
  const square = steps.reduce((sum, one) => sum + (one - mean) ** 2, 0) / steps.length
  return Math.max(Math.sqrt(square / 2), 0.05 * median(values.map(Math.abs)))
}
