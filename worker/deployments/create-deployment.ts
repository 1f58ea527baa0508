import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { deployments } from '../../db/schema/deployments.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { notTooLong } from '../ingest/importers/job-row.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { alone, type DeploymentAlone } from './deployment.ts'
import type { NewDeployment } from './deployment-input.ts'
import { daysHeld, writeServingJob } from './serving-job.ts'

/**
 * Enters a deployment and the job that it is; its GPUs take part in allocation from its start on.
 *
 * @throws HelioxError invalid `deployments.end_before_start`, `deployments.too_long`
 */
export async function createDeployment(scope: Scope, input: z.output<typeof NewDeployment>): Promise<DeploymentAlone> {
  allow(scope, 'deployments:write')
  const { startsAt: startsAtMs, endsAt, ...named } = input
  const fields = { ...named, startsAtMs, endsAtMs: endsAt ?? null }
  requirePeriod(fields, scope.now())
  const made = await writeTransaction(scope.db, async (tx) => {
    const [stored] = await tx
      .insert(deployments)
      .values({ ...fields, createdAtMs: scope.now() })
      .returning()
    if (!stored) throw new Error('the deployment was not stored')
    await writeServingJob(tx, scope, stored)
    await note(tx, scope, { action: 'deployments.create', targetId: stored.id, target: stored.model, after: stored })
    return stored
  })
  await shareSoon(scope, daysHeld(made, scope.now()))
  return alone(made, scope.now())
}

type Period = { startsAtMs: EpochMs; endsAtMs: EpochMs | null }

/** What holds of every job: an end after its start, and no longer than a job may be. */
export function requirePeriod({ startsAtMs, endsAtMs }: Period, now: EpochMs): void {
  if (endsAtMs !== null && endsAtMs <= startsAtMs) {
    const details = ['ends_at: must be after starts_at']
    throw new HelioxError('invalid', 'deployments.end_before_start', `Invalid request: ${details[0]}`, { details })
  }
  const job = {
    ...{ kind: 'job' as const, line: 0, source: '', jobId: '', run: '', teamName: '', userName: '', jobName: '' },
    ...{ modelName: '', provider: '', gpuType: '', gpuMilli: 1000, startedAtMs: startsAtMs, endedAtMs: endsAtMs },
    status: endsAtMs === null ? ('running' as const) : ('completed' as const),
  }
  const checked = notTooLong(job, now)
  if (checked.kind === 'job') return
  const details = [`starts_at: ${checked.message}`]
  throw new HelioxError('invalid', 'deployments.too_long', `Invalid request: ${details[0]}`, { details })
}
