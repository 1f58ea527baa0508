import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { teams } from './teams.ts'

/** Where an amount comes from: the provider said it, we multiplied a price, we guessed the tokens, nobody knows. */
export const COST_GRADES = ['reported', 'computed', 'estimated', 'unpriced'] as const
export type CostGrade = (typeof COST_GRADES)[number]

export const TOKEN_STATUSES = ['completed', 'failed', 'cancelled'] as const
export type TokenStatus = (typeof TOKEN_STATUSES)[number]

/**
 * Metered inference that came in by a file: one call, or one bucket of calls where the source adds up. Token buckets are
 * disjoint: what was read from a cache is not in `inputTokens`, reasoning is not in `outputTokens`. Null: the source does
 * not say, which is not zero.
 */
export const tokenUsage = sqliteTable(
  'token_usage',
  {
    id: idColumn('tok'),
    /** Which gateway or provider's export the row comes from. */
    source: text('source').notNull(),
    /** The source's own id of the call, or the key of its bucket. */
    recordId: text('record_id').notNull(),
    /** UTC day of the start. */
    day: text('day').$type<Day>().notNull(),
    startedAtMs: instantColumn('started_at_ms').notNull(),
    endedAtMs: instantColumn('ended_at_ms'),
    provider: text('provider').notNull(),
    /** As served; '' where the source does not say. */
    model: text('model').notNull().default(''),
    /** Null: of no team that Heliox knows, see `project`. */
    teamId: idRefColumn('team', 'team_id').references(() => teams.id, { onDelete: 'set null' }),
    /** The source's own names of who called: its team or project, user, and key (never the key itself). */
    project: text('project').notNull().default(''),
    userName: text('user_name').notNull().default(''),
    keyName: text('key_name').notNull().default(''),
    status: text('status').$type<TokenStatus>().notNull().default('completed'),
    requestCount: intColumn('request_count').notNull().default(sql`1`),
    inputTokens: intColumn('input_tokens'),
    cachedInputTokens: intColumn('cached_input_tokens'),
    cacheWriteTokens: intColumn('cache_write_tokens'),
    outputTokens: intColumn('output_tokens'),
    reasoningTokens: intColumn('reasoning_tokens'),
    /** Null: unpriced. */
    costNanoUsd: nanoUsdColumn('cost_nano_usd'),
    costGrade: text('cost_grade').$type<CostGrade>().notNull(),
    latencyMs: intColumn('latency_ms'),
    timeToFirstTokenMs: intColumn('time_to_first_token_ms'),
    createdBy: intColumn('created_by').notNull().default(sql`0`),
    changedBy: intColumn('changed_by').notNull().default(sql`0`),
    seenBy: intColumn('seen_by').notNull().default(sql`0`),
  },
  (t) => [
    uniqueIndex('token_usage_key').on(t.source, t.recordId), // the row of a record in a file
    index('token_usage_day_idx').on(t.day), // a window of days
    index('token_usage_team_idx').on(t.teamId), // a team's removal
    check('token_usage_status_ck', sql`${t.status} in ('completed', 'failed', 'cancelled')`),
    check('token_usage_grade_ck', sql`${t.costGrade} in ('reported', 'computed', 'estimated', 'unpriced')`),
    check('token_usage_unpriced_ck', sql`(${t.costNanoUsd} is null) = (${t.costGrade} = 'unpriced')`),
  ],
)
