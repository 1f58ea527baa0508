import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { gpuHoursText } from '../../db/units/gpu.ts'
import { type NanoUsd, nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { DayText } from '../input-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { billedDays } from './billed-days.ts'
import { type CsvRow, csvLines } from './csv-lines.ts'
import { billingPeriod, COST_COLUMNS, chargePeriod, whatOf } from './focus-columns.ts'

export const CostsExported = z
  .object({ start: DayText.describe('First day'), end: DayText.describe('Last day, inside') })
  .refine(daysInOrder, DAYS_IN_ORDER)

type Row = CsvRow<(typeof COST_COLUMNS)[number]>

/** One entry, or several of different sources that say the same. */
type Entry = {
  names: Row
  billed: bigint
  effective: bigint
  list: bigint | null
  inCurrency: bigint | null
  usageSeconds: bigint | null
  gpuSeconds: bigint | null
}

type Stored = Record<'provider' | 'gpuType' | 'billingAccount' | 'account' | 'billingPeriod' | 'region', string> &
  Record<'service' | 'sku' | 'item' | 'instanceType' | 'chargeCategory' | 'pricingCategory', string> &
  Record<'currency' | 'tags', string> &
  Record<'billed' | 'effective', bigint> &
  Record<'list' | 'inCurrency' | 'usageSeconds' | 'gpuSeconds', bigint | null>

/**
 * The cost entries that count as a FOCUS file: all that is stored of them but which bill they came on. Sent to an empty
 * Heliox, it brings the same entries and the same export again. A day's entries are in memory at a time.
 *
 * @throws HelioxError forbidden `auth.whole_company`
 */
export function exportCosts(scope: Scope, asked: z.output<typeof CostsExported>): AsyncIterable<string> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'Exporting costs')
  return csvLines(COST_COLUMNS, days(scope, asked))
}

async function* days(scope: Scope, { start, end }: z.output<typeof CostsExported>): AsyncGenerator<Row[]> {
  for await (const day of billedDays(scope, { from: start, before: addDays(end, 1) })) {
    const stored = await scope.db.all<Stored>(sql`
      select provider, gpu_type as gpuType, billing_account as billingAccount, account, billing_period as billingPeriod,
        region, service, sku, item, instance_type as instanceType, charge_category as chargeCategory,
        pricing_category as pricingCategory, currency, tags, billed_nano_usd as billed, effective_nano_usd as effective,
        list_nano_usd as list, billed_currency_nano as inCurrency, usage_seconds as usageSeconds,
        capacity_gpu_seconds as gpuSeconds
      from ledger_costs where entry_date = ${day}`)
    const entries = new Map<string, Entry>()
    for (const row of stored) {
      const entry = entryOf(day, row)
      const key = COST_COLUMNS.map((name) => entry.names[name] ?? '').join('\0')
      const known = entries.get(key)
      entries.set(key, known ? together(known, entry) : entry)
    }
    yield [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => rowOf(entry))
  }
}

/** What is written is what is read back: no blanks around names, and what a bill leaves open said in one way. */
function entryOf(day: Day, row: Stored): Entry {
  const { billed, effective, list, inCurrency, usageSeconds, gpuSeconds } = row
  const isForeign = row.currency !== '' && row.currency !== 'USD'
  return {
    names: {
      ...whatOf(row.provider, row.gpuType),
      ...chargePeriod(day),
      ...billingPeriod((row.billingPeriod || day) as Day),
      ...{ BillingAccountId: row.billingAccount.trim(), SubAccountId: (row.account || row.billingAccount).trim() },
      ...{ RegionId: row.region.trim(), ServiceName: row.service.trim(), SkuPriceId: row.sku.trim() },
      ...{ ChargeDescription: row.item.trim(), ChargeCategory: row.chargeCategory.trim() || 'Usage' },
      ...{ PricingCategory: row.pricingCategory.trim(), BillingCurrency: 'USD', Tags: row.tags },
      ...{ SkuPriceDetails: row.instanceType === '' ? '' : JSON.stringify({ InstanceType: row.instanceType }) },
      ...{ x_HelioxExport: 'costs', x_HelioxCurrency: isForeign ? row.currency : '' },
    },
    ...{ billed, effective, list, inCurrency, usageSeconds, gpuSeconds },
  }
}

function together(a: Entry, b: Entry): Entry {
  const sum = (one: bigint | null, other: bigint | null) =>
    one === null || other === null ? (one ?? other) : one + other
  return {
    names: a.names,
    ...{ billed: a.billed + b.billed, effective: a.effective + b.effective },
    ...{ list: a.list === null || b.list === null ? null : a.list + b.list },
    ...{ inCurrency: sum(a.inCurrency, b.inCurrency), usageSeconds: sum(a.usageSeconds, b.usageSeconds) },
    gpuSeconds: sum(a.gpuSeconds, b.gpuSeconds),
  }
}

function rowOf({ names, billed, effective, list, inCurrency, usageSeconds, gpuSeconds }: Entry): Row {
  const amount = (nano: bigint | null) => (nano === null ? '' : usdText(nanoUsd(nano) as NanoUsd))
  const hours = (seconds: bigint | null) => (seconds === null ? '' : gpuHoursText(seconds))
  const isUsage = names.ChargeCategory === 'Usage'
  return {
    ...names,
    ...{ BilledCost: amount(billed), EffectiveCost: amount(effective), ListCost: amount(list) },
    ...(isUsage && gpuSeconds !== null ? { ConsumedQuantity: hours(gpuSeconds), ConsumedUnit: 'GPU-Hours' } : {}),
    ...(isUsage && gpuSeconds === null && usageSeconds !== null
      ? { ConsumedQuantity: hours(usageSeconds), ConsumedUnit: 'Hours' }
      : {}),
    ...{ x_HelioxGpuHours: hours(gpuSeconds), x_HelioxUsageHours: hours(usageSeconds) },
    x_HelioxBilledInCurrency: amount(inCurrency),
  }
}
