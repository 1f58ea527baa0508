import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { rowOf } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { formulaOf } from '../analytics/formula.ts'
import { AnsweredDay, GpuTime, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { IdText, Paging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readJob } from './job.ts'

export const JobCostAsked = z.object({ id: IdText('job'), ...Paging })

/** One day of a job: what it held, what it was charged on each basis, and why. */
export const JobDay = z.object({
  date: AnsweredDay,
  gpuSeconds: GpuTime,
  allocationCostNanoUsd: Usd.nullable().describe('Null: nothing was billed, or the day waits to be shared'),
  usageCostNanoUsd: Usd.nullable().describe('Null also where the pool’s capacity is unknown'),
  poolCostNanoUsd: Usd.nullable().describe('Of the whole pool that day; null: nothing was billed, or not the asker’s'),
  capacityGpuSeconds: GpuTime.nullable().describe('Billed; null: not known, or not the asker’s'),
  heldGpuSeconds: GpuTime.nullable().describe('By all jobs; null: not the asker’s'),
  allocationFormula: z.string(),
  usageFormula: z.string(),
})
export type JobDay = z.output<typeof JobDay>

/** Why a job cost what it did. Totals are of all its days, effective cost. */
export const JobDays = PageOf('days', JobDay).extend({
  jobId: z.string(),
  gpuSeconds: GpuTime,
  allocationCostNanoUsd: Usd,
  usageCostNanoUsd: Usd,
  uncostedGpuSeconds: GpuTime.describe('GPU-hours on days without a bill'),
})
export type JobDays = z.output<typeof JobDays>

/**
 * Each day of one job with its share of the pool's cost. Who does not see the whole company reads nothing of the pool.
 *
 * @throws HelioxError not_found `jobs.no_job`, for one of another's team as for one that never was
 */
export async function jobCost(scope: Scope, asked: z.output<typeof JobCostAsked>): Promise<JobDays> {
  allow(scope, 'ledger:read')
  const { jobId } = await readJob(scope.db, scope, asked.id)
  const row = BigInt(rowOf('job', asked.id) ?? 0)
  const isPartial = visibleTeams(scope) !== null
  const [page, all] = await readBatch(scope.db, [
    sql`select s.day, s.gpu_ms, s.allocation_nano_usd as allocation, s.usage_nano_usd as usage, d.cost_nano_usd as cost,
        d.capacity_gpu_seconds as capacity, d.held_gpu_ms as held, (
          select coalesce(sum(c.allocation_nano_usd), 0) from ledger_cells c join owners o on o.id = c.owner_id
          where c.day = s.day and c.pool_id = s.pool_id and o.model_id = 0) as assigned
      from job_day_shares s left join pool_days d on d.day = s.day and d.pool_id = s.pool_id
      where s.job_id = ${row} order by s.day, s.pool_id limit ${BigInt(asked.limit)} offset ${BigInt(asked.skip)}`,
    sql`select count(*) as days, coalesce(sum(s.gpu_ms), 0) as gpu_ms, coalesce(sum(s.allocation_nano_usd), 0) as allocation,
        coalesce(sum(s.usage_nano_usd), 0) as usage, coalesce(sum(iif(d.cost_nano_usd is null, s.gpu_ms, 0)), 0) as uncosted
      from job_day_shares s left join pool_days d on d.day = s.day and d.pool_id = s.pool_id where s.job_id = ${row}`,
  ])
  const sums = all?.rows[0] as unknown as Record<'days' | 'gpu_ms' | 'allocation' | 'usage' | 'uncosted', bigint>
  const days = ((page?.rows ?? []) as unknown as Record<string, bigint | null>[]).map((day) => dayOf(day, isPartial))
  return {
    ...pageOf('days', days, Number(sums.days), asked, isPartial),
    ...{ jobId, gpuSeconds: gpuSecondsOfMs(sums.gpu_ms) },
    ...{ allocationCostNanoUsd: nanoUsd(sums.allocation), usageCostNanoUsd: nanoUsd(sums.usage) },
    uncostedGpuSeconds: gpuSecondsOfMs(sums.uncosted),
  }
}

function dayOf(row: Record<string, bigint | null>, isPartial: boolean): JobDay {
  const known = {
    gpuSeconds: gpuSecondsOfMs(row.gpu_ms ?? 0n),
    poolCostNanoUsd: row.cost as NanoUsd | null,
    capacityGpuSeconds: row.capacity === null ? null : Number(row.capacity),
    heldGpuSeconds: gpuSecondsOfMs(row.held ?? 0n),
  }
  const formula = (basis: 'allocation' | 'usage', part: bigint | null | undefined) =>
    formulaOf({
      ...{ kind: 'owner', basis, isPartial, isByOwner: true, ...known, isJob: true },
      ...{ partCostNanoUsd: nanoUsd(part ?? 0n), assignedCostNanoUsd: nanoUsd(row.assigned ?? 0n) },
    })
  return {
    ...{ date: String(row.day) as Day, ...known },
    ...(isPartial ? { poolCostNanoUsd: null, capacityGpuSeconds: null, heldGpuSeconds: null } : {}),
    allocationCostNanoUsd: (row.allocation ?? null) as NanoUsd | null,
    usageCostNanoUsd: (row.usage ?? null) as NanoUsd | null,
    ...{ allocationFormula: formula('allocation', row.allocation), usageFormula: formula('usage', row.usage) },
  }
}
