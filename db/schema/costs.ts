import { sql } from 'drizzle-orm'
import { check, sqliteTable, sqliteView, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, idRefColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { pools } from './pools.ts'

/**
 * What was paid for one UTC day, as fine as the source knows: what it is for stands in its dimension, whose it is in its
 * pool. Only entries of current bills count; readers ask the view `ledgerCosts`, which has them with all their texts.
 */
export const costEntries = sqliteTable(
  'cost_entries',
  {
    id: idColumn('cost'),
    entryDate: text('entry_date').$type<Day>().notNull(),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    // Plain numbers, not foreign keys: neither is ever removed under an entry, and a million rows would be checked.
    /** The bill it stands on; 0 for none: a documented simple file, or somebody's hand. */
    billId: intColumn('bill_id').notNull().default(sql`0`),
    dimensionId: intColumn('dimension_id').notNull(),
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
    // Import ids that brought the entry and last changed an amount in it.
    createdBy: intColumn('created_by').notNull().default(sql`0`),
    changedBy: intColumn('changed_by').notNull().default(sql`0`),
  },
  (t) => [
    uniqueIndex('cost_entries_key').on(t.entryDate, t.poolId, t.billId, t.dimensionId), // a pool-day's entries; a row's entry
    check('cost_entries_date_ck', sql`${t.entryDate} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'`),
    check('cost_entries_capacity_ck', sql`${t.capacityGpuSeconds} >= 0`),
  ],
)

/** The entries that count, with their texts. A view; its SQL is in the migrations. */
export const ledgerCosts = sqliteView('ledger_costs', {
  id: idRefColumn('cost', 'id').notNull(),
  entryDate: text('entry_date').$type<Day>().notNull(),
  poolId: intColumn('pool_id').notNull(),
  provider: text('provider').notNull(),
  gpuType: text('gpu_type').notNull(),
  billId: intColumn('bill_id').notNull(),
  dimensionId: intColumn('dimension_id').notNull(),
  source: text('source').notNull(),
  billingAccount: text('billing_account').notNull(),
  account: text('account').notNull(),
  billingPeriod: text('billing_period').notNull(),
  region: text('region').notNull(),
  service: text('service').notNull(),
  sku: text('sku').notNull(),
  item: text('item').notNull(),
  instanceType: text('instance_type').notNull(),
  chargeCategory: text('charge_category').notNull(),
  pricingCategory: text('pricing_category').notNull(),
  currency: text('currency').notNull(),
  tags: text('tags').notNull(),
  billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
  effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull(),
  listNanoUsd: nanoUsdColumn('list_nano_usd'),
  billedCurrencyNano: nanoUsdColumn('billed_currency_nano'),
  usageSeconds: intColumn('usage_seconds'),
  capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
  lineCount: intColumn('line_count').notNull(),
  createdBy: intColumn('created_by').notNull(),
  changedBy: intColumn('changed_by').notNull(),
}).existing()

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
 * One row: at least Σ max(|billed|, |effective|, |list|) over the entries that count, kept by triggers on `cost_entries` and `bills`. Every sum of money in the
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
