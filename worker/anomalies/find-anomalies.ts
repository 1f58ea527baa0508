import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { AnomalyVerdict } from '../../db/units/insight.ts'
import { type NanoUsd, nanoUsd, readUsd, toNanoUsd } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { pageOf } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { readSetting } from '../settings/settings.ts'
import type { Anomalies, AnomaliesQuestion } from './anomaly-fields.ts'
import { median } from './baseline.ts'
import { readFacts } from './causes.ts'
import { detect, type Finding, type Judged, LEAST_HISTORY, type Said, SENSITIVITIES, TOO_LITTLE } from './detect.ts'
import { drawAnomaly } from './draw-anomaly.ts'
import { type DailyCost, readSeries } from './read-series.ts'
import { anomalyKey } from './series.ts'

const NANO = 1e9
const WEEK = 7

export type StoredVerdict = {
  key: string
  series: string
  day: Day
  verdict: AnomalyVerdict
  note: string
  byLabel: string
  atMs: number
}

/** A finding with the series that it is of, before its bridge is drawn. */
export type Found = {
  of: DailyCost
  finding: Finding
  judged: readonly (Judged | null)[]
  days: readonly Day[]
  key: string
  day: Day
  actual: NanoUsd
  expected: NanoUsd
  impact: NanoUsd
  verdict: StoredVerdict | null
  /** Days of the series that stood out: no baseline of a bridge. */
  outside: ReadonlySet<number>
}

export const HOW = [
  'Each day is held against what its weekday usually costs: the median level of the last 14 days, with the weekday’s usual share on top, of up to eight weeks before it.',
  'z* = 0.6745 × deviation ÷ MAD, the median of what is usually left over; it is at least 2 % of the level, and as wide as the widest twentieth of the days.',
  'A day is an anomaly if |z*| and the dollars both pass the thresholds, up or down. Days in a row are one, its first; after seven the new level is what is expected.',
  'No widens the series by a quarter, halved every 30 days, at most to twice; planned and yes leave the day out of the baseline.',
  'The terms are against the average of the same weekdays, scaled to what was expected, and sum to the impact.',
].join(' ')

type Asked = z.output<typeof AnomaliesQuestion>

/**
 * Days of a dimension's series that cost more or less than expected, newest first, the largest first within a day, each with
 * what was expected, a bridge that sums to the impact, what is known to have changed, and what people said of it. Found
 * anew from the ledger each time. Who does not see the whole company gets the series of their teams.
 *
 * @throws HelioxError invalid `anomalies.effective_only`, `analytics.utc_only`; what `visibleQuestion` throws
 */
export async function anomalies(scope: Scope, asked: Asked): Promise<Anomalies> {
  requireUsualCost(asked)
  const { found, read, least, sensitivity } = await findAll(scope, asked)
  const shown = found.filter(
    ({ finding, verdict }) =>
      (asked.direction === 'both' || finding.direction === asked.direction) &&
      (asked.verdict === 'any' || (verdict?.verdict ?? 'open') === asked.verdict),
  )
  const page = shown.slice(asked.skip, asked.skip + asked.limit)
  const facts =
    page.length === 0
      ? null
      : await readFacts(
          scope,
          page.map(({ day }) => day),
          read.isPartial,
        )
  const drawn = []
  for (const one of page) drawn.push(await drawAnomaly(scope, one, facts, read.isPartial))
  const known = read.all.map(({ costs }) => costs.filter((cost) => cost !== null).length)
  return {
    ...pageOf('anomalies', drawn, shown.length, asked, read.isPartial),
    ...{ dimension: asked.dimension, firstDay: read.firstDay, lastDay: read.lastDay },
    watchedCount: known.filter((count) => count > LEAST_HISTORY).length,
    learningCount: known.filter((count) => count >= TOO_LITTLE && count <= LEAST_HISTORY).length,
    tooLittleCount: known.filter((count) => count < TOO_LITTLE).length,
    ...{ minImpactNanoUsd: least, sensitivity, how: HOW },
  }
}

