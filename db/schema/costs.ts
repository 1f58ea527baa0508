import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { pools } from './pools.ts'

/**
 * What was paid for one UTC day, as fine as the source knows. Text that the source does not know is '': a NULL in
 * a key would let the same row in twice. The documented cost snapshot is a row with all of them empty.
 */
export const costEntries = sqliteTable(
  'cost_entries',
  {
    id: idColumn('cost'),
    entryDate: text('entry_date').$type<Day>().notNull(),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    /** Which bill the entry is from; '' for the documented simple files. */
    source: text('source').notNull().default(''),
    /** Who is invoiced, and who used it: the same where the source knows one account only. */
    billingAccount: text('billing_account').notNull().default(''),
    account: text('account').notNull().default(''),
    /** First day of the invoice's period; '' where the source has none. A restated period replaces the old one. */
    billingPeriod: text('billing_period').notNull().default(''),
    region: text('region').notNull().default(''),
    sku: text('sku').notNull().default(''),
    chargeCategory: text('charge_category').notNull().default(''),
    pricingCategory: text('pricing_category').notNull().default(''),
    /** What the invoice says. */
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
    /** Amortised: what analytics split. The same as billed where the source has one amount. */
    effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull(),
    /** At list price; null: the source does not say. */
    listNanoUsd: nanoUsdColumn('list_nano_usd'),
    /** Billed amount in the currency of the bill, in billionths; null where that is USD. */
    billedCurrencyNano: nanoUsdColumn('billed_currency_nano'),
    /** Time of the billed units (instances, or GPUs) in seconds; null where the bill does not count hours. */
    usageSeconds: intColumn('usage_seconds'),
    /** GPU time that the amount bought; null: not in the source. */
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
    /** Rows of the file that were added up into this entry. */
    lineCount: intColumn('line_count').notNull().default(sql`1`),
    /** The bill it stands on; 0 for none. */
    billId: intColumn('bill_id').notNull().default(sql`0`),
    dimensionId: intColumn('dimension_id').notNull().default(sql`0`),
    // Import ids that brought the entry, last changed an amount in it, last mentioned it. Plain numbers, not foreign
    // keys: ids are never given out twice, and removing an import must not scan every entry.
    createdBy: intColumn('created_by').notNull().default(sql`0`),
    changedBy: intColumn('changed_by').notNull().default(sql`0`),
    seenBy: intColumn('seen_by').notNull().default(sql`0`),
  },
  (t) => [
    // A pool-day's entries, and the entry of a row in a file.
    uniqueIndex('cost_entries_key').on(
      t.entryDate,
      t.poolId,
      t.source,
      t.billingAccount,
      t.account,
      t.billingPeriod,
      t.region,
      t.sku,
      t.chargeCategory,
      t.pricingCategory,
    ),
    // What a restated bill no longer mentions; the documented files have no period and need no place in here.
    index('cost_entries_period_idx').on(t.source, t.billingAccount, t.billingPeriod).where(sql`billing_period <> ''`),
    check('cost_entries_date_ck', sql`${t.entryDate} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'`),
    check('cost_entries_capacity_ck', sql`${t.capacityGpuSeconds} >= 0`),
  ],
)

/** Measured GPU time of a pool on a day. */
export const usageSnapshots = sqliteTable(
  'usage_snapshots',
  {
    id: idColumn('usage'),
    entryDate: text('entry_date').$type<Day>().notNull(),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    gpuSeconds: intColumn('gpu_seconds').notNull(),
    /** GPU time for which there was a measurement at all; null: not known. Less than capacity is a gap, not idleness. */
    measuredGpuSeconds: intColumn('measured_gpu_seconds'),
    /** Where it comes from: '' by hand or by a documented file, `jobs` for what was derived from them. */
    source: text('source').notNull().default(''),
    // Import ids, as in cost_entries.
    createdBy: intColumn('created_by').notNull().default(sql`0`),
    changedBy: intColumn('changed_by').notNull().default(sql`0`),
    seenBy: intColumn('seen_by').notNull().default(sql`0`),
  },
  (t) => [
    uniqueIndex('usage_snapshots_key').on(t.entryDate, t.poolId), // a pool-day's measurement
    check('usage_snapshots_seconds_ck', sql`${t.gpuSeconds} >= 0`),
  ],
)

/**
 * One row: Σ max(|billed|, |effective|) over all entries, kept by triggers on `cost_entries`. Every sum of money in the
 * ledger is at most this in size, so the CHECK keeps all of them inside 64 bits whoever writes, and however many at once.
 */
export const ledgerSize = sqliteTable(
  'ledger_size',
  { id: intColumn('id').primaryKey(), absNanoUsd: nanoUsdColumn('abs_nano_usd').notNull() },
  (t) => [
    check('ledger_size_one_ck', sql`${t.id} = 1`),
    check('ledger_size_ck', sql`${t.absNanoUsd} between 0 and 9000000000000000000`),
  ],
)
