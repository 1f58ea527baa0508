import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { SourceKind } from '../units/source-kinds.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { users } from './users.ts'

export { SOURCE_KINDS, type SourceKind } from '../units/source-kinds.ts'

/** Where files are pulled from by the clock. */
export const sources = sqliteTable(
  'sources',
  {
    id: idColumn('src'),
    name: text('name').notNull(),
    kind: text('kind').$type<SourceKind>().notNull(),
    /** An importer's id or `auto`. */
    format: text('format').notNull(),
    /** What the kind needs to know, as JSON without secrets: address, bucket, prefix, query, … */
    configJson: text('config_json').notNull(),
    /** Its secrets as JSON, sealed with the deployment's key; '' for none. Never leaves the Worker. */
    sealedSecrets: text('sealed_secrets').notNull().default(''),
    /** What is said beside an upload: whose rows they are, and how to read them. */
    source: text('source').notNull(),
    provider: text('provider').notNull().default(''),
    currency: text('currency').notNull().default(''),
    timeZone: text('time_zone').notNull().default(''),
    isEnabled: flagColumn('is_enabled').notNull().default(sql`1`),
    /** What the kind remembers from run to run as JSON: which files it has had. */
    stateJson: text('state_json').notNull().default('{}'),
    userId: idRefColumn('user', 'user_id').references(() => users.id, { onDelete: 'set null' }),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('sources_name_key').on(sql`lower(name)`),
    check('sources_kind_ck', sql`${t.kind} in ('s3', 'https', 'opencost', 'prometheus')`),
  ],
)

export const RUN_STATUSES = ['running', 'success', 'failed'] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

/** One pull of one source. One per source and due instant, however often the clock fires. */
export const sourceRuns = sqliteTable(
  'source_runs',
  {
    id: idColumn('run'),
    sourceId: idRefColumn('src', 'source_id')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    /** The instant of the schedule that it stands for; its own start where a person asked for it. */
    dueAtMs: instantColumn('due_at_ms').notNull(),
    /** `clock`, or who asked for it. */
    actor: text('actor').notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    startedAtMs: instantColumn('started_at_ms').notNull(),
    /** Up to here the run is somebody's; later another may take it over. */
    leasedUntilMs: instantColumn('leased_until_ms').notNull(),
    finishedAtMs: instantColumn('finished_at_ms'),
    attempts: intColumn('attempts').notNull().default(sql`1`),
    /** Files that were imported. */
    fileCount: intColumn('file_count').notNull().default(sql`0`),
    /** Ids of the imports it made, a JSON list of row numbers. */
    importsJson: text('imports_json').notNull().default('[]'),
    message: text('message').notNull().default(''),
  },
  (t) => [
    uniqueIndex('source_runs_key').on(t.sourceId, t.dueAtMs), // one run per due instant; a source's history
    index('source_runs_open_idx').on(t.leasedUntilMs).where(sql`status = 'running'`), // runs that died
    check('source_runs_status_ck', sql`${t.status} in ('running', 'success', 'failed')`),
  ],
)
