import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { removeJobs } from '../analytics/job-days.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { readJob } from './job.ts'
import { daysOf, requireNoDeployment } from './job-fields.ts'

export const JobRemoval = z.object({ id: IdText('job'), version: SeenVersion })

/**
 * Takes a job away; what it was charged goes to who else was there, or is unallocated or idle.
 *
 * @throws HelioxError not_found `jobs.no_job`; precondition `request.version_changed`; conflict `jobs.is_deployment`
 */
export async function removeJob(scope: Scope, { id, version }: z.output<typeof JobRemoval>): Promise<void> {
  allow(scope, 'jobs:write')
  const before = await writeTransaction(scope.db, async (tx) => {
    const stored = await readJob(tx, scope, id)
    requireVersion(stored, version)
    requireNoDeployment(stored)
    for (const statement of removeJobs(sql`select ${BigInt(rowOf('job', id) ?? 0)}`)) await tx.run(statement)
    await note(tx, scope, { action: 'jobs.remove', targetId: id, target: stored.jobId, before: stored, after: null })
    return stored
  })
  await shareSoon(scope, daysOf(before, scope.now()))
}
