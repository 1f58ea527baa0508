import { addExact, type ExactUsd, exactText } from '../../../db/units/money.ts'
import { type EpochMs, parseDay, parseInstant } from '../../../db/units/time.ts'
import { readAmount } from './amounts.ts'
import { type Charge, chargeOf } from './charge.ts'
import { chargeInDollars, dividedBy, isCurrencyCode } from './exchange.ts'
import { gcpTags, listIn } from './gcp-labels.ts'
import { type GcpSku, gcpSkus } from './gcp-sku.ts'
import { type CostDraft, type ReadOptions, type Refused, type Row, refuse } from './importer.ts'

/** A row of the BigQuery export: nested, or flattened with dots or underscores between the names. */
export type GcpRecord = Readonly<Record<string, unknown>>

/** FOCUS ChargeCategory of `cost_type`, in lower case with underscores. */
const CHARGE_CATEGORIES: Record<string, string> = {
  ...{ '': 'Usage', regular: 'Usage', usage: 'Usage', tax: 'Tax' },
  ...{ adjustment: 'Adjustment', rounding_error: 'Adjustment' },
}

/** Whether an object has what every row of the export has. */
export function isGcpRecord(record: GcpRecord): boolean {
  const hasThing = ['service', 'sku', 'billing_account_id'].some((name) =>
    Object.keys(record).some((key) => key.startsWith(name)),
  )
  return 'cost' in record && 'usage_start_time' in record && hasThing
}

/**
 * Reads rows of the BigQuery export (cloud.google.com/billing/docs/how-to/export-data-bigquery-tables, standard and
 * detailed usage): the usage, and each of its credits as a charge of its own, so a line with two credits is three rows.
 * Either all of them are stored, or the line is refused once with its net amount. A charge counts on the UTC day of its
 * usage, in the period of its invoice. What is not in US dollars is divided by the row's own conversion rate.
 */
export function gcpRecords(options: ReadOptions): (line: number, record: GcpRecord, text: string) => Row[] {
  const skuOf = gcpSkus(options)
  return (line, record, text) => {
    const said = chargeIn(record, skuOf, options)
    const credits = listIn(field(record, 'credits'))
    const amounts: { name: string; column: string; text: string }[] = credits.map((credit) => ({
      name: textOf(credit.full_name) || textOf(credit.name) || textOf(credit.id),
      column: 'credits.amount',
      text: amountText(credit.amount),
    }))
    const flat = amountText(field(record, 'credits', 'amount'))
    if (flat !== '') amounts.push({ name: '', column: 'credits_amount', text: flat })
    const isBroken = credits.length === 0 && !isNothing(field(record, 'credits'))
    const rows = [storedAs(line, said, record, options)]
    for (const { name, column, text: amount } of amounts) {
      const item = name === '' ? `${said.item} (credit)` : `${said.item} (${name})`
      const credit: Charge = { ...said, ...CREDIT, item, billed: [column, amount], list: ['', ''] }
      rows.push(storedAs(line, credit, record, options))
    }
    const refused = isBroken
      ? refuse(line, 'credits', 'bad_credits', 'expected a list of credits with name and amount')
      : rows.find((row) => row.kind === 'refused')
    return refused ? [{ ...refused, ...netOf(rows, isBroken), record: text }] : rows
  }
}

const CREDIT = { chargeCategory: 'Credit', isUsage: false } as const

function chargeIn(record: GcpRecord, skuOf: ReturnType<typeof gcpSkus>, options: ReadOptions): Charge {
  const get = (...path: string[]) => textOf(field(record, ...path))
  const service = get('service', 'description') || get('service', 'id')
  const sku = get('sku', 'id')
  const item = get('sku', 'description')
  const { gpu, pricingCategory, isCommitment, isTime }: GcpSku = skuOf(service, sku, item)
  const costType = get('cost_type').toLowerCase().replaceAll(' ', '_')
  const category = CHARGE_CATEGORIES[costType] ?? get('cost_type')
  const seconds = hoursIn(get('usage', 'unit'), amountText(field(record, 'usage', 'amount')))
  const priced = plainText(amountText(field(record, 'usage', 'amount_in_pricing_units')))
  const isHours = priced !== '' && /^(gpu )?hours?$/i.test(get('usage', 'pricing_unit'))
  return {
    billed: ['cost', amountText(field(record, 'cost'))],
    list: ['cost_at_list', amountText(field(record, 'cost_at_list'))],
    currency: ['currency', get('currency') || options.currency],
    start: ['usage_start_time', get('usage_start_time')],
    end: ['usage_end_time', get('usage_end_time')],
    period: ['invoice.month', get('invoice', 'month')],
    provider: 'gcp',
    ...{ billingAccount: get('billing_account_id'), account: get('project', 'id') },
    region: get('location', 'region') || get('location', 'location'),
    ...{ service, sku, item, gpu, instanceType: '' },
    chargeCategory: category === 'Usage' && isCommitment ? 'Purchase' : category,
    pricingCategory: category === 'Usage' ? pricingCategory : '',
    tags: gcpTags(record),
    quantity: isHours ? priced : (seconds ?? ''),
    unit: isHours || (gpu && seconds !== null) ? 'Hours' : '',
    isUsage: category === 'Usage' && isTime,
    columns: { account: 'project.id', region: 'location.region', service: 'service.description', sku: 'sku.id' },
    readTime: readGcpTime,
  }
}

