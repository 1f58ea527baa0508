import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { deployments } from '../../db/schema/deployments.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { requirePeriod } from './create-deployment.ts'
import { alone, type DeploymentAlone, readDeployment } from './deployment.ts'
import type { DeploymentChange } from './deployment-input.ts'
import { daysHeld, writeServingJob } from './serving-job.ts'

/**
 * Changes a deployment, or ends it (`endsAt`), and cuts its job into days anew.
 *
 * @throws HelioxError not_found `deployments.no_deployment`; precondition `request.version_changed`; what `requirePeriod` throws
 */
export async function updateDeployment(
  scope: Scope,
  input: z.output<typeof DeploymentChange>,
): Promise<DeploymentAlone> {
  allow(scope, 'deployments:write')
  const { id, version, startsAt, endsAt, model, provider, gpuType, gpuCount } = input
  const { before, after } = await writeTransaction(scope.db, async (tx) => {
    const before = await readDeployment(tx, id)
    requireVersion(before, version)
    const after = {
      ...before,
      model: model ?? before.model,
      provider: provider ?? before.provider,
      gpuType: gpuType ?? before.gpuType,
      gpuCount: gpuCount ?? before.gpuCount,
      startsAtMs: startsAt ?? before.startsAtMs,
      endsAtMs: endsAt === undefined ? before.endsAtMs : endsAt,
    }
    if (!isChanged(before, after)) return { before, after }
    requirePeriod(after, scope.now())
    await tx.update(deployments).set(after).where(eq(deployments.id, id))
    await writeServingJob(tx, scope, after)
    await note(tx, scope, { action: 'deployments.update', targetId: id, target: after.model, before, after })
    return { before, after }
  })
  await shareSoon(scope, sql`(${daysHeld(before, scope.now())} or ${daysHeld(after, scope.now())})`)
  return alone(after, scope.now())
}
