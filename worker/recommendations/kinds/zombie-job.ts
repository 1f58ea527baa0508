import { DAY_MS, dayOf, type EpochMs } from '../../../db/units/time.ts'
import { doorTo } from '../doors.ts'
import type { Estate, HeldJob, Like } from '../estate.ts'
import { jobPart, partsOver } from '../parts.ts'
import type { AdviceKind } from './kind.ts'

/** Beyond so many times the longest of its like that completed. */
const BEYOND = 2
/** Days in a row on which its pool was measured to do nothing at all. */
const SILENT_DAYS = 2

/** Jobs that still run, far beyond their like or where nothing has moved for days. */
export const zombieJob: AdviceKind = {
  kind: 'zombie-job',
  name: 'Zombie jobs',
  how: `Running jobs that have run more than ${BEYOND} times as long as the longest of at least five of the same team, pool and name that completed; or on whose pool nothing was measured busy for the last ${SILENT_DAYS} days. Their cost from then on.`,
  find: (estate) => {
    const running = estate.jobs.filter(({ status }) => status === 'running')
    const looked = running.map((job) => ({ job, sign: signOf(estate, job) }))
    return {
      found: looked.flatMap(({ job, sign }) => (sign ? [adviceOn(estate, job, sign)] : [])),
      notLooked: looked
        .filter(({ job, sign }) => sign === null && !likeOf(estate, job) && !isMeasured(estate, job))
        .slice(0, 5)
        .map(({ job }) => ({
          thing: `Job ${job.name}`,
          missing: 'Fewer than five like it have completed, and nobody measured its pool',
        })),
    }
  },
}

type Sign = { sinceMs: number; why: string; confidence: 'high' | 'medium' }

function signOf(estate: Estate, job: HeldJob): Sign | null {
  const like = likeOf(estate, job)
  const days = (ms: number) => `${Math.round((ms / DAY_MS) * 10) / 10} days`
  const silent = silentSince(estate, job)
  if (silent !== null)
    return { sinceMs: silent, confidence: 'high', why: `Nothing on its pool was measured busy since ${dayOf(silent)}` }
  const ran = job.endedAtMs - job.startedAtMs
  if (!like || ran <= BEYOND * like.longestMs) return null
  const why = `It has run ${days(ran)}; the longest of ${like.count} like it took ${days(like.longestMs)}`
  return { sinceMs: job.startedAtMs + BEYOND * like.longestMs, confidence: 'medium', why }
}

function likeOf({ likes }: Estate, job: HeldJob): Like | undefined {
  return likes.find(
    ({ teamId, provider, gpuType, pattern }) =>
      teamId === job.teamId && provider === job.provider && gpuType === job.gpuType && pattern === job.pattern,
  )
}

const ofPool =
  ({ provider, gpuType }: HeldJob) =>
  (one: { provider: string; gpuType: string }) =>
    one.provider === provider && one.gpuType === gpuType

function isMeasured({ pools }: Estate, job: HeldJob): boolean {
  return (pools ?? []).some((day) => ofPool(job)(day) && day.measuredMs !== null && day.measuredMs > 0n)
}

/** Since when its pool was measured and not busy, up to the last measured day; null: it was, or nobody knows. */
function silentSince({ pools }: Estate, job: HeldJob): EpochMs | null {
  const measured = (pools ?? []).filter((day) => ofPool(job)(day) && day.measuredMs !== null && day.measuredMs > 0n)
  const days = measured.sort((a, b) => (a.day < b.day ? 1 : -1))
  const busyAt = days.findIndex(({ busyHeldMs }) => (busyHeldMs ?? 0n) > 0n)
  const silent = days.slice(0, busyAt === -1 ? days.length : busyAt).filter(({ day }) => day >= dayOf(job.startedAtMs))
  const first = silent.at(-1)
  return silent.length >= SILENT_DAYS && first ? (Date.parse(`${first.day}T00:00:00Z`) as EpochMs) : null
}

function adviceOn(estate: Estate, job: HeldJob, { sinceMs, why, confidence }: Sign) {
  const since = dayOf(sinceMs as EpochMs)
  const name = job.pattern && job.pattern !== job.name ? `${job.pattern} (${job.name})` : job.name
  // Of the day on which it passed the limit nothing is counted.
  const wasted = job.days.flatMap((day, at) => (day.day > since ? [{ ...day, at }] : []))
  return {
    ...{ thing: job.thing, teamId: job.teamId, effort: 'low' as const, confidence, because: why },
    title: `${name} of ${job.teamName} seems forgotten`,
    action: 'Ask its owner, and cancel it if nobody waits for it',
    formula: `What its GPU-hours cost on the ${wasted.length} days after ${since}`,
    href: `/jobs/${job.id}`,
    evidence: [
      {
        ...{ what: `Job ${name}`, note: why, costNanoUsd: wasted.reduce((sum, day) => sum + day.costNanoUsd, 0n) },
        ...{ gpuSeconds: wasted.reduce((sum, day) => sum + day.gpuSeconds, 0), href: `/jobs/${job.id}` },
      },
      {
        ...{ what: 'Others like it', note: 'Completed jobs of the team', costNanoUsd: null, gpuSeconds: null },
        href: doorTo('/jobs', estate.window, { team_id: job.teamId, status: 'completed', gpu_type: job.gpuType }),
      },
    ],
    claims: wasted.map(({ day, at, costNanoUsd }) => ({
      path: [...partsOver(estate, job, day), jobPart(job, at)],
      ...{ touchedNanoUsd: costNanoUsd, savedNanoUsd: costNanoUsd },
    })),
    isWorth: wasted.length > 0,
  }
}
