import { z } from 'zod'
import { PageOf } from '../answer-fields.ts'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createJob } from './create-job.ts'
import { type Job, JobAlone, JobSeen, job } from './job.ts'
import { JobCostAsked, JobDays, jobCost } from './job-cost.ts'
import { JobChange, NewJob } from './job-input.ts'
import { JobsAsked, ListedJob, listJobs } from './list-jobs.ts'
import { JobRemoval, removeJob } from './remove-job.ts'
import { JobsNarrowed, JobsTotal, totalJobs } from './total-jobs.ts'
import { updateJob } from './update-job.ts'

const Time = z
  .string()
  .nullable()
  .meta({ format: 'date-time', examples: ['2026-01-13T08:00:00.000Z'] })

/** The documents call a job's instants start_time and end_time. */
const times = {
  startTime: Time.describe('Null: not started'),
  endTime: Time.describe('Null: not ended; a running job counts up to now'),
}
const DocumentedJob = ListedJob.omit({ startedAtMs: true, endedAtMs: true }).extend(times)
const DocumentedJobAlone = JobAlone.omit({ startedAtMs: true, endedAtMs: true }).extend(times)
const DocumentedJobSeen = JobSeen.omit({ startedAtMs: true, endedAtMs: true }).extend(times)

export const jobsRoutes = [
  rest(
    'GET',
    '/jobs',
    { summary: 'Jobs', input: JobsAsked, answers: PageOf('jobs', DocumentedJob) },
    async (scope, asked) => {
      const page = await listJobs(scope, asked)
      return { ...page, jobs: page.jobs.map(documented) }
    },
  ),
  rest(
    'POST',
    '/jobs',
    { summary: 'Enter a job', input: NewJob, answers: DocumentedJobAlone, status: 201 },
    async (scope, asked) => documented(await createJob(scope, asked)),
  ),
  rest(
    'GET',
    '/jobs/total',
    { summary: 'What jobs held and cost together', input: JobsNarrowed, answers: JobsTotal },
    totalJobs,
  ),
  rest(
    'GET',
    '/jobs/:id',
    { summary: 'One job', input: z.object({ id: IdText('job') }), answers: DocumentedJobSeen },
    async (scope, asked) => documented(await job(scope, asked)),
  ),
  rest(
    'GET',
    '/jobs/:id/cost',
    { summary: 'Why a job cost what it did', input: JobCostAsked, answers: JobDays },
    jobCost,
  ),
  rest(
    'PUT',
    '/jobs/:id',
    { summary: 'Change a job', input: JobChange, answers: DocumentedJobAlone },
    async (scope, asked) => documented(await updateJob(scope, asked)),
  ),
  rest('DELETE', '/jobs/:id', { summary: 'Take a job away', input: JobRemoval, status: 204 }, removeJob),
]

function documented<J extends Job>({ startedAtMs, endedAtMs, ...rest }: J) {
  const text = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return { ...rest, startTime: text(startedAtMs), endTime: text(endedAtMs) }
}
