import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { deployments } from '../../db/schema/deployments.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { readDeployment } from './deployment.ts'
import type { DeploymentRemoval } from './deployment-input.ts'
import { daysHeld, removeServingJob } from './serving-job.ts'

/**
 * Takes a deployment away as if it had never been: what it was charged goes to who else was there, or is unallocated or
 * idle. To stop serving, end it instead.
 *
 * @throws HelioxError not_found `deployments.no_deployment`; precondition `request.version_changed`
 */
export async function removeDeployment(
  scope: Scope,
  { id, version }: z.output<typeof DeploymentRemoval>,
): Promise<void> {
  allow(scope, 'deployments:write')
  const before = await writeTransaction(scope.db, async (tx) => {
    const stored = await readDeployment(tx, id)
    requireVersion(stored, version)
    await removeServingJob(tx, id)
    await tx.delete(deployments).where(eq(deployments.id, id))
    await note(tx, scope, {
      action: 'deployments.remove',
      targetId: id,
      target: stored.model,
      before: stored,
      after: null,
    })
    return stored
  })
  await shareSoon(scope, daysHeld(before, scope.now()))
}
