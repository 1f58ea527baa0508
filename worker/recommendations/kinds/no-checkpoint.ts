import { doorTo } from '../doors.ts'
import { type HeldJob, nameOfPool } from '../estate.ts'
import { jobPart, partsOver } from '../parts.ts'
import { type AdviceKind, MOST_EVIDENCE } from './kind.ts'

const HOUR_MS = 3_600_000
/** Shorter runs are begun again without much regret. */
const LONG_MS = 6 * HOUR_MS

/** Long runs that came to nothing: with a checkpoint an hour only the last hour would have been lost. */
export const noCheckpoint: AdviceKind = {
  kind: 'no-checkpoint',
  name: 'Long runs lost',
  how: 'Jobs of 6 hours and more that failed, or were cancelled and tried again: what their GPU-hours cost, less the last hour, which a checkpoint an hour would still lose.',
  find: (estate) => {
    const lost = estate.jobs.filter(
      (job) =>
        job.endedAtMs - job.startedAtMs >= LONG_MS &&
        (job.status === 'failed' || (job.status === 'cancelled' && job.triedAgainAtMs !== null)),
    )
    const groups = Map.groupBy(lost, ({ teamId, provider, gpuType }) => JSON.stringify([provider, gpuType, teamId]))
    const found = [...groups].map(([thing, jobs]) => {
      const [{ teamId, teamName, provider, gpuType }] = jobs as [HeldJob]
      const claims = jobs.flatMap((job) => {
        const ran = BigInt(job.endedAtMs - job.startedAtMs)
        return job.days.map((day, at) => ({
          path: [...partsOver(estate, job, day.day), jobPart(job, at)],
          touchedNanoUsd: day.costNanoUsd,
          savedNanoUsd: (day.costNanoUsd * (ran - BigInt(HOUR_MS))) / ran,
        }))
      })
      const costOf = (job: HeldJob) => job.days.reduce((sum, day) => sum + day.costNanoUsd, 0n)
      const again = jobs.filter(({ triedAgainAtMs }) => triedAgainAtMs !== null).length
      return {
        ...{ thing, teamId, effort: 'medium' as const },
        title: `Long runs of ${teamName} on ${nameOfPool({ provider, gpuType })} end in nothing`,
        action: 'Write checkpoints, and continue from the last one',
        formula: `${jobs.length === 1 ? '1 run: what it' : `${jobs.length} runs: what each`} held in the window × (its length − 1 hour) ÷ its length`,
        confidence: again * 2 >= jobs.length ? ('medium' as const) : ('low' as const),
        because: `${again} of ${jobs.length} were tried again; whether they had checkpoints no source says`,
        href: doorTo('/jobs', estate.window, {
          ...{ provider, gpu_type: gpuType, team_id: teamId, status: ['failed', 'cancelled'] },
        }),
        evidence: [...jobs]
          .sort((a, b) => (costOf(a) > costOf(b) ? -1 : 1))
          .slice(0, MOST_EVIDENCE)
          .map((job) => ({
            ...{ what: `Job ${job.name}`, costNanoUsd: costOf(job), href: `/jobs/${job.id}` },
            note: `${job.status} after ${Math.round((job.endedAtMs - job.startedAtMs) / HOUR_MS)} h${job.triedAgainAtMs === null ? '' : ', tried again'}`,
            gpuSeconds: job.days.reduce((sum, day) => sum + day.gpuSeconds, 0),
          })),
        claims,
        isWorth: claims.some(({ savedNanoUsd }) => savedNanoUsd > 0n),
      }
    })
    return { found, notLooked: [] }
  },
}
