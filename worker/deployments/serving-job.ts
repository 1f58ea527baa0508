import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { jobs } from '../../db/schema/jobs.ts'
import { type Id, rowOf } from '../../db/units/ids.ts'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import { cutIntoDays, removeJobs } from '../analytics/job-days.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import type { Scope } from '../scope.ts'
import type { Deployment } from './deployment.ts'
import { DEPLOYMENT_SOURCE, findOrCreateServingTeam } from './serving-team.ts'

/**
 * Writes the job that a deployment is and cuts it into days, in the transaction that stores the deployment: allocation
 * knows jobs only. It runs as long as its end has not come; one in the future is set by the clock when it comes.
 */
export async function writeServingJob(tx: Tx, scope: Scope, stored: Deployment): Promise<void> {
  const { id, model, gpuCount, startsAtMs, endsAtMs } = stored
  const hasEnded = endsAtMs !== null && endsAtMs <= scope.now()
  const fields = {
    ...{ teamId: await findOrCreateServingTeam(tx, scope), poolId: await findOrCreatePool(tx, stored) },
    ...{ modelName: model, gpuMilli: gpuCount * 1000, startedAtMs: startsAtMs },
    ...{ endedAtMs: hasEnded ? endsAtMs : null, status: hasEnded ? ('completed' as const) : ('running' as const) },
  }
  const key = { source: DEPLOYMENT_SOURCE, jobId: id, run: '' }
  const [row] = await tx
    .insert(jobs)
    .values({ ...key, ...fields })
    .onConflictDoUpdate({ target: [jobs.jobId, jobs.source, jobs.run], set: fields })
    .returning({ id: jobs.id })
  if (!row) throw new Error('the deployment’s job was not stored')
  const ids = sql`select ${BigInt(rowOf('job', row.id) ?? 0)} as id`
  for (const statement of cutIntoDays(ids, scope.now())) await tx.run(statement)
}

/** Takes that job out of the ledger. */
export async function removeServingJob(tx: Tx, id: Id<'dep'>): Promise<void> {
  const [row] = await tx.select({ id: jobs.id }).from(jobs).where(ofDeployment(id))
  if (!row) return
  const ids = sql`select ${BigInt(rowOf('job', row.id) ?? 0)}`
  for (const statement of removeJobs(ids)) await tx.run(statement)
}

/** The pool-days `p` that a deployment holds up to now. */
export function daysHeld({ provider, gpuType, startsAtMs, endsAtMs }: Deployment, now: EpochMs): SQL {
  const until = endsAtMs !== null && endsAtMs < now ? endsAtMs : now
  return sql`(p.pool_id in (select id from pools where provider = ${provider} and gpu_type = ${gpuType})
    and p.day >= ${dayOf(startsAtMs)} and p.day <= ${dayOf(until)})`
}

function ofDeployment(id: Id<'dep'>) {
  return and(eq(jobs.jobId, id), eq(jobs.source, DEPLOYMENT_SOURCE), eq(jobs.run, ''))
}
