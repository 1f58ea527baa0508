import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A series at its own step: days (a week is its season), hours (a day) or months (a year). */
export type Series = { name: string; startsMs: readonly number[]; values: readonly number[]; season: number }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The daily and monthly files, and the NAB files as hourly means. */
export function readSeries(folder: string): { daily: Series[]; nab: Series[] } {
  const filesIn = (path: string) =>
    existsSync(path)
      ? readdirSync(path)
          .filter((name) => name.endsWith('.csv'))
          .map((name) => join(path, name))
      : []
  const nab = join(folder, 'nab')
  const rooms = existsSync(nab) ? readdirSync(nab, { withFileTypes: true }).filter((one) => one.isDirectory()) : []
  return {
    daily: filesIn(join(folder, 'daily')).map((path) => seriesOf(basename(path), path)),
    nab: rooms.flatMap(({ name }) =>
      filesIn(join(nab, name)).map((path) => seriesOf(`${name}/${basename(path)}`, path)),
    ),
  }
}

function seriesOf(name: string, path: string): Series {
  const rows = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1)
  const points = rows
    .map((row) => row.replaceAll('"', '').split(','))
    .map(([when = '', value = '']) => ({
      ms: Date.parse(`${when.replace(' ', 'T')}${when.includes(':') ? '' : 'T00:00:00'}Z`),
      value: Number(value),
    }))
    .filter(({ ms, value }) => Number.isFinite(ms) && Number.isFinite(value))
    .sort((a, b) => a.ms - b.ms)
  const gaps = points
    .slice(1)
    .map(({ ms }, at) => ms - (points[at]?.ms ?? 0))
    .sort((a, b) => a - b)
  const gap = gaps[gaps.length >> 1] ?? DAY_MS
  if (gap >= DAY_MS)
    return {
      ...{ name, startsMs: points.map(({ ms }) => ms), values: points.map(({ value }) => value) },
      season: gap >= 27 * DAY_MS ? 12 : 7,
    }
  const hours = Map.groupBy(points, ({ ms }) => Math.floor(ms / HOUR_MS) * HOUR_MS)
  const all = [...hours].sort(([a], [b]) => a - b)
  return {
    name,
    startsMs: all.map(([ms]) => ms),
    values: all.map(([, of]) => of.reduce((sum, { value }) => sum + value, 0) / of.length),
    season: 24,
  }
}

/** NAB's labelled windows by file, in epoch milliseconds, both ends inside. */
export function readWindows(folder: string): Map<string, [from: number, to: number][]> {
  const path = join(folder, 'nab', 'labels_windows.json')
  if (!existsSync(path)) return new Map()
  const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, [string, string][]>
  const ms = (text: string) => Date.parse(`${text.replace(' ', 'T').slice(0, 23)}Z`)
  return new Map(Object.entries(all).map(([name, windows]) => [name, windows.map(([from, to]) => [ms(from), ms(to)])]))
}
