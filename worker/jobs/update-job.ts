import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { jobs } from '../../db/schema/jobs.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { namedTeam } from '../teams/named-team.ts'
import { requireVersion, versioned } from '../versions.ts'
import { type Job, type JobAlone, readJob } from './job.ts'
import { checkedJob, columnsOf, daysOf, placeJob, requireFreeJobId, requireNoDeployment } from './job-fields.ts'
import type { JobChange } from './job-input.ts'

/**
 * Changes a job and cuts it into days anew. Another team is as if its file named it: the rules in force go before. Its import brings it back to what the file says when it is sent again.
 *
 * @throws HelioxError not_found `jobs.no_job`; precondition `request.version_changed`; conflict `jobs.job_id_taken`, `jobs.is_deployment`; what
 *   `checkedJob`, `namedTeam` and `placeJob` throw
 */
export async function updateJob(scope: Scope, input: z.output<typeof JobChange>): Promise<JobAlone> {
  allow(scope, 'jobs:write')
  const { id, version } = input
  const { before, after } = await writeTransaction(scope.db, async (tx) => {
    const before = await readJob(tx, scope, id)
    requireVersion(before, version)
    requireNoDeployment(before)
    const team = (await namedTeam(tx, scope, input)) ?? { id: before.teamId, name: before.teamName }
    const job = checkedJob({ ...changed(before, input), teamName: team.name }, scope.now())
    requireOwnSource(job.source, before.source)
    if (job.jobId !== before.jobId || job.source !== before.source) await requireFreeJobId(tx, job)
    const columns = { ...columnsOf(job), teamId: team.id, poolId: await findOrCreatePool(tx, job), changedBy: 0 }
    const said = team.id !== before.teamId ? { ...columns, sourceTeamId: null } : columns
    await tx.update(jobs).set(said).where(eq(jobs.id, id))
    await placeJob(tx, scope, id)
    const after = await readJob(tx, scope, id)
    await note(tx, scope, { action: 'jobs.update', targetId: id, target: after.jobId, before, after })
    return { before, after }
  })
  await shareSoon(scope, sql`(${daysOf(before, scope.now())} or ${daysOf(after, scope.now())})`)
  return versioned(after)
}

function changed(before: Job, input: z.output<typeof JobChange>): Job {
  const { modelName, userName, jobName, startTime, endTime } = input
  return {
    ...before,
    jobId: input.jobId ?? before.jobId,
    source: input.source ?? before.source,
    userName: userName === undefined ? before.userName : (userName ?? ''),
    jobName: jobName === undefined ? before.jobName : (jobName ?? ''),
    modelName: modelName === undefined ? before.modelName : (modelName ?? ''),
    provider: input.provider ?? before.provider,
    gpuType: input.gpuType ?? before.gpuType,
    gpuCount: input.gpuCount ?? before.gpuCount,
    startedAtMs: startTime === undefined ? before.startedAtMs : startTime,
    endedAtMs: endTime === undefined ? before.endedAtMs : endTime,
    status: input.status ?? before.status,
  }
}
