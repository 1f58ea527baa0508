import { and, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { z } from 'zod'
import { imports } from '../../db/schema/ingest.ts'
import { JOB_STATUSES, jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { teams } from '../../db/schema/teams.ts'
import { gpusOfMilli } from '../../db/units/gpu.ts'
import { type Id, rowOf } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { visibleImports } from '../ingest/import-view.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams, type Reader } from '../teams/team.ts'
import { versioned } from '../versions.ts'

/** One run of one scheduler job. */
export const Job = z.object({
  id: AnsweredId('job'),
  source: z.string().describe('Which scheduler the job id is from; empty: the documented files'),
  jobId: z
    .string()
    .describe('The id that the source gave it')
    .meta({ examples: ['job-001'] }),
  run: z.string().describe('Tells the runs of one job id apart where the source reuses it'),
  teamId: AnsweredId('team'),
  teamName: z.string(),
  sourceTeamName: z
    .string()
    .nullable()
    .describe(
      'The team that its file names, where a rule gave the job to another; null: the same, or not yours to see',
    ),
  userName: z.string().describe('Who ran it, as its scheduler says; empty where it does not'),
  jobName: z.string().describe('What they called it; empty where the scheduler does not say'),
  modelName: z.string(),
  provider: z.string(),
  gpuType: z.string(),
  gpuCount: z
    .number()
    .describe('GPUs that it holds; parts in thousandths')
    .meta({ examples: [0.25] }),
  startedAtMs: Instant.nullable().describe('Null: not started'),
  endedAtMs: Instant.nullable().describe('Null: not ended; a running job counts up to now'),
  status: z.enum(JOB_STATUSES),
})
export type Job = z.output<typeof Job>

export const JobAlone = Job.extend({ version: Version })
export type JobAlone = z.output<typeof JobAlone>

const OwnImport = AnsweredId('imp').nullable()
const FileName = z
  .string()
  .nullable()
  .meta({ examples: ['jobs.csv'] })

/** A job with where it is from. */
export const JobSeen = JobAlone.extend({
  createdByImportId: OwnImport.describe('The import that brought it; null: entered by hand, or not yours to see'),
  createdByFileName: FileName.describe('What that import’s file was called; empty: it had no name'),
  changedByImportId: OwnImport.describe('The import that last changed it; null: none since a change by hand'),
  changedByFileName: FileName.describe('What that import’s file was called; empty: it had no name'),
})

const sourceTeams = alias(teams, 'source_teams')

const columns = {
  ...{ id: jobs.id, source: jobs.source, jobId: jobs.jobId, run: jobs.run, teamId: jobs.teamId, teamName: teams.name },
  ...{ sourceTeamId: jobs.sourceTeamId, sourceTeamName: sourceTeams.name },
  ...{ userName: jobs.userName, jobName: jobs.jobName },
  ...{
    modelName: jobs.modelName,
    provider: pools.provider,
    gpuType: pools.gpuType,
    gpuCount: sql<number>`${jobs.gpuMilli}`.mapWith(gpusOfMilli),
  },
  ...{ startedAtMs: jobs.startedAtMs, endedAtMs: jobs.endedAtMs, status: jobs.status },
}

/** Jobs still to be narrowed, ordered, and answered by `seenJob`. */
export function selectJobs(reader: Reader) {
  return reader
    .select(columns)
    .from(jobs)
    .innerJoin(teams, eq(teams.id, jobs.teamId))
    .innerJoin(pools, eq(pools.id, jobs.poolId))
    .leftJoin(sourceTeams, eq(sourceTeams.id, jobs.sourceTeamId))
}

/** A selected job as the actor may see it: the name of another's team is not theirs to read. */
export function seenJob(
  scope: Pick<Scope, 'actor'>,
  { sourceTeamId, sourceTeamName, ...job }: Awaited<ReturnType<typeof selectJobs>>[number],
): Job {
  const visible = visibleTeams(scope)
  const isSeen = sourceTeamId !== null && (visible === null || visible.includes(sourceTeamId))
  return { ...job, sourceTeamName: isSeen ? sourceTeamName : null }
}

/**
 * One job.
 *
 * @throws HelioxError not_found `jobs.no_job`, for one of another's team as for one that never was
 */
export async function job(scope: Scope, { id }: { id: Id<'job'> }): Promise<z.output<typeof JobSeen>> {
  allow(scope, 'ledger:read')
  const seen = versioned(await readJob(scope.db, scope, id))
  const [from] = await scope.db
    .select({ created: jobs.createdBy, changed: jobs.changedBy })
    .from(jobs)
    .where(eq(jobs.id, id))
  const { created, changed } = from ?? { created: 0, changed: 0 }
  const brought = sql`${imports.id} in (${BigInt(created)}, ${BigInt(changed)})`
  const visible = await scope.db
    .select({ id: imports.id, fileName: imports.fileName })
    .from(imports)
    .where(and(brought, visibleImports(scope)))
  const importOf = (row: number) => visible.find((one) => rowOf('imp', one.id) === row)
  const [creator, changer] = [importOf(created), importOf(changed)]
  return {
    ...seen,
    ...{ createdByImportId: creator?.id ?? null, createdByFileName: creator?.fileName ?? null },
    ...{ changedByImportId: changer?.id ?? null, changedByFileName: changer?.fileName ?? null },
  }
}

/** The stored job, if the actor may see it. @throws HelioxError not_found `jobs.no_job` */
export async function readJob(reader: Reader, scope: Pick<Scope, 'actor'>, id: Id<'job'>): Promise<Job> {
  const [row] = await selectJobs(reader).where(and(eq(jobs.id, id), ofVisibleTeams(scope, jobs.teamId)))
  if (!row) throw new HelioxError('not_found', 'jobs.no_job', `There is no job ${id}`)
  return seenJob(scope, row)
}
