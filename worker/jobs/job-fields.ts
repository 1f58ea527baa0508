import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type JobStatus, jobs } from '../../db/schema/jobs.ts'
import { type Id, rowOf } from '../../db/units/ids.ts'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import { cutIntoDays } from '../analytics/job-days.ts'
import { DEPLOYMENT_SOURCE } from '../deployments/serving-team.ts'
import { HelioxError } from '../errors.ts'
import { begun, notTooLong } from '../ingest/importers/job-row.ts'
import { ruleJobs } from '../owner-rules/rule-jobs.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { Job } from './job.ts'

/** What times say of a job whose status nobody says. */
export function statusOf(startedAtMs: EpochMs | null, endedAtMs: EpochMs | null): JobStatus {
  return startedAtMs === null ? 'pending' : endedAtMs === null ? 'running' : 'completed'
}

/**
 * The job as it may be stored: what importers refuse is refused by hand too. One that never started has no end.
 *
 * @throws HelioxError invalid `jobs.missing`, `jobs.reserved`, `jobs.running_ended`, `jobs.end_before_start`,
 *   `jobs.too_long`, naming the field as the documents do
 */
export function checkedJob<J extends Omit<Job, 'id' | 'teamId' | 'sourceTeamName'>>(job: J, now: EpochMs): J {
  const gpuMilli = Math.round(job.gpuCount * 1000)
  const begunJob = begun({ kind: 'job', line: 0, ...job, gpuMilli })
  const checked = begunJob.kind === 'job' ? notTooLong(begunJob, now) : begunJob
  if (checked.kind === 'job') return { ...job, endedAtMs: checked.endedAtMs }
  const details = [`${checked.column}: ${checked.message}`]
  const code = checked.code.replace('ingest.', 'jobs.')
  throw new HelioxError('invalid', code, `Invalid request: ${details[0]}`, { details })
}

/** What is stored of a job, beside its team and its pool. */
export function columnsOf(job: Omit<Job, 'id' | 'teamId' | 'sourceTeamName'>) {
  const { source, jobId, run, userName, jobName, modelName, gpuCount, startedAtMs, endedAtMs, status } = job
  const gpuMilli = Math.round(gpuCount * 1000)
  return { source, jobId, run, userName, jobName, modelName, gpuMilli, startedAtMs, endedAtMs, status }
}

/** For a job that is new or gets another id: no run of its source has it. @throws HelioxError conflict `jobs.job_id_taken` */
export async function requireFreeJobId(tx: Tx, { jobId, source }: Pick<Job, 'jobId' | 'source'>): Promise<void> {
  const [other] = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.jobId, jobId), eq(jobs.source, source)))
    .limit(1)
  if (!other) return
  const where = source === '' ? '' : ` from ${source}`
  throw new HelioxError('conflict', 'jobs.job_id_taken', `There is a job ${jobId}${where} already`)
}

/** For a job that is changed by hand. @throws HelioxError conflict `jobs.is_deployment` */
export function requireNoDeployment({ source, jobId }: Pick<Job, 'source' | 'jobId'>): void {
  if (source !== DEPLOYMENT_SOURCE) return
  throw new HelioxError('conflict', 'jobs.is_deployment', `This is the deployment ${jobId}: change it there`)
}

/**
 * Gives a stored job to the team that the rules in force say, and cuts it into days. Nobody puts a job on another's account
 * by what it is called.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function placeJob(tx: Tx, scope: Scope, id: Id<'job'>): Promise<void> {
  const row = sql`select ${BigInt(rowOf('job', id) ?? 0)} as id`
  await tx.run(ruleJobs(row))
  const [stored] = await tx.select({ teamId: jobs.teamId }).from(jobs).where(eq(jobs.id, id))
  const visible = visibleTeams(scope)
  if (visible !== null && stored && !visible.includes(stored.teamId))
    throw new HelioxError('forbidden', 'auth.other_team', 'A rule gives jobs of this user or name to another team')
  for (const statement of cutIntoDays(row, scope.now())) await tx.run(statement)
}

/** The pool-days `p` that a job holds. A running one holds them up to now. */
export function daysOf({ provider, gpuType, startedAtMs, endedAtMs }: Job, now: EpochMs): SQL {
  if (startedAtMs === null) return sql`0`
  return sql`(p.pool_id in (select id from pools where provider = ${provider} and gpu_type = ${gpuType})
    and p.day >= ${dayOf(startedAtMs)} and p.day <= ${dayOf(endedAtMs ?? now)})`
}
