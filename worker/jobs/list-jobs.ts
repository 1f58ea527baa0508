import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { jobs } from '../../db/schema/jobs.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { idText } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Window } from '../../db/units/time.ts'
import { GpuTime, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder, windowOf } from '../day-range.ts'
import { IdText, Paging, TablePaging } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Job, seenJob, selectJobs } from './job.ts'
import { JobFilters, narrowedJobs } from './job-filters.ts'
import { inDays, JobOrdering, orderedFrom, orderOf } from './job-order.ts'

const Asked = {
  ...{ ...JobFilters, ...JobOrdering },
  around: IdText('job').optional().describe('Asks for the page that holds this job, in place of skip'),
}
export const JobsAsked = z.object({ ...Paging, ...Asked }).refine(daysInOrder, DAYS_IN_ORDER)
type JobsAsked = z.output<typeof JobsAsked>

/** The same in larger pages. */
export const JobTableAsked = z.object({ ...TablePaging, ...Asked }).refine(daysInOrder, DAYS_IN_ORDER)

/** What a job held and was charged, in the days asked for; without days, in its whole life. */
const Figures = z.object({
  gpuSeconds: GpuTime,
  allocationCostNanoUsd: Usd.nullable().describe('Null: nothing was billed on its days, or they wait to be shared'),
  usageCostNanoUsd: Usd.nullable().describe('Null also where the capacity of its pools is unknown'),
})
type Figures = z.output<typeof Figures>

export const ListedJob = Job.extend(Figures.shape)
export type ListedJob = z.output<typeof ListedJob>
export const JobsPage = PageOf('jobs', ListedJob)

/**
 * Jobs of the actor's teams in the order asked for, else in that in which they came; paging through shows each once.
 * Effective cost.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listJobs(scope: Scope, asked: JobsAsked): Promise<z.output<typeof JobsPage>> {
  allow(scope, 'ledger:read')
  for (const teamId of asked.teamId ?? []) requireTeam(scope, teamId)
  const where = narrowedJobs(scope, asked) ?? sql`1`
  const window = windowOf(asked)
  const { limit } = asked
  const skip = await startOfPage(scope, asked, where)
  const [found, counted] = await readBatch(scope.db, [
    sql`select ${jobs.id} as id from ${orderedFrom(asked, window)} where ${where}
      order by ${orderOf(asked, window)} limit ${BigInt(limit)} offset ${BigInt(skip)}`,
    sql`select count(*) as total from ${jobs} where ${where}`,
  ])
  const rows = (found?.rows ?? []).map(({ id }) => id as unknown as bigint)
  const page = await jobsOf(scope, rows, window)
  return pageOf('jobs', page, Number(counted?.rows[0]?.total ?? 0), { skip, limit }, visibleTeams(scope) !== null)
}

/** Where the page begins that holds the job asked for; where the list does not hold it, the page asked for. */
async function startOfPage(scope: Scope, asked: JobsAsked, where: SQL): Promise<number> {
  const { around, skip, limit } = asked
  if (around === undefined) return skip
  const window = windowOf(asked)
  const [row] = await scope.db.all<{ place: bigint }>(sql`select place from (
      select ${jobs.id} as id, row_number() over (order by ${orderOf(asked, window)}) - 1 as place
      from ${orderedFrom(asked, window)} where ${where})
    where id = ${sql.param(around, jobs.id)}`)
  return row ? Number(row.place) - (Number(row.place) % limit) : skip
}

/** The jobs of these rows, in their order. */
async function jobsOf(scope: Scope, rows: readonly bigint[], window: Window | null): Promise<ListedJob[]> {
  const listed = sql`(select value from json_each(${JSON.stringify(rows.map(Number))}))`
  const [known, sums] = await Promise.all([
    selectJobs(scope.db).where(sql`${jobs.id} in ${listed}`),
    scope.db.all<Record<'job_id' | 'gpu_ms', bigint> & Record<'allocation' | 'usage', bigint | null>>(
      figuresOf(listed, window),
    ),
  ])
  const figures = new Map(
    sums.map(({ job_id, gpu_ms, allocation, usage }) => [
      idText('job', job_id),
      {
        gpuSeconds: gpuSecondsOfMs(gpu_ms),
        ...{ allocationCostNanoUsd: allocation as NanoUsd | null, usageCostNanoUsd: usage as NanoUsd | null },
      },
    ]),
  )
  const byId = new Map(known.map((row) => [row.id, { ...seenJob(scope, row), ...(figures.get(row.id) ?? NOTHING) }]))
  return rows.flatMap((row) => byId.get(idText('job', row)) ?? []) // one that was removed meanwhile is left out
}

const NOTHING: Figures = { gpuSeconds: 0, allocationCostNanoUsd: null, usageCostNanoUsd: null }

function figuresOf(listed: SQL, window: Window | null): SQL {
  // The plus keeps the days from leading: the jobs are few.
  return sql`select s.job_id, sum(s.gpu_ms) as gpu_ms, sum(s.allocation_nano_usd) as allocation,
      sum(s.usage_nano_usd) as usage
    from job_day_shares s where s.job_id in ${listed} and ${inDays(window)} group by s.job_id`
}
