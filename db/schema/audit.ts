import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { idColumn, instantColumn } from './columns.ts'

/**
 * Who did what to which thing, when and from where. Written in the transaction of the change; triggers refuse any change
 * or removal of a row. Names are copied, not referenced: the log outlives what it names. Never a secret in it.
 */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: idColumn('audit'),
    atMs: instantColumn('at_ms').notNull(),
    /** "user_3", "key_2"; '' for the admin key and the clock. */
    actorId: text('actor_id').notNull(),
    /** E-mail or key name at that time. */
    actor: text('actor').notNull(),
    /** The client's address; '' where there was none. */
    address: text('address').notNull(),
    requestId: text('request_id').notNull(),
    /** `room.verb`, such as "users.update". */
    action: text('action').notNull(),
    /** "team_3"; '' where the action has no target. */
    targetId: text('target_id').notNull(),
    /** The target's name at that time. */
    target: text('target').notNull(),
    /** JSON of what changed, as it goes on the wire; null: did not exist. */
    before: text('before_json'),
    after: text('after_json'),
  },
  (t) => [
    index('audit_log_at_idx').on(t.atMs), // a window of days, newest first
    index('audit_log_target_idx').on(t.targetId), // one thing's history
  ],
)
