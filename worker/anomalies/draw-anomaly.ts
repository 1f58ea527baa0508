import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import type { Anomaly } from './anomaly-fields.ts'
import { bridge } from './bridge.ts'
import { causesOf, type readFacts } from './causes.ts'
import { doorsOf } from './doors.ts'
import { type Found, nanoOf } from './find-anomalies.ts'
import { itemsOf } from './items.ts'
import { tokenTerms } from './tokens.ts'
import { sentenceOf } from './words.ts'

/** Weeks whose same weekday a day is compared with. */
const WEEKS = 8
/** Days of the course before and after the anomaly. */
const COURSE = { before: 28, after: 7 }

/** One finding with its bridge, its causes and its words. */
export async function drawAnomaly(
  scope: Scope,
  found: Found,
  facts: Awaited<ReturnType<typeof readFacts>> | null,
  isPartial: boolean,
): Promise<Anomaly> {
  const { of, finding, key, day, actual, expected, impact, verdict } = found
  const { series } = of
  const compared = comparedDays(found)
  const terms =
    series.dimension === 'tokens'
      ? (await tokenTerms(scope, series, { day, compared, expected, actual })).terms
      : bridge({
          ...{ expectedNanoUsd: expected, actualNanoUsd: actual, days: compared.length },
          ...(await itemsOf(scope, series, day, compared)),
        })
  const [low, high] = [nanoOf(finding.low), nanoOf(finding.high)]
  const name = nameOf(found, isPartial)
  const ledgerTerms = terms.flatMap((term) => (term.kind === 'cache_rate' ? [] : [{ ...term, kind: term.kind }]))
  return {
    ...{ key, dimension: series.dimension, name, kind: series.kind, day },
    teamId: series.dimension === 'team' && series.kind === 'owner' ? (series.value as Anomaly['teamId']) : null,
    ...{ actualNanoUsd: actual, expectedNanoUsd: expected, lowNanoUsd: low, highNanoUsd: high, impactNanoUsd: impact },
    ...{ direction: finding.direction, z: round(finding.z), threshold: round(finding.threshold) },
    ...{ dayCount: finding.length, isLevelShift: finding.isShift },
    sentence: sentenceOf({ name, day, actual, impact, low, high, terms: ledgerTerms }),
    terms: terms.map(({ beforeGpuMs, afterGpuMs, ...term }) => ({
      ...term,
      beforeGpuSeconds: beforeGpuMs === null ? null : gpuSecondsOfMs(beforeGpuMs),
      afterGpuSeconds: afterGpuMs === null ? null : gpuSecondsOfMs(afterGpuMs),
    })),
    comparedDays: compared,
    causes: facts ? causesOf(series, day, ledgerTerms, facts) : [],
    doors: doorsOf(series, day, isPartial),
    course: courseOf(found),
    verdict: verdict && {
      ...{ verdict: verdict.verdict, note: verdict.note, byLabel: verdict.byLabel },
      saidAtMs: verdict.atMs as NonNullable<Anomaly['verdict']>['saidAtMs'],
    },
  }
}

/** The same weekdays of eight weeks before, those that did not stand out themselves; if there are none, those that did. */
function comparedDays({ days, day, of, outside }: Found): Day[] {
  const same = Array.from({ length: WEEKS }, (_, week) => days.indexOf(addDays(day, -7 * (week + 1)))).filter(
    (at) => at >= 0 && of.costs[at] != null,
  )
  const usual = same.filter((at) => !outside.has(at))
  return (usual.length > 0 ? usual : same).map((at) => days[at] as Day)
}

const LEFT_OVERS = {
  ...{ idle: 'Idle', unmeasured: 'Unmeasured', unallocated: 'Unallocated', assigned: 'Given by rules', owner: '' },
} as const

function nameOf({ of: { series, name } }: Found, isPartial: boolean): string {
  if (series.kind !== 'owner') return LEFT_OVERS[series.kind]
  if (series.dimension !== 'company') return name === '' ? 'Not GPU cost' : name
  return isPartial ? 'Your teams' : 'The company'
}

function courseOf({ of, days, finding, judged }: Found): Anomaly['course'] {
  const from = Math.max(0, finding.at - COURSE.before)
  return days.slice(from, finding.at + COURSE.after + 1).map((day, offset) => {
    const [cost, band] = [of.costs[from + offset] ?? null, judged[from + offset] ?? null]
    const known = (value: number | undefined): NanoUsd | null => (value === undefined ? null : nanoOf(value))
    return {
      ...{ day, costNanoUsd: cost === null ? null : nanoUsd(cost) },
      ...{ lowNanoUsd: known(band?.low), highNanoUsd: known(band?.high) },
    }
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
