import { sql } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import type { Id } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { readDeployment } from './deployment.ts'
import { writeServingJob } from './serving-job.ts'
import { DEPLOYMENT_SOURCE } from './serving-team.ts'

/**
 * Ends the jobs of deployments whose end has come since the clock last looked, at that very instant. Answers how many.
 * Their pool-days then wait for `shareStale`. Safe to run beside itself and to be cut off anywhere.
 */
export async function endDeployments(scope: Scope): Promise<number> {
  const due = await scope.db.all<{ id: Id<'dep'> }>(sql`
    select j.job_id as id from jobs j join deployments d on 'dep_' || d.id = j.job_id
    where j.status = 'running' and j.source = ${DEPLOYMENT_SOURCE} and d.ends_at_ms <= ${BigInt(scope.now())}`)
  for (const { id } of due)
    await writeTransaction(scope.db, async (tx) => writeServingJob(tx, scope, await readDeployment(tx, id)))
  return due.length
}
