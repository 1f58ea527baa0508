import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { flagColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import type { CostGrade, TokenStatus } from './tokens.ts'

/** Whether the gateway's own store of answers was asked. */
export const ANSWER_CACHE_STATES = ['off', 'miss', 'hit'] as const
export type AnswerCacheState = (typeof ANSWER_CACHE_STATES)[number]

/**
 * One call of the gateway, written once by the meter; a later writing of the same id replaces an estimate and nothing else.
 * Token buckets are disjoint as in `token_usage`. Triggers add each row to `gateway_days`, which outlives it. References
 * are no foreign keys: who called stays what it was when the key, the team or the backend is gone.
 */
export const requests = sqliteTable(
  'requests',
  {
    /** Such as "req_01J…": also the call's x-request-id. */
    id: text('id').primaryKey(),
    startedAtMs: instantColumn('started_at_ms').notNull(),
    endedAtMs: instantColumn('ended_at_ms'),
    /** UTC day of the start. */
    day: text('day').$type<Day>().notNull(),
    /** Such as "chat.completions". */
    endpoint: text('endpoint').notNull(),
    keyId: idRefColumn('key', 'key_id'),
    teamId: idRefColumn('team', 'team_id'),
    userId: idRefColumn('user', 'user_id'),
    /** The request's own `user`, a client's word for who is behind it. */
    endUser: text('end_user').notNull().default(''),
    modelAsked: text('model_asked').notNull(),
    /** As the backend calls what it served; what was asked where none did. */
    model: text('model').notNull(),
    backendId: idRefColumn('bknd', 'backend_id'),
    /** Its name then; '' where none was reached. */
    backend: text('backend').notNull().default(''),
    provider: text('provider').notNull().default(''),
    isStream: flagColumn('is_stream').notNull(),
    status: text('status').$type<TokenStatus>().notNull(),
    httpStatus: intColumn('http_status'),
    errorCode: text('error_code').notNull().default(''),
    errorMessage: text('error_message').notNull().default(''),
    inputTokens: intColumn('input_tokens'),
    cachedInputTokens: intColumn('cached_input_tokens'),
    cacheWriteTokens: intColumn('cache_write_tokens'),
    /** Part of `cacheWriteTokens`: entries that are kept an hour, which have a price of their own. */
    cacheWriteLongTokens: intColumn('cache_write_1h_tokens'),
    outputTokens: intColumn('output_tokens'),
    reasoningTokens: intColumn('reasoning_tokens'),
    /** Null: unpriced. */
    costNanoUsd: nanoUsdColumn('cost_nano_usd'),
    costGrade: text('cost_grade').$type<CostGrade>().notNull(),
    /** What the price book says of the same tokens where the provider reported a cost; else null. */
    computedCostNanoUsd: nanoUsdColumn('computed_cost_nano_usd'),
    priceId: idRefColumn('price', 'price_id'),
    serviceTier: text('service_tier').notNull().default(''),
    latencyMs: intColumn('latency_ms'),
    timeToFirstTokenMs: intColumn('time_to_first_token_ms'),
    /** Backends that were asked before the one that answered, and further tries. */
    retryCount: intColumn('retry_count').notNull().default(sql`0`),
    cache: text('cache').$type<AnswerCacheState>().notNull().default('off'),
    /** What an answer from the store would have cost. */
    savedNanoUsd: nanoUsdColumn('saved_nano_usd').notNull().default(sql`0`),
    /** Parameters of the call as JSON, without its words. */
    parametersJson: text('parameters_json').notNull().default('{}'),
    /** {messages, response} as JSON where the team keeps them; null: it does not, or they have been forgotten. */
    bodyJson: text('body_json'),
  },
  (t) => [
    index('requests_started_idx').on(t.startedAtMs), // newest first
    index('requests_team_idx').on(t.teamId, t.startedAtMs), // a team's, newest first
    index('requests_key_idx').on(t.keyId, t.startedAtMs), // a key's, newest first
    index('requests_model_idx').on(t.model, t.day), // repricing a model
    index('requests_body_idx').on(t.startedAtMs).where(sql`body_json is not null`), // what is to be forgotten
    check('requests_status_ck', sql`${t.status} in ('completed', 'failed', 'cancelled')`),
    check('requests_grade_ck', sql`${t.costGrade} in ('reported', 'computed', 'estimated', 'unpriced')`),
    check('requests_cache_ck', sql`${t.cache} in ('off', 'miss', 'hit')`),
    check('requests_unpriced_ck', sql`(${t.costNanoUsd} is null) = (${t.costGrade} = 'unpriced')`),
  ],
)

/** Sums over calls of a UTC day, kept by triggers on `requests`. 0 and '' where a call has none. */
export const gatewayDays = sqliteTable(
  'gateway_days',
  {
    day: text('day').$type<Day>().notNull(),
    /** Row numbers, not ids: 0 is nobody. */
    team: intColumn('team').notNull(),
    key: intColumn('key').notNull(),
    user: intColumn('user').notNull(),
    modelAsked: text('model_asked').notNull(),
    model: text('model').notNull(),
    backend: text('backend').notNull(),
    provider: text('provider').notNull(),
    status: text('status').$type<TokenStatus>().notNull(),
    costGrade: text('cost_grade').$type<CostGrade>().notNull(),
    requestCount: intColumn('request_count').notNull(),
    /** Those that were answered from the gateway's own store. */
    cacheHitCount: intColumn('cache_hit_count').notNull(),
    inputTokens: intColumn('input_tokens'),
    cachedInputTokens: intColumn('cached_input_tokens'),
    cacheWriteTokens: intColumn('cache_write_tokens'),
    outputTokens: intColumn('output_tokens'),
    reasoningTokens: intColumn('reasoning_tokens'),
    costNanoUsd: nanoUsdColumn('cost_nano_usd').notNull(),
    savedNanoUsd: nanoUsdColumn('saved_nano_usd').notNull(),
  },
  (t) => [
    primaryKey({
      columns: [t.day, t.team, t.key, t.user, t.modelAsked, t.model, t.backend, t.provider, t.status, t.costGrade],
    }),
    index('gateway_days_key_idx').on(t.key, t.day), // what a key has spent
    index('gateway_days_user_idx').on(t.user, t.day), // what a user has spent
    index('gateway_days_team_idx').on(t.team, t.day), // what a team has spent
    index('gateway_days_model_idx').on(t.modelAsked, t.day), // what a model has cost
  ],
)
