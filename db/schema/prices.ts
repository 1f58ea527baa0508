import { sql } from 'drizzle-orm'
import { check, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, instantColumn, nanoUsdColumn } from './columns.ts'

/**
 * What a million tokens of a model cost from a day on, as decimal text of US dollars: prices have up to 12 decimals a
 * token. A call takes the newest price up to its UTC day, and keeps the amount: a price never rewrites history by itself.
 * Null: that bucket has no price of its own and costs what its parent costs (cached input and cache writes: input;
 * reasoning: output). A true 0 is free.
 */
export const modelPrices = sqliteTable(
  'model_prices',
  {
    id: idColumn('price'),
    /** As a backend calls it, or as clients ask for it. */
    model: text('model').notNull(),
    effectiveFrom: text('effective_from').$type<Day>().notNull(),
    input: text('input_usd_per_million').notNull(),
    output: text('output_usd_per_million').notNull(),
    cachedInput: text('cached_input_usd_per_million'),
    cacheWrite: text('cache_write_usd_per_million'),
    /** Of entries that are kept an hour. */
    cacheWriteLong: text('cache_write_1h_usd_per_million'),
    reasoning: text('reasoning_usd_per_million'),
    /**
     * Other prices of the same model as a JSON list of {tier?, aboveTokens?, input?, output?, …}: of a service tier (batch,
     * flex, priority), and of a whole request whose input is above so many tokens.
     */
    variantsJson: text('variants_json').notNull().default('[]'),
    /** Who says so: a price list and its date, or `by hand`. */
    source: text('source').notNull().default('by hand'),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [uniqueIndex('model_prices_key').on(t.model, t.effectiveFrom)], // the price of a day
)

/** What a GPU-hour costs from a day on by the company's own list: over the shipped catalogue. */
export const gpuPrices = sqliteTable(
  'gpu_prices',
  {
    id: idColumn('gprice'),
    provider: text('provider').notNull(),
    gpuType: text('gpu_type').notNull(),
    effectiveFrom: text('effective_from').$type<Day>().notNull(),
    perGpuHourNanoUsd: nanoUsdColumn('per_gpu_hour_nano_usd').notNull(),
    source: text('source').notNull().default('by hand'),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('gpu_prices_key').on(t.provider, t.gpuType, t.effectiveFrom),
    check('gpu_prices_ck', sql`${t.perGpuHourNanoUsd} >= 0`),
  ],
)
