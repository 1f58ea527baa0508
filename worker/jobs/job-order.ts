import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { teams } from '../../db/schema/teams.ts'
import type { Window } from '../../db/units/time.ts'

const BY_SHARES = { gpu_hours: 'x.gpu_ms', cost: 'x.allocation', usage_cost: 'x.usage' } as const

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

/** `jobs` with what its order needs beside it; shares are summed only for an order by them. */
export function orderedFrom({ sort }: Ordering, window: Window | null): SQL {
  const from = sql`${jobs} join ${teams} on ${teams.id} = ${jobs.teamId} join ${pools} on ${pools.id} = ${jobs.poolId}`
  if (!isByShares(sort)) return from
  return sql`${from} left join (select s.job_id, sum(s.gpu_ms) as gpu_ms, sum(s.allocation_nano_usd) as allocation,
      sum(s.usage_nano_usd) as usage from job_day_shares s where ${inDays(window)} group by s.job_id) x
    on x.job_id = ${jobs.id}`
}

/** A whole order: equal ones by the job's number. */
export function orderOf({ sort, order }: Ordering): SQL {
  const column = isByShares(sort) ? sql.raw(BY_SHARES[sort]) : BY_JOB[sort]
  const direction = sql.raw(order)
  if (sort === 'entered') return sql`${column} ${direction}`
  return sql`${column} is null, ${column} ${direction}, ${jobs.id}`
}

/** Shares `s` of the days asked for; without days all of them. */
export function inDays(window: Window | null): SQL {
  return window === null ? sql`1` : sql`s.day >= ${window.from} and s.day < ${window.before}`
}

function isByShares(sort: JobOrder): sort is keyof typeof BY_SHARES {
  return Object.hasOwn(BY_SHARES, sort)
}
