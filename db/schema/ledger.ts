import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { flagColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { jobs } from './jobs.ts'
import { pools } from './pools.ts'

/*
 * The ledger: everything here is derived from cost entries, jobs, measured usage and rules by `worker/analytics/share.ts`,
 * in the transaction that changed them or soon after, and can be made anew from them (`rebuild`).
 */

const nano = (column: string) => nanoUsdColumn(column).notNull().default(sql`0`)
const count = (column: string) => intColumn(column).notNull().default(sql`0`)

/** Names of models, so that a rollup is a few integers. Row 0: no job's. */
export const models = sqliteTable('models', { id: intColumn('id').primaryKey(), name: text('name').notNull() }, (t) => [
  uniqueIndex('models_key').on(t.name),
])

/** Who a part of the cost is charged to: a team, and of its jobs those of one model and status. */
export const owners = sqliteTable(
  'owners',
  {
    id: intColumn('id').primaryKey(),
    teamId: intColumn('team_id').notNull(),
    /** 0: what a rule gave to the team without a job. */
    modelId: intColumn('model_id').notNull(),
    /** Position in JOB_STATUSES, from 1; 0 without a job. */
    status: intColumn('status').notNull(),
  },
  (t) => [uniqueIndex('owners_key').on(t.teamId, t.modelId, t.status)],
)

/**
 * The ledger's totals: one pool on one UTC day. Days whose jobs changed are marked stale and shared soon after.
 *
 * Per basis and kind of cost (effective, billed, list) the parts sum to the cost, at every instant:
 * allocation = Σ cells + unallocated;  usage = Σ cells + idle + unmeasured.
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
    billedNanoUsd: nano('billed_nano_usd'),
    /** Σ list cost of the entries that say one, and Σ effective cost of those that do not. */
    listNanoUsd: nano('list_nano_usd'),
    unlistedNanoUsd: nano('unlisted_nano_usd'),
    /** Σ billed GPU time of the entries that say (a credit or a tax has none); null when none does. */
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
    /** Σ GPU time that jobs held, in thousandths of a GPU-second. */
    heldGpuMs: count('held_gpu_ms'),
    unallocatedNanoUsd: nano('unallocated_nano_usd'),
    unallocatedBilledNanoUsd: nano('unallocated_billed_nano_usd'),
    unallocatedListNanoUsd: nano('unallocated_list_nano_usd'),
    idleNanoUsd: nano('idle_nano_usd'),
    idleBilledNanoUsd: nano('idle_billed_nano_usd'),
    idleListNanoUsd: nano('idle_list_nano_usd'),
    unmeasuredNanoUsd: nano('unmeasured_nano_usd'),
    unmeasuredBilledNanoUsd: nano('unmeasured_billed_nano_usd'),
    unmeasuredListNanoUsd: nano('unmeasured_list_nano_usd'),
    /** Charges of it are split over teams by what those held that day, in any pool. */
    isSplit: flagColumn('is_split').notNull().default(sql`0`),
    /** Its jobs changed, and it waits to be shared again. */
    isStale: flagColumn('is_stale').notNull().default(sql`0`),
    sharedAtMs: instantColumn('shared_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.poolId] }), // every answer: a window of days
    index('pool_days_pool_idx').on(t.poolId), // a pool's removal
    index('pool_days_stale_idx').on(t.day, t.poolId).where(sql`is_stale = 1`), // what waits to be shared
    index('pool_days_split_idx').on(t.day, t.poolId).where(sql`is_split = 1`), // what is split anew when its day changes
    check('pool_days_held_ck', sql`${t.heldGpuMs} >= 0`),
  ],
)

/** What one job's GPU time on one UTC day was, and what it cost on each basis. WITHOUT ROWID: the key is the table. */
export const jobDayShares = sqliteTable(
  'job_day_shares',
  {
    day: text('day').$type<Day>().notNull(),
    poolId: intColumn('pool_id').notNull(),
    /** Of the job; in the key, so that an owner's jobs stand together and are shared as one span. */
    ownerId: intColumn('owner_id').notNull(),
    jobId: idRefColumn('job', 'job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    /** Thousandths of a GPU-second. */
    gpuMs: intColumn('gpu_ms').notNull(),
    /** The job's first day: a job is counted once in a window by its first day there. */
    isFirst: flagColumn('is_first').notNull(),
    /** Null: not shared yet, or the pool-day has no cost (the time is uncosted). */
    allocationNanoUsd: nanoUsdColumn('allocation_nano_usd'),
    /** Null as well where the pool's capacity is unknown: unmeasured is not zero. */
    usageNanoUsd: nanoUsdColumn('usage_nano_usd'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.poolId, t.ownerId, t.jobId] }), // share a pool-day; sum a window
    index('job_day_shares_job_idx').on(t.jobId), // a job's cost; a job's change or removal
    check('job_day_shares_gpu_ck', sql`${t.gpuMs} > 0`),
  ],
)

