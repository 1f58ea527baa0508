import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { flagColumn, idColumn, idRefColumn, instantColumn } from './columns.ts'
import { users } from './users.ts'

/** Addresses of the page that a person keeps under a name: for themselves, or for everybody to open. */
export const savedViews = sqliteTable(
  'saved_views',
  {
    id: idColumn('view'),
    userId: idRefColumn('user', 'user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Path and query, from the `/` on: `/explore?by=team`. What it shows is up to who opens it. */
    address: text('address').notNull(),
    /** Others find it as well. */
    isShared: flagColumn('is_shared').notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    changedAtMs: instantColumn('changed_at_ms').notNull(),
  },
  (t) => [index('saved_views_user_idx').on(t.userId, t.name), index('saved_views_shared_idx').on(t.isShared, t.name)],
)
