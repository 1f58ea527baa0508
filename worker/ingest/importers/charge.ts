import { normalName, readGpuHours } from '../../../db/units/gpu.ts'
import type { ExactUsd } from '../../../db/units/money.ts'
import { type Day, dayOf, type EpochMs } from '../../../db/units/time.ts'
import { multiplyExact, readAmount, readBillTime } from './amounts.ts'
import { hoursOfCharge } from './charge-hours.ts'
import { type BilledGpu, type CostDraft, quoted, type ReadOptions, type Refused, refuse } from './importer.ts'

/** A cell of a row: what its column is called in the file, and its text; '' is null. */
export type Cell = readonly [column: string, text: string]

/** What a row of a bill says, in FOCUS's words; '' where it does not say. */
export type Charge = {
  /** What the invoice says. Needed. */
  billed: Cell
  /** Amortised; absent or empty: as billed. */
  effective?: Cell
  /** At list price; absent or empty: not known. */
  list?: Cell
  /** Empty: what the sender said beside the file. */
  currency: Cell
  /** US dollars for one unit of the currency, where the row brings its own rate. */
  usdPerUnit?: Cell
  /** The charge counts on the UTC day on which its period starts. */
  start: Cell
  /** The end of that period; absent, empty or unreadable: nobody knows at which hour of the day. */
  end?: Cell
  /** First day of the invoice's period; absent or empty: the day of the charge is a period of its own. */
  period?: Cell
  provider: string
  billingAccount: string
  account: string
  region: string
  service: string
  sku: string
  item: string
  instanceType: string
  chargeCategory: string
  pricingCategory: string
  /** See `tagsText`. */
  tags: string
  /** What the row itself says about GPUs; undefined: to be recognised from what it charges for. */
  gpu?: BilledGpu | null
  serviceCategory?: string
  resourceType?: string
  skuMeter?: string
  skuPriceDetails?: string
  /** How much of what was billed ("24", "Hours"); counts as GPU time only where the row is usage. */
  quantity: string
  unit: string
  isUsage: boolean
  /** What the file calls the columns of its names, for refusals. */
  columns?: Partial<Record<(typeof NAMES)[number] | 'tags', string>>
  /** How the file writes times, if not as `readBillTime` reads them. */
  readTime?: (text: string) => EpochMs | null
}

const LONGEST_NAME = 300
const LONGEST_TAGS = 4_000
/** A billion GPU-hours, what `readGpuHours` takes. */
const MOST_GPU_SECONDS = 3.6e12

/**
 * The cost entry of a bill's row, or why it cannot be one. Amounts are exact; a currency other than US dollars is
 * converted with the rate that the row brings or that an administrator has dated, else the row is refused: Heliox
 * guesses no rate. What is not GPU time is kept with an empty GPU type, so that totals equal the bill.
 */
