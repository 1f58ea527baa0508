import { and, asc, count, eq, type SQL } from 'drizzle-orm'
import { type JobStatus, jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { teams } from '../../db/schema/teams.ts'
import type { Id, TeamId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'

export { JOB_STATUSES } from '../../db/schema/jobs.ts'

/** One run of one scheduler job. `jobId` is the scheduler's own id; null times: not started, not ended. */
export type Job = {
  id: Id<'job'>
  source: string
  jobId: string
  run: string
  teamId: TeamId
  teamName: string
  modelName: string
  provider: string
  gpuType: string
  gpuCount: number
  startedAtMs: EpochMs | null
  endedAtMs: EpochMs | null
  status: JobStatus
}

export type JobFilters = { teamId?: TeamId | undefined; status?: JobStatus | undefined; provider?: string | undefined }

const columns = {
  ...{ id: jobs.id, source: jobs.source, jobId: jobs.jobId, run: jobs.run, teamId: jobs.teamId, teamName: teams.name },
  ...{ modelName: jobs.modelName, provider: pools.provider, gpuType: pools.gpuType, gpuCount: jobs.gpuCount },
  ...{ startedAtMs: jobs.startedAtMs, endedAtMs: jobs.endedAtMs, status: jobs.status },
}

/** Jobs in the order in which they came, narrowed by every filter that is given; paging through shows each once. */
export async function listJobs({ db }: Scope, asked: JobFilters & { skip: number; limit: number }) {
  const { teamId, status, provider, skip, limit } = asked
  const narrowed: SQL | undefined = and(
    teamId ? eq(jobs.teamId, teamId) : undefined,
    status ? eq(jobs.status, status) : undefined,
    provider ? eq(pools.provider, provider) : undefined,
  )
  const rows: Job[] = await db
    .select(columns)
    .from(jobs)
    .innerJoin(teams, eq(teams.id, jobs.teamId))
    .innerJoin(pools, eq(pools.id, jobs.poolId))
    .where(narrowed)
    .orderBy(asc(jobs.id))
    .limit(limit)
    .offset(skip)
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(jobs)
    .innerJoin(pools, eq(pools.id, jobs.poolId))
    .where(narrowed)
  const total = all?.total ?? 0
  return { jobs: rows, total, skip, limit, hasMore: skip + rows.length < total }
}

/** @throws HelioxError not_found `jobs.no_job` */
export async function job({ db }: Scope, { id }: { id: Id<'job'> }): Promise<Job> {
  const [row] = await db
    .select(columns)
    .from(jobs)
    .innerJoin(teams, eq(teams.id, jobs.teamId))
    .innerJoin(pools, eq(pools.id, jobs.poolId))
    .where(eq(jobs.id, id))
  if (!row) throw new HelioxError('not_found', 'jobs.no_job', `There is no job ${id}`)
  return row
}
