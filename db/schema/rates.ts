import { sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, instantColumn } from './columns.ts'

/** What one unit of a currency is worth in US dollars from a day on. A bill of a day takes the newest rate up to it. */
export const currencyRates = sqliteTable(
  'currency_rates',
  {
    id: idColumn('rate'),
    /** ISO 4217, upper case. */
    currency: text('currency').notNull(),
    effectiveFrom: text('effective_from').$type<Day>().notNull(),
    /** Decimal text, exact. */
    usdPerUnit: text('usd_per_unit').notNull(),
    /** Who says so. */
    source: text('source').notNull().default(''),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [uniqueIndex('currency_rates_key').on(t.currency, t.effectiveFrom)], // the rate of a day
)
