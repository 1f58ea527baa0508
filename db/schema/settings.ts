import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instantColumn } from './columns.ts'

/** What the company has decided for everybody, one row per decision: `worker/settings` knows their names and shapes. */
export const companySettings = sqliteTable('company_settings', {
  name: text('name').primaryKey(),
  /** JSON. */
  value: text('value').notNull(),
  changedAtMs: instantColumn('changed_at_ms').notNull(),
})
