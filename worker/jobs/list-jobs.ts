import { and, asc, count, eq, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { JOB_STATUSES, jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { normalName } from '../../db/units/gpu.ts'
import { startOf } from '../../db/units/time.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayRange, daysInOrder, windowOf } from '../day-range.ts'
import { IdText, NormalName, Paging } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { Job, seenJob, selectJobs } from './job.ts'

export const JobStatusText = z
  .string()
  .describe(`One of ${JOB_STATUSES.join(', ')}, in any case`)
  .meta({ examples: ['completed'] })
  .transform(normalName)
  .pipe(z.enum(JOB_STATUSES))

/** What narrows a list of jobs: all that is given together. Days: the job held GPUs on one of them. */
export const JobsAsked = z
  .object({
    ...Paging,
    ...DayRange,
    teamId: IdText('team').optional(),
    status: JobStatusText.optional(),
    provider: NormalName.optional(),
    gpuType: NormalName.optional(),
    modelName: z.string().max(200).optional(),
    source: z.string().max(100).optional(),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
type JobsAsked = z.output<typeof JobsAsked>

export const JobsPage = PageOf('jobs', Job)

/**
 * Jobs of the actor's teams in the order in which they came; paging through shows each once.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listJobs(scope: Scope, asked: JobsAsked): Promise<z.output<typeof JobsPage>> {
  allow(scope, 'ledger:read')
  if (asked.teamId) requireTeam(scope, asked.teamId)
  const where = narrowedJobs(scope, asked)
  const { skip, limit } = asked
  const rows = await selectJobs(scope.db).where(where).orderBy(asc(jobs.id)).limit(limit).offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(jobs)
    .innerJoin(pools, eq(pools.id, jobs.poolId))
    .where(where)
  const seen = rows.map((row) => seenJob(scope, row))
  return pageOf('jobs', seen, all?.total ?? 0, asked, visibleTeams(scope) !== null)
}

/** The jobs that the actor sees and asks for, as a condition. Door: for whoever lists them in another way. */
export function narrowedJobs(scope: Scope, asked: Omit<JobsAsked, 'skip' | 'limit'>): SQL | undefined {
  const { teamId, status, provider, gpuType, modelName, source } = asked
  const window = windowOf(asked)
  const ended = sql`coalesce(${jobs.endedAtMs}, iif(${jobs.status} = 'running', ${BigInt(scope.now())}, ${jobs.startedAtMs}))`
  return and(
    ofVisibleTeams(scope, jobs.teamId),
    teamId && eq(jobs.teamId, teamId),
    status && eq(jobs.status, status),
    provider === undefined ? undefined : eq(pools.provider, provider),
    gpuType === undefined ? undefined : eq(pools.gpuType, gpuType),
    modelName === undefined ? undefined : eq(jobs.modelName, modelName),
    source === undefined ? undefined : eq(jobs.source, source),
    window ? lt(jobs.startedAtMs, startOf(window.before)) : undefined,
    window ? sql`${ended} >= ${BigInt(startOf(window.from))}` : undefined,
  )
}
