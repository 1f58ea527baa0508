import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { jobs } from '../../db/schema/jobs.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import { HelioxError } from '../errors.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { namedTeam } from '../teams/named-team.ts'
import { versioned } from '../versions.ts'
import { type JobAlone, readJob } from './job.ts'
import { checkedJob, columnsOf, daysOf, placeJob, requireFreeJobId, statusOf } from './job-fields.ts'
import type { NewJob } from './job-input.ts'

/**
 * Enters a job, in the team that rules give it to if they do, and cuts it into days; what it cost is shared right after, and the ledger adds up all along. Without a
 * status the times say it: completed, running or pending.
 *
 * @throws HelioxError conflict `jobs.job_id_taken`; what `checkedJob`, `namedTeam` and `placeJob` throw
 */
export async function createJob(scope: Scope, input: z.output<typeof NewJob>): Promise<JobAlone> {
  allow(scope, 'jobs:write')
  const { jobId, provider, gpuType, source = '', gpuCount = 1, startTime = null, endTime = null } = input
  requireOwnSource(source)
  const created = await writeTransaction(scope.db, async (tx) => {
    const team = await namedTeam(tx, scope, input)
    if (!team) throw new HelioxError('invalid', 'jobs.missing', 'Invalid request: team_id: a team is needed')
    const job = checkedJob(
      {
        ...{
          source,
          jobId,
          run: '',
          teamName: team.name,
          userName: input.userName ?? '',
          jobName: input.jobName ?? '',
          modelName: input.modelName ?? '',
          provider,
          gpuType,
          gpuCount,
        },
        ...{ startedAtMs: startTime, endedAtMs: endTime, status: input.status ?? statusOf(startTime, endTime) },
      },
      scope.now(),
    )
    await requireFreeJobId(tx, job)
    const fields = { ...columnsOf(job), teamId: team.id, poolId: await findOrCreatePool(tx, job) }
    const [row] = await tx.insert(jobs).values(fields).returning({ id: jobs.id })
    if (!row) throw new Error('the job was not stored')
    await placeJob(tx, scope, row.id)
    const stored = await readJob(tx, scope, row.id)
    await note(tx, scope, { action: 'jobs.create', targetId: row.id, target: jobId, after: stored })
    return stored
  })
  await shareSoon(scope, daysOf(created, scope.now()))
  return versioned(created)
}
