import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instantColumn } from './columns.ts'

/** Months that were closed: each team's statement as it was handed out. Never changed, never removed. */
export const closedMonths = sqliteTable('closed_months', {
  /** 2026-01. */
  month: text('month').primaryKey(),
  closedAtMs: instantColumn('closed_at_ms').notNull(),
  closedBy: text('closed_by').notNull(),
  /** JSON of the whole month's statement, amounts as decimal text. */
  document: text('document').notNull(),
})
