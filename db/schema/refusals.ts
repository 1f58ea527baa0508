import { index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instantColumn, intColumn } from './columns.ts'

/**
 * How many calls the gateway refused before any backend was asked, by hour, who asked for what, and why. A refused call costs
 * nothing and has no row in `requests`: however many come, an hour of one kind is one row. Who called stays when it is gone.
 */
export const refusedCalls = sqliteTable(
  'refused_calls',
  {
    /** First instant of the UTC hour. */
    hourMs: instantColumn('hour_ms').notNull(),
    /** Row numbers, not ids: 0 is nobody. */
    team: intColumn('team').notNull(),
    key: intColumn('key').notNull(),
    user: intColumn('user').notNull(),
    /** As asked; '' where the call named none, or its caller named too many. */
    model: text('model').notNull(),
    /** As the client was told, such as "insufficient_quota". */
    code: text('code').notNull(),
    /** Row number of the budget that had no room; 0: none did. */
    budget: intColumn('budget').notNull(),
    count: intColumn('count').notNull(),
    firstAtMs: instantColumn('first_at_ms').notNull(),
    lastAtMs: instantColumn('last_at_ms').notNull(),
    /** Of the last one: its x-request-id, and what it was told. */
    lastRequestId: text('last_request_id').notNull(),
    lastMessage: text('last_message').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.hourMs, t.team, t.key, t.user, t.model, t.code, t.budget] }),
    index('refused_calls_budget_idx').on(t.budget, t.hourMs), // what a budget has refused
  ],
)
