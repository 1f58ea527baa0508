import { doorTo } from '../doors.ts'
import { type HeldJob, nameOfPool } from '../estate.ts'
import { jobPart, partsOver } from '../parts.ts'
import { type AdviceKind, MOST_EVIDENCE } from './kind.ts'

/** Once is bad luck. */
const FEWEST_TRIES = 2

/** The same thing tried again and again: what its failed tries cost. */
export const retriedWork: AdviceKind = {
  kind: 'retried-work',
  name: 'Failed and tried again',
  how: `Jobs of one team, person, pool and name of which at least ${FEWEST_TRIES} failed and were tried again: what the failed tries cost.`,
  find: (estate) => {
    const tries = estate.jobs.filter(({ status, triedAgainAtMs }) => status === 'failed' && triedAgainAtMs !== null)
    const keyOf = ({ provider, gpuType, teamId, userName, pattern }: HeldJob) =>
      JSON.stringify([provider, gpuType, teamId, userName, pattern])
    const named = tries.filter(({ pattern }) => pattern !== '')
    const found = [...Map.groupBy(named, keyOf)].map(([thing, jobs]) => {
      const [{ teamId, teamName, userName, pattern, provider, gpuType }] = jobs as [HeldJob]
      const costOf = (job: HeldJob) => job.days.reduce((sum, day) => sum + day.costNanoUsd, 0n)
      return {
        ...{ thing, teamId, effort: 'low' as const, confidence: 'medium' as const },
        title: `${pattern} of ${teamName} fails on ${nameOfPool({ provider, gpuType })} and is tried again`,
        action: 'Find out why it fails before it runs again: a short run on one GPU shows most of it',
        formula: `What its ${jobs.length} failed tries on ${nameOfPool({ provider, gpuType })} cost`,
        because: `${jobs.length} tries${userName ? ` of ${userName}` : ''} failed and were begun again; a first failure nobody can spare is counted too`,
        href: doorTo('/jobs', estate.window, { provider, gpu_type: gpuType, team_id: teamId, status: 'failed' }),
        evidence: [...jobs]
          .sort((a, b) => (costOf(a) > costOf(b) ? -1 : 1))
          .slice(0, MOST_EVIDENCE)
          .map((job) => ({
            ...{
              what: `Job ${job.name}`,
              note: 'failed, tried again',
              costNanoUsd: costOf(job),
              href: `/jobs/${job.id}`,
            },
            gpuSeconds: job.days.reduce((sum, day) => sum + day.gpuSeconds, 0),
          })),
        claims: jobs.flatMap((job) =>
          job.days.map((day, at) => ({
            path: [...partsOver(estate, job, day.day), jobPart(job, at)],
            ...{ touchedNanoUsd: day.costNanoUsd, savedNanoUsd: day.costNanoUsd },
          })),
        ),
        isWorth: jobs.length >= FEWEST_TRIES,
      }
    })
    const nameless = tries.length - named.length
    return {
      found,
      notLooked: nameless
        ? [
            {
              thing: `${nameless} failed jobs`,
              missing: 'They have neither a name nor a model, so nobody knows what was tried again',
            },
          ]
        : [],
    }
  },
}
