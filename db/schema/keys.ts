import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { teams } from './teams.ts'
import { users } from './users.ts'

export { KEY_SCOPES, type KeyScope } from '../units/key-scopes.ts'

/** Keys of machines. The key itself is shown once; here is its SHA-256, and enough of its beginning to recognise it. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: idColumn('key'),
    name: text('name').notNull(),
    /** The key's first characters, such as "hlx_a1B2c3". */
    prefix: text('prefix').notNull(),
    keyHash: text('key_hash').notNull(),
    /** The key before the last rotation, which works until `previousExpiresAtMs`. */
    previousKeyHash: text('previous_key_hash'),
    previousExpiresAtMs: instantColumn('previous_expires_at_ms'),
    /** Null: the whole company. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    /** JSON list of KEY_SCOPES. */
    scopes: text('scopes').notNull(),
    /** JSON list of model names that it may ask; null: all. */
    models: text('models'),
    /** Requests per minute; null: the default. */
    rpm: intColumn('rpm'),
    /** Tokens per minute at the gateway; null: no limit. */
    tpm: intColumn('tpm'),
    /** What it may spend per calendar month; null: no limit of its own. */
    monthlyLimitNanoUsd: nanoUsdColumn('monthly_limit_nano_usd'),
    /** Null: does not expire. */
    expiresAtMs: instantColumn('expires_at_ms'),
    revokedAtMs: instantColumn('revoked_at_ms'),
    /** To within a minute; null: never used. */
    usedAtMs: instantColumn('used_at_ms'),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    /** Null: by the admin key, or by somebody who has been removed. */
    createdBy: idRefColumn('user', 'created_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (t) => [
    uniqueIndex('api_keys_hash_key').on(t.keyHash), // every request with a key
    uniqueIndex('api_keys_previous_hash_key').on(t.previousKeyHash), // one with a key that was rotated
    index('api_keys_team_idx').on(t.teamId), // a team's keys; a team's removal
    index('api_keys_created_by_idx').on(t.createdBy), // a user's removal
    check('api_keys_name_ck', sql`length(trim(${t.name})) between 1 and 100`),
    check('api_keys_rpm_ck', sql`${t.rpm} > 0`),
    check('api_keys_limit_ck', sql`${t.monthlyLimitNanoUsd} >= 0`),
  ],
)

/** Requests of one credential in the minute that began with its first one. One row per credential, reused. */
export const requestCounts = sqliteTable('request_counts', {
  subject: text('subject').primaryKey(),
  startedAtMs: instantColumn('started_at_ms').notNull(),
  count: intColumn('count').notNull(),
})
