import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder, windowOf } from '../day-range.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { JobFilters, narrowedJobs } from './job-filters.ts'
import { inDays } from './job-order.ts'

export const JobsNarrowed = z.object(JobFilters).refine(daysInOrder, DAYS_IN_ORDER)

/** What the jobs of a list held and cost together, in the days asked for; without days, in their whole lives. */
export const JobsTotal = z.object({
  jobCount: z.number().int(),
  gpuSeconds: GpuTime,
  allocationCostNanoUsd: Usd.describe('Effective cost; what is not known adds nothing'),
  usageCostNanoUsd: Usd.describe('Effective cost; what is not known adds nothing'),
  uncostedGpuSeconds: GpuTime.describe(
    'GPU-hours without a cost by allocation: nothing was billed on their days, or they wait to be shared',
  ),
  usageUncostedGpuSeconds: GpuTime.describe('The same by usage: also where the capacity of the pool is unknown'),
  isPartial: z.boolean().describe('Jobs that the asker may not see are left out'),
})
export type JobsTotal = z.output<typeof JobsTotal>

/**
 * The sum of all pages of `listJobs` for the same filters, of one instant. For filters that `costByJob` knows, by effective
 * cost, its `jobsCostNanoUsd`.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function totalJobs(scope: Scope, asked: z.output<typeof JobsNarrowed>): Promise<JobsTotal> {
  allow(scope, 'ledger:read')
  for (const teamId of asked.teamId ?? []) requireTeam(scope, teamId)
  // The plus: shares are read as they stand and looked up among the jobs; the other way round is a seek for each job.
  const [sums] = await scope.db.all<Record<string, bigint>>(sql`
    with asked as materialized (select ${jobs.id} as id from ${jobs} where ${narrowedJobs(scope, asked) ?? sql`1`})
    select (select count(*) from asked) as jobs, coalesce(sum(s.gpu_ms), 0) as gpu_ms,
      coalesce(sum(s.allocation_nano_usd), 0) as allocation, coalesce(sum(s.usage_nano_usd), 0) as usage,
      coalesce(sum(iif(s.allocation_nano_usd is null, s.gpu_ms, 0)), 0) as uncosted,
      coalesce(sum(iif(s.usage_nano_usd is null, s.gpu_ms, 0)), 0) as usage_uncosted
    from job_day_shares s where +s.job_id in (select id from asked) and ${inDays(windowOf(asked))}`)
  const of = (name: string) => sums?.[name] ?? 0n
  return {
    jobCount: Number(of('jobs')),
    gpuSeconds: gpuSecondsOfMs(of('gpu_ms')),
    ...{ allocationCostNanoUsd: nanoUsd(of('allocation')), usageCostNanoUsd: nanoUsd(of('usage')) },
    uncostedGpuSeconds: gpuSecondsOfMs(of('uncosted')),
    usageUncostedGpuSeconds: gpuSecondsOfMs(of('usage_uncosted')),
    isPartial: visibleTeams(scope) !== null,
  }
}
