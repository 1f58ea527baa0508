import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { DeliveryStatus, DigestPeriod } from '../units/insight.ts'
import type { Day } from '../units/time.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { teams } from './teams.ts'

/** Where Heliox tells people: a Slack channel, a mailbox, a webhook … */
export const channels = sqliteTable(
  'channels',
  {
    id: idColumn('chan'),
    name: text('name').notNull(),
    /** A name in the registry of kinds: slack, email, webhook … */
    kind: text('kind').notNull(),
    /** Null: the whole company's. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    /** JSON, as the kind reads it: nothing that is secret. */
    config: text('config').notNull(),
    /** Sealed: addresses that let anybody post, signing keys, passwords. */
    secrets: text('secrets').notNull().default(''),
    isEnabled: flagColumn('is_enabled').notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    changedAtMs: instantColumn('changed_at_ms').notNull(),
  },
  (t) => [index('channels_team_idx').on(t.teamId)],
)

/** A message on its way to one channel. Written with what it tells of, in one transaction; sent after it. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: idColumn('dlv'),
    channelId: idRefColumn('chan', 'channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    /** What it tells of ("alert_7 fired 1"): never told twice in one channel. */
    messageKey: text('message_key').notNull(),
    /** JSON: a Message. */
    message: text('message').notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    attempts: intColumn('attempts').notNull(),
    nextAttemptAtMs: instantColumn('next_attempt_at_ms').notNull(),
    /** Words for people; no address and no secret stands in them. */
    lastError: text('last_error').notNull().default(''),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    sentAtMs: instantColumn('sent_at_ms'),
  },
  (t) => [
    uniqueIndex('deliveries_message_uq').on(t.channelId, t.messageKey),
    index('deliveries_due_idx').on(t.status, t.nextAttemptAtMs),
    check('deliveries_status_ck', sql`${t.status} in ('queued', 'sending', 'sent', 'dead')`),
  ],
)

/** A summary that is sent every day or week. */
export const digests = sqliteTable(
  'digests',
  {
    id: idColumn('dig'),
    name: text('name').notNull(),
    period: text('period').$type<DigestPeriod>().notNull(),
    /** Null: the whole company's. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    /** From this hour UTC of the day after the period on. */
    hourUtc: intColumn('hour_utc').notNull(),
    isEnabled: flagColumn('is_enabled').notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    /** The last day of the last period that was sent. */
    lastSentFor: text('last_sent_for').$type<Day>(),
  },
  (t) => [
    index('digests_team_idx').on(t.teamId),
    check('digests_period_ck', sql`${t.period} in ('day', 'week')`),
    check('digests_hour_ck', sql`${t.hourUtc} between 0 and 23`),
  ],
)

/** Where a digest goes. */
export const digestChannels = sqliteTable(
  'digest_channels',
  {
    digestId: idRefColumn('dig', 'digest_id')
      .notNull()
      .references(() => digests.id, { onDelete: 'cascade' }),
    channelId: idRefColumn('chan', 'channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.digestId, t.channelId] }), index('digest_channels_channel_idx').on(t.channelId)],
)
