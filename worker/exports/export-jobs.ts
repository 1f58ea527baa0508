import { and, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { teams } from '../../db/schema/teams.ts'
import { gpusOfMilli } from '../../db/units/gpu.ts'

import { DAYS_IN_ORDER, DayRange, daysInOrder } from '../day-range.ts'
import { narrowedJobs } from '../jobs/job-filters.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { csvLines } from './csv-lines.ts'

const PAGE_ROWS = 5_000

/** The columns of a documented jobs file, and the run, user and name. The team is the one that the job is charged to. */
const COLUMNS = [
  ...(['job_id', 'team_name', 'model_name', 'provider', 'gpu_type', 'gpu_count', 'start_time', 'end_time'] as const),
  ...(['status', 'run', 'user_name', 'job_name'] as const),
] as const

export const JobsExported = z
  .object({ ...DayRange, source: z.string().max(100).optional().describe('Jobs of this scheduler alone') })
  .refine(daysInOrder, DAYS_IN_ORDER)

/**
 * The jobs that the actor sees as a jobs file, in the order of their ids. Sent to an empty Heliox, it brings the same
 * jobs and the same export again. A file has one source: without `source`, that of a job stands before its run
 * ("slurm/…"), so that no two rows are one job.
 */
export function exportJobs(scope: Scope, asked: z.output<typeof JobsExported>): AsyncIterable<string> {
  allow(scope, 'ledger:read')
  return csvLines(COLUMNS, pages(scope, asked))
}

type JobRow = Record<'jobId' | 'teamName' | 'modelName' | 'provider' | 'gpuType' | 'status' | 'run', string> &
  Record<'userName' | 'jobName', string> &
  Record<'id' | 'gpuMilli', bigint> &
  Record<'startedAtMs' | 'endedAtMs', bigint | null>

async function* pages(scope: Scope, asked: z.output<typeof JobsExported>) {
  const run =
    asked.source === undefined
      ? sql`iif(${jobs.source} = '', ${jobs.run}, ${jobs.source} || '/' || ${jobs.run})`
      : sql`${jobs.run}`
  for (let after: SQL = sql`1`; ; ) {
    const rows = await scope.db.all<JobRow>(sql`
      select ${jobs.id} as id, ${jobs.jobId} as jobId, ${teams.name} as teamName, ${jobs.modelName} as modelName,
        ${pools.provider} as provider, ${pools.gpuType} as gpuType, ${jobs.gpuMilli} as gpuMilli,
        ${jobs.startedAtMs} as startedAtMs, ${jobs.endedAtMs} as endedAtMs, ${jobs.status} as status, ${run} as run,
        ${jobs.userName} as userName, ${jobs.jobName} as jobName
      from ${jobs} join ${teams} on ${teams.id} = ${jobs.teamId} join ${pools} on ${pools.id} = ${jobs.poolId}
      where ${and(narrowedJobs(scope, asked), after)}
      order by ${jobs.jobId}, ${run}, ${jobs.id} limit ${BigInt(PAGE_ROWS)}`)
    yield rows.map((row) => ({
      ...{ job_id: row.jobId, team_name: row.teamName, model_name: row.modelName, provider: row.provider },
      ...{ gpu_type: row.gpuType, gpu_count: String(gpusOfMilli(row.gpuMilli)), status: row.status, run: row.run },
      ...{ user_name: row.userName, job_name: row.jobName },
      ...{ start_time: timeText(row.startedAtMs), end_time: timeText(row.endedAtMs) },
    }))
    const last = rows.at(-1)
    if (!last || rows.length < PAGE_ROWS) return
    after = sql`(${jobs.jobId} >= ${last.jobId} and (${jobs.jobId}, ${run}, ${jobs.id}) > (${last.jobId}, ${last.run}, ${last.id}))`
  }
}

/** To the second, as most schedulers know it; to the millisecond where it is finer. */
function timeText(ms: bigint | null): string {
  if (ms === null) return ''
  return new Date(Number(ms)).toISOString().replace('.000Z', 'Z')
}
