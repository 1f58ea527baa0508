import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Day } from '../units/time.ts'
import { idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'
import { pools } from './pools.ts'

/** `pending` is still being read, `superseded` was replaced by a newer export, `removed` was taken away by a person. */
export const BILL_STATUSES = ['pending', 'current', 'superseded', 'removed'] as const
export type BillStatus = (typeof BILL_STATUSES)[number]

/**
 * One account's invoice of one period, as one import brought it. Only the entries of current bills count: a newer export
 * is written beside the old one and takes its place in one transaction, so no reader ever sees half of it. The rows stay
 * as the history of what was restated; the entries of a bill that is not current any more go after a week.
 *
 * Row 0 is no bill: the entries of the documented simple files and those entered by hand.
 */
export const bills = sqliteTable(
  'bills',
  {
    id: idColumn('bill'),
    importId: idRefColumn('imp', 'import_id'),
    source: text('source').notNull().default(''),
    billingAccount: text('billing_account').notNull().default(''),
    /** First day of the invoice's period. */
    billingPeriod: text('billing_period').notNull().default(''),
    /** Which part of an export that comes in several files; '' for a whole one, which replaces all parts. */
    part: text('part').notNull().default(''),
    status: text('status').$type<BillStatus>().notNull(),
    /** Rows of the file, and what they add up to. */
    lineCount: intColumn('line_count').notNull().default(sql`0`),
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull().default(sql`0`),
    effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull().default(sql`0`),
    /** Σ max(|billed|, |effective|, |list|) over its entries: what it adds to `ledger_size` while it is current. */
    absNanoUsd: nanoUsdColumn('abs_nano_usd').notNull().default(sql`0`),
    /** The bill that took its place. */
    supersededBy: idRefColumn('bill', 'superseded_by'),
    currentSinceMs: instantColumn('current_since_ms'),
    endedAtMs: instantColumn('ended_at_ms'),
  },
  (t) => [
    // What a newer export replaces.
    uniqueIndex('bills_current_key')
      .on(t.source, t.billingAccount, t.billingPeriod, t.part)
      .where(sql`status = 'current'`),
    index('bills_import_idx').on(t.importId), // an import's page
    index('bills_ended_idx').on(t.endedAtMs).where(sql`ended_at_ms is not null`), // whose entries go
    check('bills_status_ck', sql`${t.status} in ('pending', 'current', 'superseded', 'removed')`),
  ],
)

/** A bill's sums per pool-day, written beside its entries: what sharing adds up, and the way to the entries. */
export const billDays = sqliteTable(
  'bill_days',
  {
    day: text('day').$type<Day>().notNull(),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    billId: idRefColumn('bill', 'bill_id').notNull(),
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
    effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull(),
    /** Σ list cost of the entries that say one, and Σ effective cost of those that do not. */
    listNanoUsd: nanoUsdColumn('list_nano_usd').notNull().default(sql`0`),
    unlistedNanoUsd: nanoUsdColumn('unlisted_nano_usd').notNull().default(sql`0`),
    /** Rows of the file whose charge does not say within which hour it fell. */
    wholeDayLines: intColumn('whole_day_lines').notNull().default(sql`0`),
    /** Null: no entry says. */
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.poolId, t.billId] }), // a pool-day's cost
    index('bill_days_bill_idx').on(t.billId), // a bill's days
  ],
)

/** A bill's sums per pool and hour, of the rows that say their hour: what a day of another time zone is made of. */
export const billHours = sqliteTable(
  'bill_hours',
  {
    day: text('day').$type<Day>().notNull(),
    /** 0–23, UTC. */
    hour: intColumn('hour').notNull(),
    poolId: intColumn('pool_id').notNull(),
    billId: idRefColumn('bill', 'bill_id').notNull(),
    billedNanoUsd: nanoUsdColumn('billed_nano_usd').notNull(),
    effectiveNanoUsd: nanoUsdColumn('effective_nano_usd').notNull(),
    listNanoUsd: nanoUsdColumn('list_nano_usd').notNull(),
    unlistedNanoUsd: nanoUsdColumn('unlisted_nano_usd').notNull(),
    capacityGpuSeconds: intColumn('capacity_gpu_seconds'),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.hour, t.poolId, t.billId] }), // a window of hours
    index('bill_hours_bill_idx').on(t.billId), // a bill's hours
  ],
)

/**
 * What a charge is for, beside its day and its pool: one row per combination, so that an entry is a few integers. Text
 * that the source does not know is ''.
 */
export const costDimensions = sqliteTable(
  'cost_dimensions',
  {
    id: intColumn('id').primaryKey(),
    /** All of the texts below as one JSON list, in their order: what makes the row unique. */
    key: text('key').notNull(),
    source: text('source').notNull(),
    /** Who is invoiced, and who used it: the same where the source knows one account only. */
    billingAccount: text('billing_account').notNull(),
    account: text('account').notNull(),
    /** First day of the invoice's period; '' where the source has none. */
    billingPeriod: text('billing_period').notNull(),
    region: text('region').notNull(),
    service: text('service').notNull(),
    sku: text('sku').notNull(),
    /** What the SKU is called on the bill. */
    item: text('item').notNull(),
    instanceType: text('instance_type').notNull(),
    chargeCategory: text('charge_category').notNull(),
    pricingCategory: text('pricing_category').notNull(),
    /** ISO 4217, as billed. */
    currency: text('currency').notNull(),
    /** JSON object with sorted keys; '' without tags. */
    tags: text('tags').notNull(),
    /** Whose the charge is by the rules that were applied last, as JSON of `OwnerOf`; '': nobody's by rule. */
    owner: text('owner').notNull().default(''),
    /** The set of rules that `owner` is from; older than the last one: still to be looked at. */
    ownerSet: intColumn('owner_set').notNull().default(sql`0`),
  },
  (t) => [
    uniqueIndex('cost_dimensions_key').on(t.key),
    index('cost_dimensions_owner_idx').on(t.id).where(sql`owner <> ''`), // whether any charge has an owner by rule
  ],
)
