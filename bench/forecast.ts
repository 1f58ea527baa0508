import { seasonalNaive } from '../worker/forecast/models/seasonal-naive.ts'
import { weekdayProfile } from '../worker/forecast/models/weekday-profile.ts'
import { sumLimits } from '../worker/forecast/paths.ts'
import { project } from '../worker/forecast/project.ts'
import { type BenchSeries, generatedSeries, seriesBelow } from './forecast-series.ts'
import type { Outcome } from './run.ts'

const HORIZONS = [7, 14, 30]
const ORIGINS = 20
/** Days known at the first origin, where there are that many; a shorter series begins with what leaves room for all origins. */
const KNOWN = 60
const LEAST_KNOWN = 14
const AT_ONCE = 200
const MOST_SECONDS = 10

type Line = {
  name: string
  horizon: number
  days: number
  known: number
  naive: number
  profile: number
  ours: number
  in80: number
  in95: number
  sum95: number
}

/**
 * `npm run bench -- forecast [DIR]`: forecasts by the product's own choice, from at least 20 days of each series, each
 * made of the days before it alone, against both baselines on the same days; and how long 200 series take.
 * DIR: a folder with series/ of CSV files; without it made-up series.
 */
export async function forecast(dir?: string): Promise<Outcome> {
  const all = dir ? seriesBelow(dir) : generatedSeries()
  const short = all.filter(({ values }) => values.length < LEAST_KNOWN + ORIGINS + Math.max(...HORIZONS))
  const lines = all
    .filter((one) => !short.includes(one))
    .flatMap((one) => HORIZONS.map((horizon) => tried(one, horizon)))
  const ratios = lines.map(ratioOf).sort((a, b) => a - b)
  const full = lines.filter(({ known }) => known >= KNOWN)
  const mean = (of: (line: Line) => number, over = full) =>
    over.reduce((sum, line) => sum + of(line), 0) / Math.max(1, over.length)
  const seconds = timed(all)
  const worst = ratios.at(-1) ?? 0
  const words = [
    [
      `median ratio ${(ratios[ratios.length >> 1] ?? 0).toFixed(3)} (at most 0.95), largest ${worst.toFixed(3)} (at most 1.05)`,
    ],
    [
      `${ratios.filter((ratio) => ratio > 1.05).length} of ${ratios.length} above 1.05; ` +
        `of those with ${KNOWN} days known: ${full.filter((line) => ratioOf(line) > 1.05).length} of ${full.length}`,
    ],
    [
      `coverage where ${KNOWN} days are known: ${percent(mean((line) => line.in80))} of 80, ${percent(mean((line) => line.in95))} of 95, ` +
        `sums of the horizon ${percent(mean((line) => line.sum95))} of 95`,
    ],
    ...short.map(({ name, values }) => [`too short for ${ORIGINS} origins: ${name}, ${values.length} values`]),
  ]
  return {
    lines: [
      {
        ...{ what: `${AT_ONCE} series forecast with backtest`, figure: seconds * 1000, unit: 'ms' },
        beside: `at most ${MOST_SECONDS * 1000} ms`,
      },
      {
        what: 'median error over the better baseline’s',
        figure: (ratios[ratios.length >> 1] ?? 0) * 1000,
        unit: '‰',
        beside: 'at most 950 ‰',
      },
      { what: 'largest error over the better baseline’s', figure: worst * 1000, unit: '‰', beside: 'at most 1,050 ‰' },
    ],
    tables: [
      {
        title: `Forecasts from ${ORIGINS} days of each series: MAE, over the better of two baselines, and how often the bands held`,
        head: [
          'series',
          'horizon',
          'values',
          'known',
          'naive 7',
          'profile',
          'Heliox',
          'ratio',
          'in 80',
          'in 95',
          'sum 95',
        ],
        rows: lines.map((line) => [
          ...[line.name, `${line.horizon}`, `${line.days}`, `≥ ${line.known}`],
          ...[line.naive, line.profile, line.ours].map((error) => error.toPrecision(4)),
          ratioOf(line).toFixed(3),
          ...[line.in80, line.in95, line.sum95].map(percent),
        ]),
      },
      { title: '', head: [''], rows: words },
    ],
  }
}

/** MASE over MASE: what both are divided by is the same. */
function ratioOf({ ours, naive, profile }: Line): number {
  const better = Math.min(naive, profile)
  return better === 0 ? (ours === 0 ? 1 : Number.POSITIVE_INFINITY) : ours / better
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function tried({ name, values }: BenchSeries, horizon: number): Line {
  const last = values.length - horizon
  const known = Math.max(LEAST_KNOWN, Math.min(KNOWN, last - ORIGINS + 1))
  const origins = Array.from({ length: ORIGINS }, (_, at) => Math.round(known + ((last - known) * at) / (ORIGINS - 1)))
  const line: Line = {
    ...{ name, horizon, known, days: values.length, naive: 0, profile: 0, ours: 0 },
    ...{ in80: 0, in95: 0, sum95: 0 },
  }
  for (const origin of origins) {
    const history = values.slice(0, origin)
    const actual = values.slice(origin, origin + horizon)
    const { points, bands, paths } = project(history, horizon)
    line.ours += errorOf(points, actual) / ORIGINS
    line.naive += errorOf(seasonalNaive.forecast(history, horizon, null), actual) / ORIGINS
    line.profile += errorOf(weekdayProfile.forecast(history, horizon, null), actual) / ORIGINS
    const held = (low: 'low80' | 'low95', high: 'high80' | 'high95') =>
      actual.filter((value, step) => value >= (bands[step]?.[low] ?? 0) && value <= (bands[step]?.[high] ?? 0)).length
    line.in80 += held('low80', 'high80') / horizon / ORIGINS
    line.in95 += held('low95', 'high95') / horizon / ORIGINS
    const sum = actual.reduce((all, value) => all + value, 0)
    const limits = sumLimits(paths, horizon)
    line.sum95 += Number(sum >= limits.low95 && sum <= limits.high95) / ORIGINS
  }
  return line
}

function errorOf(said: readonly number[], actual: readonly number[]): number {
  return actual.reduce((sum, value, step) => sum + Math.abs(value - (said[step] ?? 0)), 0) / actual.length
}

/** Seconds for so many series of a year each, 30 days ahead. */
function timed(all: readonly BenchSeries[]): number {
  const pool = [...all, ...generatedSeries()].filter(({ values }) => values.length >= LEAST_KNOWN)
  const startedAt = performance.now()
  for (let at = 0; at < AT_ONCE; at += 1) project((pool[at % pool.length] as BenchSeries).values.slice(-365), 30)
  return (performance.now() - startedAt) / 1000
}
