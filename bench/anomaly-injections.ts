import { median } from '../worker/anomalies/baseline.ts'
import type { Series } from './anomaly-series.ts'
import { oneOf, whole } from './random.ts'

export const KINDS = ['spike', 'drop', 'shift up', 'shift down'] as const
export type Kind = (typeof KINDS)[number]
/** In deviations of the series from one season to the next. */
export const SIZES = [8, 12, 20] as const

/** A step that was made to stand out; a shift is labelled where it comes and where it goes. */
export type Label = { at: number; kind: Kind; size: number; direction: 'up' | 'down' }

/** Steps between two of them, on average, and how long a shift lasts. */
const EVERY = 56
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

/**
 * How far a value is from the one a season before, as a standard deviation of one of the two: by the median, by the 95th of
 * a hundred, or as it is, whichever is most, so that no size is what the series does by itself every other week.
 */
function deviationOf({ values, season }: Series): number {
  const steps = values.slice(season).map((value, at) => value - (values[at] ?? 0))
  const sizes = steps.map(Math.abs).sort((a, b) => a - b)
  const square = steps.reduce((sum, one) => sum + one ** 2, 0) / steps.length
  const tail = sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 0
  const most = Math.max(median(sizes) / 0.6745, tail / 1.96, Math.sqrt(square))
  return Math.max(most / Math.SQRT2, 0.05 * median(values.map(Math.abs)))
}