/** Every finding of the window, without its bridge. */
export async function findAll(scope: Scope, asked: Asked) {
  const read = await readSeries(scope, asked)
  const thresholds = await readSetting(scope.db, 'anomalyThresholds')
  const sensitivity = asked.sensitivity ?? thresholds.sensitivity
  const least = asked.minImpactUsd ?? leastImpact(read.all, thresholds)
  const verdicts = await readVerdicts(scope, read.all)
  const { window } = asked
  const found = read.all.flatMap((of): Found[] => {
    const said = verdicts.get(of.key) ?? []
    const at = new Map<number, Said>()
    for (const { day, verdict } of said) if (read.days.includes(day)) at.set(read.days.indexOf(day), verdict)
    const values = of.costs.map((cost) => (cost === null ? null : Number(cost) / NANO))
    const settings = { season: WEEK, z: SENSITIVITIES[sensitivity], leastImpact: Number(least) / NANO }
    const { findings, judged } = detect(values, settings, at)
    const outside = new Set(findings.flatMap(({ at: first, length }) => Array.from({ length }, (_, on) => first + on)))
    return findings.flatMap((finding): Found[] => {
      const day = read.days[finding.at]
      const actual = of.costs[finding.at]
      if (day === undefined || actual == null || day < window.from || day >= window.before) return []
      const key = anomalyKey(of.series, day)
      const expected = nanoOf(finding.expected)
      return [
        {
          ...{ of, finding, judged, days: read.days, key, day, outside, expected },
          ...{ actual: nanoUsd(actual), impact: nanoUsd(actual - expected) },
          verdict: said.find((one) => one.day === day) ?? null,
        },
      ]
    })
  })
  const size = ({ impact }: Found) => (impact < 0n ? -impact : impact)
  found.sort((a, b) => (a.day === b.day ? (size(a) > size(b) ? -1 : 1) : a.day > b.day ? -1 : 1))
  return { found, read, least, sensitivity }
}

/** Only days of UTC and amortised cost have a baseline. */
function requireUsualCost({ cost, timeZone }: Asked): void {
  if (cost !== 'effective')
    throw new HelioxError('invalid', 'anomalies.effective_only', 'Anomalies are told of effective cost only')
  if (timeZone !== undefined && timeZone !== 'UTC')
    throw new HelioxError('invalid', 'analytics.utc_only', `Anomalies are told of UTC days only, not in ${timeZone}`)
}

/** Rounded once; everything that is shown of it follows from this. */
export function nanoOf(value: number): NanoUsd {
  return nanoUsd(BigInt(Math.round(value * NANO)))
}

/** The larger of the company's amount and its part of a median day of all that the asker sees. */
function leastImpact(
  all: readonly DailyCost[],
  { minImpactUsd, minShareOfMedianDay }: { minImpactUsd: string; minShareOfMedianDay: number },
): NanoUsd {
  const amount = readUsd(minImpactUsd)
  const totals = (all[0]?.costs ?? []).map((_, at) =>
    all.reduce((sum, { costs }) => sum + Number(costs[at] ?? 0n) / NANO, 0),
  )
  const typical = median(totals.filter((total) => total !== 0))
  const share = Number.isFinite(typical) ? nanoOf(Math.abs(typical) * minShareOfMedianDay) : nanoUsd(0n)
  const set = amount ? toNanoUsd(amount) : nanoUsd(0n)
  return set > share ? set : share
}

async function readVerdicts({ db }: Scope, all: readonly DailyCost[]): Promise<Map<string, StoredVerdict[]>> {
  const rows = await db.all<Omit<StoredVerdict, 'atMs'> & { atMs: bigint }>(sql`
    select key, series, day, verdict, note, by_label as byLabel, at_ms as atMs from anomaly_verdicts
    where series in (select value from json_each(${JSON.stringify(all.map(({ key }) => key))}))`)
  return Map.groupBy(
    rows.map((row) => ({ ...row, atMs: Number(row.atMs) })),
    ({ series }) => series,
  )
}

/** The question for the last so many complete days up to a day. */
export function lastDays(count: number, lastDay: Day) {
  return { from: addDays(lastDay, 1 - count), before: addDays(lastDay, 1) }
}
