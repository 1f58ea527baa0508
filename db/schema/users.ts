import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flagColumn, idColumn, idRefColumn, instantColumn } from './columns.ts'
import { teams } from './teams.ts'

/** People who sign in. */
export const users = sqliteTable(
  'users',
  {
    id: idColumn('user'),
    /** Lower-cased and trimmed at the door. */
    email: text('email').notNull(),
    name: text('name').notNull().default(''),
    role: text('role').$type<'admin' | 'finance' | 'developer' | 'viewer'>().notNull(),
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'set null' }),
    /** Scheme, parameters, salt and hash in one text; see `worker/auth/password.ts`. */
    passwordHash: text('password_hash').notNull(),
    isDisabled: flagColumn('is_disabled').notNull().default(sql`0`),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('users_email_key').on(t.email), // sign-in
    index('users_team_idx').on(t.teamId), // a team's people; a team's removal
    check('users_role_ck', sql`${t.role} in ('admin', 'finance', 'developer', 'viewer')`),
  ],
)

/** Signed-in browsers and API clients. The id is a SHA-256, so the table holds nothing that signs anybody in. */
export const sessions = sqliteTable(
  'sessions',
  {
    idHash: text('id_hash').primaryKey(),
    userId: idRefColumn('user', 'user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** One sign-in and all that was refreshed from it; a refresh token used twice ends the whole family. */
    family: text('family').notNull(),
    kind: text('kind').$type<'browser' | 'token'>().notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    expiresAtMs: instantColumn('expires_at_ms').notNull(),
    /** Set when a refresh replaced this session: it signs in nobody any more, and its reuse is a theft signal. */
    replacedAtMs: instantColumn('replaced_at_ms'),
  },
  (t) => [
    index('sessions_user_idx').on(t.userId), // a user's sessions; a user's removal
    index('sessions_family_idx').on(t.family), // end a family
    index('sessions_expiry_idx').on(t.expiresAtMs), // clear up what has expired
    check('sessions_kind_ck', sql`${t.kind} in ('browser', 'token')`),
  ],
)
