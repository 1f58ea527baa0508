import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day, EpochMs } from '../units/time.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { users } from './users.ts'

/**
 * `queued` waits for the consumer of large files, `reading` and `storing` are under way; `interrupted` stopped moving and
 * can be taken up again; `cancelled` was stopped by a person, and `removed` was taken away with its effect.
 */
export const IMPORT_STATUSES = [
  ...(['queued', 'reading', 'storing', 'interrupted'] as const),
  ...(['success', 'partial_success', 'failed', 'cancelled', 'removed'] as const),
] as const
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
    /** Which part of an export in several files; '' for a whole one. */
    part: text('part').notNull().default(''),
    // What else was said beside the file, for reading it again.
    provider: text('provider').notNull().default(''),
    currency: text('currency').notNull().default(''),
    timeZone: text('time_zone').notNull().default(''),
    fileName: text('file_name').notNull().default(''),
    /** How the format was told, and what the file says about itself ("FOCUS 1.2"); '' where it was stated. */
    recognisedBy: text('recognised_by').notNull().default(''),
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
    /** As announced; 0: not known. */
    bytesExpected: intColumn('bytes_expected').notNull().default(sql`0`),
    /** Where the file is kept until it has been read, and how often that was tried; '' for one that is read as it comes. */
    objectKey: text('object_key').notNull().default(''),
    attempts: intColumn('attempts').notNull().default(sql`0`),
    /** Somebody asked it to stop. */
    isCancelAsked: flagColumn('is_cancel_asked').notNull().default(sql`0`),
    /** The text that makes single records of the file a file again, as JSON; see `FileFrame`. */
    frameJson: text('frame_json').notNull().default(''),
    /** Rows that are safely staged, a mark of what they were, and whether the file has been read to its end. */
    cursorRows: intColumn('cursor_rows').notNull().default(sql`0`),
    cursorMark: text('cursor_mark').notNull().default(''),
    isReadWhole: flagColumn('is_read_whole').notNull().default(sql`0`),
    rowsRead: intColumn('rows_read').notNull().default(sql`0`),
    skipped: intColumn('skipped').notNull().default(sql`0`),
    inserted: intColumn('inserted').notNull().default(sql`0`),
    updated: intColumn('updated').notNull().default(sql`0`), // unchanged ones included
    unchanged: intColumn('unchanged').notNull().default(sql`0`),
    failed: intColumn('failed').notNull().default(sql`0`),
    /** Entries of the same bill that the file no longer mentions. */
    removed: intColumn('removed').notNull().default(sql`0`),
    gpuMs: intColumn('gpu_ms').notNull().default(sql`0`),
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
    check(
      'imports_status_ck',
      sql`${t.status} in ('queued', 'reading', 'storing', 'interrupted', 'success', 'partial_success', 'failed',
        'cancelled', 'removed')`,
    ),
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
    effectiveCostUsd: text('effective_cost_usd'),
    /** The row as the file has it, for reading it again and for the file of rejects; '' where it was too long to keep. */
    record: text('record').notNull().default(''),
    /** The import that read it again and stored it. */
    resolvedBy: intColumn('resolved_by').notNull().default(sql`0`),
  },
  (t) => [index('quarantined_rows_import_idx').on(t.importId, t.line)], // an import's page
)

/** Cost rows of a simple file under way. Gone soon after the import ends. (A bill's rows go to their pending bill.) */
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
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
  },
  (t) => [uniqueIndex('staged_costs_key').on(t.importId, t.entryDate, t.provider, t.gpuType)], // a second row with the same key is quarantined
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
    gpuMilli: intColumn('gpu_milli').notNull(),
    userName: text('user_name').notNull().default(''),
    jobName: text('job_name').notNull().default(''),
    startedAtMs: instantColumn('started_at_ms').$type<EpochMs>(),
    endedAtMs: instantColumn('ended_at_ms').$type<EpochMs>(),
    status: text('status').notNull(),
  },
  (t) => [uniqueIndex('staged_jobs_key').on(t.importId, t.jobId, t.run)], // a second row with the same id is quarantined
)