/** In dollars: by the row's own rate if it has one, else by an administrator's. */
function storedAs(line: number, said: Charge, record: GcpRecord, options: ReadOptions): CostDraft | Refused {
  const currency = said.currency[1].toUpperCase()
  const rate = readAmount(amountText(field(record, 'currency_conversion_rate')))
  return inDollars(line, said, currency, rate, options)
}

/** A charge in a currency of which one dollar buys `unitsPerUsd`; null: the bill does not say. */
export function inDollars(
  line: number,
  said: Charge,
  currency: string,
  unitsPerUsd: ExactUsd | null,
  options: ReadOptions,
): CostDraft | Refused {
  const own = readAmount(said.billed[1])
  const billed = own && unitsPerUsd ? dividedBy(own, unitsPerUsd) : null
  if (currency === 'USD' || !isCurrencyCode(currency) || !own || !billed || !unitsPerUsd)
    return chargeOf(line, said, options)
  const list = readAmount(said.list?.[1] ?? '')
  const listUsd = list && dividedBy(list, unitsPerUsd)
  return chargeInDollars(
    line,
    {
      ...said,
      billed: [said.billed[0], exactText(billed)],
      list: [said.list?.[0] ?? '', listUsd ? exactText(listUsd) : (said.list?.[1] ?? '')],
    },
    currency,
    own,
    options,
  )
}

/** What a refused line amounts to, if every amount of it is readable. */
function netOf(rows: readonly (CostDraft | Refused)[], isBroken: boolean) {
  const sum = (of: 'billed' | 'effective'): ExactUsd | null =>
    isBroken
      ? null
      : rows
          .map((row) => row[of])
          .reduce((total, amount) => (total && amount ? addExact(total, amount) : null), { digits: 0n, scale: 0 })
  return { billed: sum('billed'), effective: sum('effective') }
}

/** "2026-06-01 00:00:00 UTC" as BigQuery writes it, ISO 8601, and a month such as "202606". Null for anything else. */
export function readGcpTime(text: string): EpochMs | null {
  const month = /^(\d{4})-?(\d{2})$/.exec(text)
  if (month) {
    const first = `${month[1]}-${month[2]}-01`
    return parseDay(first) && parseInstant(first)
  }
  return parseInstant(text.endsWith(' UTC') ? text.slice(0, -4) : text)
}

/** A value by its path: nested, or one key with the names joined by a dot or an underscore. */
export function field(record: GcpRecord, ...path: readonly string[]): unknown {
  const [first = '', second] = path
  const value = record[first]
  if (second === undefined) return value
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && second in value)
    return (value as GcpRecord)[second]
  return record[`${first}.${second}`] ?? record[`${first}_${second}`]
}

/** Text as it is, a number as its shortest decimal, '' for null and anything else. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

/** A number's text; a positive exponent, as floats of BigQuery have it ("1.2345678E7"), is written out. */
export function amountText(value: unknown): string {
  const text = textOf(value)
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match
  const shift = Number(exponent)
  const digits = whole + fraction.padEnd(shift, '0')
  const cut = whole.length + shift
  const moved = digits.slice(0, cut).replace(/^0+(?=\d)/, '')
  return `${sign}${moved}${digits.length > cut ? `.${digits.slice(cut)}` : ''}`
}

/** "5.5E-4" as "0.00055", which is how hours are read; '' for what is no number. */
export function plainText(amount: string): string {
  const exact = readAmount(amount)
  return exact ? exactText(exact) : ''
}

/** Seconds as hours, to the 18th digit; null: another unit. */
function hoursIn(unit: string, amount: string): string | null {
  const seconds = /^seconds?$/i.test(unit) ? readAmount(amount) : null
  const hours = seconds && dividedBy(seconds, { digits: 3600n, scale: 0 })
  return hours ? exactText(hours) : null
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || (typeof value === 'string' && /^(?:\[\]|null)?$/.test(value.trim()))
}
