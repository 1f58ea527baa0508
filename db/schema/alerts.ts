import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AlertEvent, AlertStatus, Severity } from '../units/insight.ts'
import { channels } from './channels.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { teams } from './teams.ts'

/** What somebody wants to be told of. */
export const alertRules = sqliteTable(
  'alert_rules',
  {
    id: idColumn('arule'),
    name: text('name').notNull(),
    /** A name in the registry of kinds: spend, burn_rate, idle … */
    kind: text('kind').notNull(),
    /** Null: the whole company's. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    /** JSON, as the kind reads it: thresholds, windows, filters. */
    params: text('params').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    /** The condition must have held so long. */
    forMinutes: intColumn('for_minutes').notNull(),
    /** While it fires it is said again after so long; 0: once only. */
    repeatMinutes: intColumn('repeat_minutes').notNull(),
    isEnabled: flagColumn('is_enabled').notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    changedAtMs: instantColumn('changed_at_ms').notNull(),
    lastLookedAtMs: instantColumn('last_looked_at_ms'),
    /** Words for people, of the last look that failed; '': it did not. */
    lastError: text('last_error').notNull().default(''),
  },
  (t) => [
    index('alert_rules_team_idx').on(t.teamId),
    check('alert_rules_severity_ck', sql`${t.severity} in ('info', 'warning', 'critical')`),
  ],
)

/** Where a rule says it. */
export const alertRuleChannels = sqliteTable(
  'alert_rule_channels',
  {
    ruleId: idRefColumn('arule', 'rule_id')
      .notNull()
      .references(() => alertRules.id, { onDelete: 'cascade' }),
    channelId: idRefColumn('chan', 'channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.ruleId, t.channelId] }), index('alert_rule_channels_channel_idx').on(t.channelId)],
)

/** A time in which a rule's condition held for one group (a team, a pool, a backend …); '' where a rule has no groups. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: idColumn('alert'),
    ruleId: idRefColumn('arule', 'rule_id')
      .notNull()
      .references(() => alertRules.id, { onDelete: 'cascade' }),
    groupKey: text('group_key').notNull(),
    /** Whose it is; null: the whole company's. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    status: text('status').$type<AlertStatus>().notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    /** What was found last: JSON { title, text, href, facts }. */
    finding: text('finding').notNull(),
    startedAtMs: instantColumn('started_at_ms').notNull(),
    firedAtMs: instantColumn('fired_at_ms'),
    toldAtMs: instantColumn('told_at_ms'),
    acknowledgedAtMs: instantColumn('acknowledged_at_ms'),
    acknowledgedBy: text('acknowledged_by'),
    resolvedAtMs: instantColumn('resolved_at_ms'),
  },
  (t) => [
    // One open alert of a rule and group, whoever looks at the same time.
    uniqueIndex('alerts_open_uq').on(t.ruleId, t.groupKey).where(sql`${t.status} <> 'resolved'`),
    index('alerts_status_idx').on(t.status, t.startedAtMs),
    index('alerts_team_idx').on(t.teamId, t.startedAtMs),
    check('alerts_status_ck', sql`${t.status} in ('pending', 'firing', 'resolved')`),
  ],
)

/** The history of an alert. */
export const alertEvents = sqliteTable(
  'alert_events',
  {
    id: idColumn('aevt'),
    alertId: idRefColumn('alert', 'alert_id')
      .notNull()
      .references(() => alerts.id, { onDelete: 'cascade' }),
    event: text('event').$type<AlertEvent>().notNull(),
    note: text('note').notNull().default(''),
    byLabel: text('by_label').notNull(),
    atMs: instantColumn('at_ms').notNull(),
  },
  (t) => [index('alert_events_alert_idx').on(t.alertId, t.id)],
)

/** A time in which nothing is said of a rule, a group of it, or a team; what is null applies to all. */
export const alertSilences = sqliteTable(
  'alert_silences',
  {
    id: idColumn('asil'),
    ruleId: idRefColumn('arule', 'rule_id').references(() => alertRules.id, { onDelete: 'cascade' }),
    groupKey: text('group_key'),
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    reason: text('reason').notNull(),
    byLabel: text('by_label').notNull(),
    startsAtMs: instantColumn('starts_at_ms').notNull(),
    endsAtMs: instantColumn('ends_at_ms').notNull(),
  },
  (t) => [index('alert_silences_ends_idx').on(t.endsAtMs)],
)