/** What a cell and a rollup add up; all are sums, so cells, rollups and answers are sums of the same integers. */
const measures = {
  gpuMs: count('gpu_ms'),
  /** Of it, time whose pool-day has a cost but no known capacity: what it costs on the usage basis is unknown. */
  unmeasuredGpuMs: count('unmeasured_gpu_ms'),
  /** Of it, time on pool-days without a bill. */
  uncostedGpuMs: count('uncosted_gpu_ms'),
  /** Jobs that held GPUs, and of them those whose first day it is. */
  jobCount: count('job_count'),
  firstJobCount: count('first_job_count'),
  allocationNanoUsd: nano('allocation_nano_usd'),
  usageNanoUsd: nano('usage_nano_usd'),
  allocationBilledNanoUsd: nano('allocation_billed_nano_usd'),
  usageBilledNanoUsd: nano('usage_billed_nano_usd'),
  allocationListNanoUsd: nano('allocation_list_nano_usd'),
  usageListNanoUsd: nano('usage_list_nano_usd'),
  // What the GPU time that was held cost (usage basis; allocation where capacity is unknown), by what came of it. The
  // rest of the allocation is capacity that nobody held.
  usefulNanoUsd: nano('useful_nano_usd'),
  /** Held, and measured to be doing nothing. */
  idleHeldNanoUsd: nano('idle_held_nano_usd'),
  /** Of jobs that failed or were cancelled. */
  lostNanoUsd: nano('lost_nano_usd'),
  /** Held, and nobody measured what it did. */
  notMeasuredNanoUsd: nano('not_measured_nano_usd'),
}

/** One owner's part of one pool-day: Σ of its jobs' shares, and what rules gave it. WITHOUT ROWID. */
export const ledgerCells = sqliteTable(
  'ledger_cells',
  {
    day: text('day').$type<Day>().notNull(),
    poolId: intColumn('pool_id').notNull(),
    ownerId: intColumn('owner_id').notNull(),
    ...measures,
  },
  (t) => [primaryKey({ columns: [t.day, t.poolId, t.ownerId] })],
)

/**
 * Σ cells over what an answer does not ask for, per day and per month: their number is bounded by days × names, whatever
 * the number of jobs. WITHOUT ROWID. A column that its cube sums over is 0.
 */
export const ledgerRollups = sqliteTable(
  'ledger_rollups',
  {
    /** Which names it keeps, and of what period: `CUBES` in worker/analytics/rollups.ts. */
    cube: text('cube').notNull(),
    /** A day (2026-01-31) or a month (2026-01). */
    period: text('period').notNull(),
    poolId: intColumn('pool_id').notNull(),
    teamId: intColumn('team_id').notNull(),
    modelId: intColumn('model_id').notNull(),
    status: intColumn('status').notNull(),
    /** Cells under it; a row without any goes. */
    cellCount: count('cell_count'),
    ...measures,
  },
  (t) => [primaryKey({ columns: [t.cube, t.period, t.poolId, t.teamId, t.modelId, t.status] })],
)

/** Scratch of one transaction: the pool-days that it shares. Empty for everybody else. */
export const sharingPoolDays = sqliteTable(
  'sharing_pool_days',
  { day: text('day').$type<Day>().notNull(), poolId: intColumn('pool_id').notNull() },
  (t) => [primaryKey({ columns: [t.day, t.poolId] })],
)

/** Scratch of one transaction: the jobs whose days it cuts anew. Empty for everybody else. */
export const changedJobs = sqliteTable('changed_jobs', { jobId: intColumn('job_id').primaryKey() })

/** One row: a number that triggers raise with everything that an answer of analytics can depend on. */
export const ledgerVersion = sqliteTable(
  'ledger_version',
  { id: intColumn('id').primaryKey(), version: intColumn('version').notNull() },
  (t) => [check('ledger_version_one_ck', sql`${t.id} = 1`)],
)

/** A number per month that triggers raise with everything of its days, and of teams: what was read of it stays right until then. */
export const ledgerMonths = sqliteTable('ledger_months', {
  /** 2026-01. */
  month: text('month').primaryKey(),
  version: intColumn('version').notNull(),
})
