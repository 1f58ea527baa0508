import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type BenchSeries = { name: string; values: number[] }

const DAY_CHARACTERS = 10
const HOUR_CHARACTERS = 13
/** Below these a file of finer steps is read by the hour: as days there is nothing to try on. */
const LEAST_DAYS = 60

/** Every CSV of two columns, a time and a value, below DIR/series. A file of several values a day is read as their means. */
export function seriesBelow(dir: string): BenchSeries[] {
  const root = existsSync(join(dir, 'series')) ? join(dir, 'series') : dir
  return filesBelow(root)
    .filter((path) => path.endsWith('.csv'))
    .map((path) => seriesOf(path.slice(root.length + 1), readFileSync(path, 'utf8')))
    .filter(({ values }) => values.length > 0)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
}

function seriesOf(name: string, text: string): BenchSeries {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.replaceAll('"', '').split(','))
    .filter(([at, value]) => at && value !== undefined && value !== '' && Number.isFinite(Number(value)))
    .map(([at, value]) => [at as string, Number(value)] as const)
  const days = means(rows, DAY_CHARACTERS)
  if (days.length >= LEAST_DAYS || days.length === rows.length) return { name, values: days }
  return { name: `${name} (hours)`, values: means(rows, HOUR_CHARACTERS) }
}

/** The mean of the values of each day or hour, in the order of the file. */
function means(rows: readonly (readonly [at: string, value: number])[], characters: number): number[] {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const [at, value] of rows) {
    const kept = sums.get(at.slice(0, characters)) ?? { sum: 0, count: 0 }
    sums.set(at.slice(0, characters), { sum: kept.sum + value, count: kept.count + 1 })
  }
  return [...sums.values()].map(({ sum, count }) => sum / count)
}

/** Ways in which daily cost goes, made from a fixed start: the same numbers each time. */
export function generatedSeries(days = 400): BenchSeries[] {
  let state = 1
  const even = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even())
  const each = (of: (day: number) => number) => Array.from({ length: days }, (_, day) => of(day))
  const week = [1, 1.02, 1.05, 1, 0.98, 0.7, 0.65]
  const weekday = (day: number) => week[day % 7] as number
  let [walk, stair, swing] = [1000, 500, 0]
  const made: Record<string, number[]> = {
    'steady weekdays': each((day) => 1000 * weekday(day) * (1 + 0.08 * normal())),
    'growing by 0.2 % a day': each((day) => 1000 * Math.exp(day * 0.002) * weekday(day) * (1 + 0.1 * normal())),
    'a random walk': each((day) => {
      walk += 20 * normal()
      return walk * weekday(day) + 40 * normal()
    }),
    'spikes on one day in 25': each(
      (day) => 500 * weekday(day) * (1 + 0.1 * normal()) + (even() < 0.04 ? 1500 * even() : 0),
    ),
    'steps in level': each(() => {
      if (even() < 0.02) stair = 300 + 700 * even()
      return stair * (1 + 0.05 * normal())
    }),
    'swings that fade': each((day) => {
      swing = 0.8 * swing + 60 * normal()
      return 800 * weekday(day) + swing
    }),
    'three days in five nothing': each(() => (even() < 0.6 ? 0 : Math.max(0, 100 + 50 * normal()))),
    'a credit each month': each((day) => (day % 30 === 5 ? -400 : 200 * (1 + 0.1 * normal()))),
  }
  return Object.entries(made).map(([name, values]) => ({ name, values }))
}