export function chargeOf(line: number, said: Charge, options: ReadOptions): CostDraft | Refused {
  const billed = readAmount(said.billed[1])
  const effective = said.effective === undefined || said.effective[1] === '' ? billed : readAmount(said.effective[1])
  const list = said.list === undefined || said.list[1] === '' ? null : readAmount(said.list[1])
  const bad = ([column, text]: Cell, code: string, message: string): Refused => ({
    ...refuse(line, column, code, message.replace('%', quoted(text))),
    billed,
    effective,
  })
  if (!billed) return bad(said.billed, 'bad_amount', 'expected an amount such as 12.5, found %')
  if (!effective) return bad(said.effective ?? said.billed, 'bad_amount', 'expected an amount such as 12.5, found %')
  if (said.list && said.list[1] !== '' && !list)
    return bad(said.list, 'bad_amount', 'expected an amount such as 12.5, found %')
  const readTime = said.readTime ?? readBillTime
  const startedAtMs = readTime(said.start[1])
  if (startedAtMs === null) return bad(said.start, 'bad_time', 'expected a time such as 2026-01-31T00:00:00Z, found %')
  const entryDate = dayOf(startedAtMs)
  const period = said.period && said.period[1] !== '' ? readTime(said.period[1]) : startedAtMs
  if (period === null)
    return bad(said.period ?? said.start, 'bad_time', 'expected a time such as 2026-01-01T00:00:00Z, found %')
  const currency = (said.currency[1] || options.currency).toUpperCase()
  if (currency === '')
    return bad(
      said.currency,
      'no_currency',
      'the currency is not stated: add the column, or send the file with &currency=USD',
    )
  const rate = currency === 'USD' ? null : rateOf(said, currency, entryDate, options)
  if (currency !== 'USD' && rate === null)
    return bad(
      [said.currency[0], currency],
      'no_rate',
      'there is no dated rate from % to USD: add one, then read these rows again',
    )
  const provider = normalName(said.provider) || 'unknown'
  const { service, sku, item, instanceType } = said
  const gpu =
    said.gpu === undefined
      ? options.recogniseGpu({
          ...{ provider, service, sku, item, instanceType },
          serviceCategory: said.serviceCategory ?? '',
          resourceType: said.resourceType ?? '',
          skuMeter: said.skuMeter ?? '',
          skuPriceDetails: said.skuPriceDetails ?? '',
        })
      : said.gpu
  const usageSeconds = said.isUsage ? secondsIn(said.quantity, said.unit) : null
  const draft: CostDraft = {
    ...{ kind: 'cost', line, entryDate, provider, currency, service, sku, instanceType },
    item: item.slice(0, LONGEST_NAME),
    gpuType: gpu?.gpuType ?? '',
    billingAccount: said.billingAccount,
    account: said.account || said.billingAccount,
    billingPeriod: dayOf(period),
    region: said.region,
    chargeCategory: said.chargeCategory,
    pricingCategory: said.pricingCategory,
    tags: said.tags,
    billed: rate ? multiplyExact(billed, rate) : billed,
    effective: rate ? multiplyExact(effective, rate) : effective === billed ? billed : effective,
    list: rate && list ? multiplyExact(list, rate) : list,
    billedInCurrency: rate ? billed : null,
    usageSeconds,
    capacityGpuSeconds: gpu && usageSeconds !== null ? capacityOf(usageSeconds, said.unit, gpu.gpuCount) : null,
    hours: said.end === undefined || said.end[1] === '' ? null : hoursOfCharge(startedAtMs, readTime(said.end[1]) ?? 0),
  }
  if (effective === billed) draft.effective = draft.billed
  for (const name of NAMES)
    if (draft[name].length > LONGEST_NAME)
      return bad([said.columns?.[name] ?? name, ''], 'too_long', `has more than ${LONGEST_NAME} characters`)
  if (draft.tags.length > LONGEST_TAGS)
    return bad([said.columns?.tags ?? 'tags', ''], 'too_long', `has more than ${LONGEST_TAGS} characters`)
  return draft
}

const NAMES = [
  ...(['provider', 'billingAccount', 'account', 'region', 'service', 'sku'] as const),
  ...(['instanceType', 'chargeCategory', 'pricingCategory', 'currency'] as const),
] as const

function rateOf(said: Charge, currency: string, day: Day, options: ReadOptions): ExactUsd | null {
  const own = said.usdPerUnit && said.usdPerUnit[1] !== '' ? readAmount(said.usdPerUnit[1]) : null
  return own && own.digits > 0n ? own : options.usdPerUnit(currency, day)
}

/** Billed hours of GPUs or of instances, as seconds; null where the unit is another one. */
function secondsIn(quantity: string, unit: string): number | null {
  if (!/^(gpu[\s-]*)?(hours?|hrs?|h)$/i.test(unit.trim())) return null
  return readGpuHours(quantity)
}

/** GPU time the row bought: GPU-hours as they are; instance-hours times the GPUs of the instance, where that is known. */
function capacityOf(usageSeconds: number, unit: string, gpuCount: number | null): number | null {
  if (/^gpu/i.test(unit.trim())) return usageSeconds
  if (gpuCount === null) return null
  const gpuSeconds = Math.floor(usageSeconds * gpuCount + 1e-6) // whole, and never more than was billed: a GPU may be shared
  return gpuSeconds <= MOST_GPU_SECONDS ? gpuSeconds : null // a slip, and no sum could hold it
}

/**
 * Tags as they are stored: JSON with sorted keys, every value as text, '' without tags. Takes an object as JSON or as
 * its text; text that is no JSON object is kept whole under the key "tags", so that nothing is lost.
 */
export function tagsText(tags: string | Readonly<Record<string, unknown>>): string {
  const given = typeof tags === 'string' ? objectIn(tags) : tags
  const entries = Object.entries(given)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return entries.length === 0 ? '' : JSON.stringify(Object.fromEntries(entries))
}

function objectIn(text: string): Record<string, unknown> {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '{}' || /^null$/i.test(trimmed)) return {}
  try {
    const value: unknown = JSON.parse(trimmed)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // not JSON: kept as it is
  }
  return { tags: trimmed }
}
