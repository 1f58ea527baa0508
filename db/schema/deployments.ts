import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { idColumn, instantColumn, intColumn } from './columns.ts'

/**
 * Which model is served on which pool with how many GPUs, from when to when. It takes part in allocation: its row in
 * `jobs` (source `deployment`, job_id = its id) is written with it in one transaction.
 */
export const deployments = sqliteTable(
  'deployments',
  {
    id: idColumn('dep'),
    /** As clients ask the gateway for it. */
    model: text('model').notNull(),
    provider: text('provider').notNull(),
    gpuType: text('gpu_type').notNull(),
    gpuCount: intColumn('gpu_count').notNull(),
    startsAtMs: instantColumn('starts_at_ms').notNull(),
    /** Null: it still serves. */
    endsAtMs: instantColumn('ends_at_ms'),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    index('deployments_model_idx').on(t.model),
    check('deployments_gpu_ck', sql`${t.gpuCount} > 0`),
    check('deployments_ends_ck', sql`${t.endsAtMs} > ${t.startsAtMs}`),
  ],
)
