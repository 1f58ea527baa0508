import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AnomalyVerdict, RecommendationStatus } from '../units/insight.ts'
import type { Day } from '../units/time.ts'
import { idRefColumn, instantColumn, nanoUsdColumn } from './columns.ts'
import { teams } from './teams.ts'

/** What a person said of an anomaly. Anomalies themselves are found anew from the ledger each time they are asked for. */
export const anomalyVerdicts = sqliteTable(
  'anomaly_verdicts',
  {
    /** The anomaly's own key: the same for the same series and day, however often it is found. */
    key: text('key').primaryKey(),
    /** Whose series, as the finder names it ("team:vision", "company"). */
    series: text('series').notNull(),
    day: text('day').$type<Day>().notNull(),
    /** yes: it was one. no: it was none. planned: it was meant. */
    verdict: text('verdict').$type<AnomalyVerdict>().notNull(),
    note: text('note').notNull().default(''),
    /** A person's e-mail or a key's name. */
    byLabel: text('by_label').notNull(),
    atMs: instantColumn('at_ms').notNull(),
  },
  (t) => [
    index('anomaly_verdicts_series_idx').on(t.series, t.day),
    check('anomaly_verdicts_verdict_ck', sql`${t.verdict} in ('yes', 'no', 'planned')`),
  ],
)

/** What became of a piece of advice. Advice itself is found anew from the ledger each time it is asked for. */
export const recommendationStates = sqliteTable(
  'recommendation_states',
  {
    /** The advice's own key: the same for the same kind and thing, however often it is given. */
    key: text('key').primaryKey(),
    kind: text('kind').notNull(),
    /** Null: the whole company's. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    status: text('status').$type<RecommendationStatus>().notNull(),
    note: text('note').notNull().default(''),
    /** JSON: the advice as it stood when this was decided, evidence included, so that its saving can be checked later. */
    asDecided: text('as_decided').notNull(),
    /** What it promised a month when it was decided. */
    savingNanoUsd: nanoUsdColumn('saving_nano_usd').notNull(),
    /** What it saved a month by the ledger since it was done; null: nobody has looked, or there is too little since. */
    verifiedNanoUsd: nanoUsdColumn('verified_nano_usd'),
    byLabel: text('by_label').notNull(),
    decidedAtMs: instantColumn('decided_at_ms').notNull(),
    doneAtMs: instantColumn('done_at_ms'),
  },
  (t) => [
    index('recommendation_states_status_idx').on(t.status),
    index('recommendation_states_team_idx').on(t.teamId),
    check('recommendation_states_status_ck', sql`${t.status} in ('open', 'accepted', 'done', 'dismissed')`),
  ],
)
