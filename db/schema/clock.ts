import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instantColumn } from './columns.ts'

/** When each of the clock's tasks last came to its end, for /health/detailed. */
export const clockRuns = sqliteTable('clock_runs', {
  task: text('task').primaryKey(),
  finishedAtMs: instantColumn('finished_at_ms').notNull(),
})

/** Work that one process does at a time: who has it, and until when. */
export const leases = sqliteTable('leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  untilMs: instantColumn('until_ms').notNull(),
})
