import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day, EpochMs } from '../units/time.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { users } from './users.ts'

/** `reading` and `storing` are under way; a run that stopped moving is closed as failed. */
export const IMPORT_STATUSES = ['reading', 'storing', 'success', 'partial_success', 'failed'] as const
export type ImportStatus = (typeof IMPORT_STATUSES)[number]

/**
 * One file that came in. Rows of the file = inserted + updated + failed (+ skipped, which are not records).
 * Amounts as text are exact, as the file wrote them: file = stored + quarantined + rounding.
 */
export const imports = sqliteTable(
  'imports',
  {
    id: idColumn('imp'),
    format: text('format').notNull(),
    source: text('source').notNull(),
    fileName: text('file_name').notNull().default(''),
    status: text('status').$type<ImportStatus>().notNull(),
    isDryRun: flagColumn('is_dry_run').notNull().default(sql`0`),
    /** Null: by the admin key, or at the first start. */
    userId: idRefColumn('user', 'user_id').references(() => users.id, { onDelete: 'set null' }),
    /** The API key that sent it, if one did. Its row may be gone; ids are never given out twice. */
    keyId: idRefColumn('key', 'key_id'),
    actor: text('actor').notNull(),
    startedAtMs: instantColumn('started_at_ms').notNull(),
    /** Moves with every chunk; a run that stands still has died. */
    progressedAtMs: instantColumn('progressed_at_ms').notNull(),
    finishedAtMs: instantColumn('finished_at_ms'),
    bytesRead: intColumn('bytes_read').notNull().default(sql`0`),
    rowsRead: intColumn('rows_read').notNull().default(sql`0`),
    skipped: intColumn('skipped').notNull().default(sql`0`),
    inserted: intColumn('inserted').notNull().default(sql`0`),
    updated: intColumn('updated').notNull().default(sql`0`), // unchanged ones included
    unchanged: intColumn('unchanged').notNull().default(sql`0`),
    failed: intColumn('failed').notNull().default(sql`0`),
    /** Entries of the same bill that the file no longer mentions. */
    removed: intColumn('removed').notNull().default(sql`0`),
    gpuSeconds: intColumn('gpu_seconds').notNull().default(sql`0`),
    fileCostUsd: text('file_cost_usd').notNull().default('0.00'),
    quarantinedCostUsd: text('quarantined_cost_usd').notNull().default('0.00'),
    storedCostNanoUsd: nanoUsdColumn('stored_cost_nano_usd').notNull().default(sql`0`),
    fileEffectiveCostUsd: text('file_effective_cost_usd').notNull().default('0.00'),
    quarantinedEffectiveCostUsd: text('quarantined_effective_cost_usd').notNull().default('0.00'),
    storedEffectiveCostNanoUsd: nanoUsdColumn('stored_effective_cost_nano_usd').notNull().default(sql`0`),
    /** What came of it, in words for the person who sent the file. */
    message: text('message').notNull().default(''),
  },
  (t) => [
    index('imports_user_idx').on(t.userId), // a user's removal
    index('imports_open_idx').on(t.progressedAtMs).where(sql`status in ('reading', 'storing')`), // runs that died
    check('imports_status_ck', sql`${t.status} in ('reading', 'storing', 'success', 'partial_success', 'failed')`),
  ],
)

/** A row that could not be stored, with its place, its reason and, if readable, its amount. */
export const quarantinedRows = sqliteTable(
  'quarantined_rows',
  {
    id: idColumn('row'),
    importId: idRefColumn('imp', 'import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** Line of the file, the header being line 1. */
    line: intColumn('line').notNull(),
    /** Null: the row as a whole. */
    column: text('column_name'),
    code: text('code').notNull(),
    message: text('message').notNull(),
    /** As the file wrote it; null: unreadable too, or not a cost. */
    costUsd: text('cost_usd'),
  },
  (t) => [index('quarantined_rows_import_idx').on(t.importId, t.line)], // an import's page
)

/** Cost rows of a file under way, added up by key. Gone soon after the import ends. */
export const stagedCosts = sqliteTable(
  'staged_costs',
  {
    id: idColumn('row'),
    importId: idRefColumn('imp', 'import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    line: intColumn('line').notNull(),
    entryDate: text('entry_date').$type<Day>().notNull(),
    provider: text('provider').notNull(),
    gpuType: text('gpu_type').notNull(),
    billingAccount: text('billing_account').notNull(),
    account: text('account').notNull(),
    billingPeriod: text('billing_period').notNull(),
    region: text('region').notNull(),
    sku: text('sku').notNull(),
    chargeCategory: text('charge_category').notNull(),
    pricingCategory: text('pricing_category').notNull(),
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
    effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull(),
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
    lineCount: intColumn('line_count').notNull().default(sql`1`),
  },
  (t) => [
    // One row per key of the file: a second one is added up (bills) or quarantined (simple files).
    uniqueIndex('staged_costs_key').on(
      t.importId,
      t.entryDate,
      t.provider,
      t.gpuType,
      t.billingAccount,
      t.account,
      t.billingPeriod,
      t.region,
      t.sku,
      t.chargeCategory,
      t.pricingCategory,
    ),
  ],
)

/** Job rows of a file under way. Gone soon after the import ends. */
export const stagedJobs = sqliteTable(
  'staged_jobs',
  {
    id: idColumn('row'),
    importId: idRefColumn('imp', 'import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    line: intColumn('line').notNull(),
    jobId: text('job_id').notNull(),
    run: text('run').notNull(),
    teamName: text('team_name').notNull(),
    modelName: text('model_name').notNull(),
    provider: text('provider').notNull(),
    gpuType: text('gpu_type').notNull(),
    gpuCount: intColumn('gpu_count').notNull(),
    startedAtMs: instantColumn('started_at_ms').$type<EpochMs>(),
    endedAtMs: instantColumn('ended_at_ms').$type<EpochMs>(),
    status: text('status').notNull(),
  },
  (t) => [uniqueIndex('staged_jobs_key').on(t.importId, t.jobId, t.run)], // a second row with the same id is quarantined
)
