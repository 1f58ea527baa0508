import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Role } from '../units/roles.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { teams } from './teams.ts'

export { ROLES, type Role } from '../units/roles.ts'

/** People who sign in. */
export const users = sqliteTable(
  'users',
  {
    id: idColumn('user'),
    /** Lower-cased and trimmed at the door. */
    email: text('email').notNull(),
    name: text('name').notNull().default(''),
    role: text('role').$type<Role>().notNull(),
    /**
     * Scheme, parameters, salt and hash in one text; see `worker/auth/password.ts`. '': no password, because the person
     * has not joined yet or signs in elsewhere.
     */
    passwordHash: text('password_hash').notNull(),
    /** Somebody chose a password under this e-mail without anybody having checked whose it is. */
    isSelfRegistered: flagColumn('is_self_registered').notNull().default(sql`0`),
    isDisabled: flagColumn('is_disabled').notNull().default(sql`0`),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    /** Null: never yet. */
    signedInAtMs: instantColumn('signed_in_at_ms'),
  },
  (t) => [
    uniqueIndex('users_email_key').on(t.email), // sign-in
    check('users_role_ck', sql`${t.role} in ('admin', 'finance', 'developer', 'viewer')`),
  ],
)

/** Whose rows a developer or viewer sees. Administrators and finance see all and need no row here. */
export const teamMembers = sqliteTable(
  'team_members',
  {
    userId: idRefColumn('user', 'user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    teamId: idRefColumn('team', 'team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.teamId] }), // a person's teams
    index('team_members_team_idx').on(t.teamId), // a team's people; a team's removal
  ],
)

/** Who a person is to a provider of identity (OpenID Connect, GitHub): linked once, by a verified e-mail. */
export const identities = sqliteTable(
  'identities',
  {
    /** The issuer's address for OpenID Connect, 'github' for GitHub. */
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: idRefColumn('user', 'user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.issuer, t.subject] }), // sign-in
    index('identities_user_idx').on(t.userId), // a user's removal
  ],
)

/** One-time links that set a password: an invitation, or a reset. Gone once used. Holds only the SHA-256 of the secret. */
export const passwordLinks = sqliteTable(
  'password_links',
  {
    secretHash: text('secret_hash').primaryKey(),
    userId: idRefColumn('user', 'user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose').$type<'invite' | 'reset'>().notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    expiresAtMs: instantColumn('expires_at_ms').notNull(),
  },
  (t) => [
    index('password_links_user_idx').on(t.userId), // a newer link ends the older; a user's removal
    check('password_links_purpose_ck', sql`${t.purpose} in ('invite', 'reset')`),
  ],
)

/** Wrong passwords of late, per e-mail and address; neither is stored, only the SHA-256 of both together. */
export const signInFailures = sqliteTable('sign_in_failures', {
  subjectHash: text('subject_hash').primaryKey(),
  count: intColumn('count').notNull(),
  firstAtMs: instantColumn('first_at_ms').notNull(),
  lastAtMs: instantColumn('last_at_ms').notNull(),
})

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
    /** What its owner may do has changed since: the next use gets a new id. */
    isOutdated: flagColumn('is_outdated').notNull().default(sql`0`),
    /** For the owner to recognise it by; '' where the client did not say. */
    userAgent: text('user_agent').notNull().default(''),
    address: text('address').notNull().default(''),
    /** To within ten minutes; null: not used since it began. */
    usedAtMs: instantColumn('used_at_ms'),
  },
  (t) => [
    index('sessions_user_idx').on(t.userId), // a user's sessions; a user's removal
    index('sessions_family_idx').on(t.family), // end a family
    index('sessions_expiry_idx').on(t.expiresAtMs), // clear up what has expired
    check('sessions_kind_ck', sql`${t.kind} in ('browser', 'token')`),
  ],
)
