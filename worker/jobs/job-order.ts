import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { teams } from '../../db/schema/teams.ts'
import type { Window } from '../../db/units/time.ts'

const BY_SHARES = { gpu_hours: 'gpu_ms', cost: 'allocation', usage_cost: 'usage' } as const
const AMOUNTS = { gpu_hours: 'gpu_ms', cost: 'allocation_nano_usd', usage_cost: 'usage_nano_usd' } as const

const BY_JOB = {
  entered: sql`${jobs.id}`,
  job: sql`${jobs.jobId} collate nocase`,
  name: sql`${jobs.jobName} collate nocase`,
  user: sql`${jobs.userName} collate nocase`,
  source: sql`${jobs.source}`,
  team: sql`${teams.name} collate nocase`,
  model: sql`${jobs.modelName} collate nocase`,
  provider: sql`${pools.provider}`,
  gpu_type: sql`${pools.gpuType}`,
  gpus: sql`${jobs.gpuMilli}`,
  status: sql`${jobs.status}`,
  start: sql`${jobs.startedAtMs}`,
  end: sql`${jobs.endedAtMs}`,
} as const

type JobOrder = keyof typeof BY_JOB | keyof typeof BY_SHARES
const JOB_ORDERS = [...Object.keys(BY_JOB), ...Object.keys(BY_SHARES)] as [JobOrder, ...JobOrder[]]

/** In which order jobs are listed. */
export const JobOrdering = {
  sort: z.enum(JOB_ORDERS).default('entered').describe('entered: in the order in which they came'),
  order: z.enum(['asc', 'desc']).default('asc').describe('What is not known comes last either way'),
}
type Ordering = { sort: JobOrder; order: 'asc' | 'desc' }

const MAY_BE_UNKNOWN: readonly JobOrder[] = ['start', 'end', 'gpu_hours', 'cost', 'usage_cost']

/** `jobs` with what its order needs beside it, and nothing else: rows that are only counted past are read once. */
export function orderedFrom({ sort }: Ordering, window: Window | null): SQL {
  if (sort === 'team') return sql`${jobs} join ${teams} on ${teams.id} = ${jobs.teamId}`
  if (sort === 'provider' || sort === 'gpu_type') return sql`${jobs} join ${pools} on ${pools.id} = ${jobs.poolId}`
  if (!isByShares(sort) || window === null) return sql`${jobs}`
  return sql`${jobs} left join (select s.job_id, sum(s.gpu_ms) as gpu_ms, sum(s.allocation_nano_usd) as allocation,
      sum(s.usage_nano_usd) as usage from job_day_shares s where ${inDays(window)} group by s.job_id) x
    on x.job_id = ${jobs.id}`
}

/**
 * A whole order: equal ones by the job's number. What is never unknown is not asked whether it is, and unknown instants
 * are put last by `nulls last`, since an index gives no order by `is null`.
 */
export function orderOf({ sort, order }: Ordering, window: Window | null): SQL {
  const direction = sql.raw(order)
  if (sort === 'entered') return sql`${jobs.id} ${direction}`
  const last = MAY_BE_UNKNOWN.includes(sort) ? sql` nulls last` : sql``
  const column = isByShares(sort) ? sumOfShares(sort, window) : BY_JOB[sort]
  return sql`${column} ${direction}${last}, ${jobs.id}`
}

/** Of all days each job's shares are looked up by it, so that a filter spares the others'; days are read as one range. */
function sumOfShares(sort: keyof typeof BY_SHARES, window: Window | null): SQL {
  if (window !== null) return sql.raw(`x.${BY_SHARES[sort]}`)
  const amount = sql.raw(AMOUNTS[sort])
  return sql`(select sum(s.${amount}) from job_day_shares s where s.job_id = ${jobs.id})`
}

/** Shares `s` of the days asked for; without days all of them. */
export function inDays(window: Window | null): SQL {
  return window === null ? sql`1` : sql`s.day >= ${window.from} and s.day < ${window.before}`
}

function isByShares(sort: JobOrder): sort is keyof typeof BY_SHARES {
  return Object.hasOwn(BY_SHARES, sort)
}
