import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { IdText, Paging } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { JOB_STATUSES, job, listJobs } from './list-jobs.ts'

/** What narrows a list of jobs, the same on both wires. */
export const JobsAsked = z.object({
  ...Paging,
  teamId: IdText('team').optional(),
  status: z.string().transform(normalName).pipe(z.enum(JOB_STATUSES)).optional(),
  provider: z.string().transform(normalName).optional(),
})

export const jobsRoutes = [
  rest('GET', '/jobs', { summary: 'Jobs', input: JobsAsked }, async (scope, asked) => {
    const page = await listJobs(scope, asked)
    return { ...page, jobs: page.jobs.map(documented) }
  }),
  rest('GET', '/jobs/:id', { summary: 'One job', input: z.object({ id: IdText('job') }) }, async (scope, asked) =>
    documented(await job(scope, asked)),
  ),
]

/** The documents call a job's instants start_time and end_time. */
function documented({ startedAtMs, endedAtMs, ...rest }: Awaited<ReturnType<typeof job>>) {
  const text = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return { ...rest, startTime: text(startedAtMs), endTime: text(endedAtMs) }
}
