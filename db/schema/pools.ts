import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { flagColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { jobs } from './jobs.ts'

/** A kind of GPU at a provider: what jobs hold and bills price. `gpu_type` '' is cost that is not GPU cost. */
export const pools = sqliteTable(
  'pools',
  {
    id: intColumn('id').primaryKey(),
    provider: text('provider').notNull(), // lower-cased and trimmed at the door, like gpuType
    gpuType: text('gpu_type').notNull(),
  },
  (t) => [
    uniqueIndex('pools_key').on(t.provider, t.gpuType), // the pool of a row in a file
    check('pools_provider_ck', sql`${t.provider} <> '' and ${t.provider} = lower(trim(${t.provider}))`),
    check('pools_gpu_type_ck', sql`${t.gpuType} = lower(trim(${t.gpuType}))`),
  ],
)

/**
 * The ledger's totals: one pool on one UTC day. Derived from cost entries and jobs by `worker/analytics/share.ts`
 * in the transaction that changed a cost; days whose jobs changed are marked stale and shared soon after.
 *
 * Per basis the parts sum to `cost_nano_usd`:
 * allocation = Σ shares + unallocated;  usage = Σ shares + idle + unmeasured.
 */
export const poolDays = sqliteTable(
  'pool_days',
  {
    day: text('day').$type<Day>().notNull(),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    /** Σ effective cost of the pool's entries that day; null: nothing was billed, so its jobs are uncosted. */
    costNanoUsd: nanoUsdColumn('cost_nano_usd'),
    /** Σ billed GPU time of the entries that say (a credit or a tax has none); null when none does. */
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
    /** Σ GPU time that jobs held. */
    heldGpuSeconds: intColumn('held_gpu_seconds').notNull().default(sql`0`),
    unallocatedNanoUsd: nanoUsdColumn('unallocated_nano_usd').notNull().default(sql`0`),
    idleNanoUsd: nanoUsdColumn('idle_nano_usd').notNull().default(sql`0`),
    unmeasuredNanoUsd: nanoUsdColumn('unmeasured_nano_usd').notNull().default(sql`0`),
    /** Its jobs changed, and it waits to be shared again. */
    isStale: flagColumn('is_stale').notNull().default(sql`0`),
    sharedAtMs: instantColumn('shared_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.poolId] }), // every answer: a window of days
    index('pool_days_pool_idx').on(t.poolId), // a pool's removal
    index('pool_days_stale_idx').on(t.day, t.poolId).where(sql`is_stale = 1`), // what waits to be shared
    check('pool_days_held_ck', sql`${t.heldGpuSeconds} >= 0`),
  ],
)

/** What one job's GPU time on one UTC day was, and what it cost on each basis. Derived, like `pool_days`. */
export const jobDayShares = sqliteTable(
  'job_day_shares',
  {
    day: text('day').$type<Day>().notNull(),
    poolId: intColumn('pool_id').notNull(),
    jobId: idRefColumn('job', 'job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    gpuSeconds: intColumn('gpu_seconds').notNull(),
    /** Null: not shared yet, or the pool-day has no cost (the time is uncosted). */
    allocationNanoUsd: nanoUsdColumn('allocation_nano_usd'),
    /** Null as well where the pool's capacity is unknown: unmeasured is not zero. */
    usageNanoUsd: nanoUsdColumn('usage_nano_usd'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.poolId, t.jobId] }), // share a pool-day; sum a window
    index('job_day_shares_job_idx').on(t.jobId), // a job's cost; a job's change or removal
    check('job_day_shares_seconds_ck', sql`${t.gpuSeconds} > 0`),
  ],
)

/** Scratch of one transaction: the pool-days that it shares. Empty for everybody else. */
export const sharingPoolDays = sqliteTable(
  'sharing_pool_days',
  { day: text('day').$type<Day>().notNull(), poolId: intColumn('pool_id').notNull() },
  (t) => [primaryKey({ columns: [t.day, t.poolId] })],
)

/** Scratch of one transaction: the jobs whose days it cuts anew. Empty for everybody else. */
export const changedJobs = sqliteTable('changed_jobs', { jobId: intColumn('job_id').primaryKey() })
