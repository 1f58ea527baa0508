import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { flagColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { teams } from './teams.ts'

/** What a team has decided about its calls. No row: nothing is kept and nothing is answered from the store. */
export const teamGateway = sqliteTable(
  'team_gateway',
  {
    teamId: idRefColumn('team', 'team_id')
      .primaryKey()
      .references(() => teams.id, { onDelete: 'cascade' }),
    /** Whether messages and answers are kept, for how many days, and whether e-mail addresses, numbers and the like are struck out. */
    keepsBodies: flagColumn('keeps_bodies').notNull().default(sql`0`),
    bodyDays: intColumn('body_days').notNull().default(sql`30`),
    redacts: flagColumn('redacts').notNull().default(sql`1`),
    /** How long an answer stands for the same question; null: the store is off. */
    cacheTtlSeconds: intColumn('cache_ttl_seconds'),
    /** Whether answers carry x-heliox-cost-usd and the like. */
    saysCost: flagColumn('says_cost').notNull().default(sql`1`),
  },
  (t) => [
    check('team_gateway_days_ck', sql`${t.bodyDays} between 1 and 3650`),
    check('team_gateway_ttl_ck', sql`${t.cacheTtlSeconds} > 0`),
  ],
)

/** Answers that stand for the same question of the same team until they expire. */
export const storedAnswers = sqliteTable(
  'stored_answers',
  {
    /** SHA-256 of the team, the endpoint and the question without what does not change the answer. */
    hash: text('hash').primaryKey(),
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'cascade' }),
    /** The answer's JSON, never a stream: streams are made of it. */
    answer: text('answer').notNull(),
    /** What the call cost that made it. */
    costNanoUsd: nanoUsdColumn('cost_nano_usd'),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    expiresAtMs: instantColumn('expires_at_ms').notNull(),
  },
  (t) => [
    index('stored_answers_team_idx').on(t.teamId), // a team's removal
    index('stored_answers_expires_idx').on(t.expiresAtMs),
  ],
)

/** Counts what changes how calls are answered: keys, backends, prices, budgets, what teams decide. Kept by triggers. */
export const gatewayVersion = sqliteTable('gateway_version', {
  id: intColumn('id').primaryKey(),
  version: intColumn('version').notNull(),
})
