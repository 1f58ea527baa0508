import { addExact, type ExactUsd, exactText, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import { dayOf } from '../../../db/units/time.ts'
import { readAmount, readBillTime } from './amounts.ts'
import type { BillTable, Field } from './bill-table.ts'
import type { Charge } from './charge.ts'
import { isCurrencyCode } from './exchange.ts'
import { inDollars, plainText } from './gcp-record.ts'
import { gcpSkus } from './gcp-sku.ts'
import type { ReadOptions, Row } from './importer.ts'

/** Our words for the cost table's columns, compared without case. */
const WORDS: Record<string, string> = {
  ...{ 'billing account name': 'accountName', 'billing account id': 'billingAccount' },
  ...{ 'project id': 'account', 'project name': 'projectName' },
  ...{ 'service description': 'service', 'service id': 'serviceId', 'sku description': 'item', 'sku id': 'sku' },
  ...{ 'credit type': 'creditType', 'credit name': 'creditName', 'credit id': 'creditId', 'cost type': 'costType' },
  ...{ 'usage start date': 'start', 'usage amount': 'quantity', 'usage unit': 'unit', region: 'region' },
}
/** "Unrounded Cost ($)", "Cost (€)", "Subtotal (USD)": the amount columns carry the currency in their name. */
const AMOUNT = /^(unrounded )?(cost|subtotal)\s*(?:\(([^)]*)\))?$/
/** Signs that mean one currency only; "$" is also on the bills of Australia, Canada, … */
const SIGNS: Record<string, string> = { '€': 'EUR', '£': 'GBP', '₹': 'INR', '₩': 'KRW', R$: 'BRL' }
const SUMMARY = /^(?:rounding error|total|subtotal|grand total|filtered total)$/
const CHARGE_CATEGORIES: Record<string, string> = {
  ...{ '': 'Usage', usage: 'Usage', regular: 'Usage', tax: 'Tax', adjustment: 'Adjustment', credit: 'Credit' },
  ...{ 'rounding error': 'Adjustment' },
}

/**
 * The console's cost table (cloud.google.com/billing/docs/how-to/cost-table), below its lines of invoice facts. A usage
 * row covers days or a month and counts on its first day; credits are rows of their own. The lines at the end (Total,
 * Filtered total, Rounding error) are no records and are compared with what was read. Null: not its header.
 */
export function gcpCostTable(
  fields: readonly string[],
  above: readonly (readonly string[])[],
  options: ReadOptions,
): BillTable | null {
  const names = costTableNames(fields)
  if (!names) return null
  const sign = fields.map((name) => AMOUNT.exec(name.trim().toLowerCase())?.[3]).find((found) => found) ?? ''
  return new CostTable(fields, names, above, sign, options)
}

/** Our word for each column of the cost table, '' for those that nobody asks for; null: it is not its header. */
export function costTableNames(fields: readonly string[]): string[] | null {
  const header = fields.map((name) => name.trim().toLowerCase())
  const names = header.map((name) => WORDS[name] ?? '')
  const amounts = header.map((name) => AMOUNT.exec(name))
  // A report with discounts beside the cost has its net in the subtotal.
  const wanted = amounts.some((match) => match?.[2] === 'subtotal') ? 'subtotal' : 'cost'
  amounts.forEach((match, index) => {
    if (match?.[2] === wanted) names[index] = match[1] ? 'unrounded' : 'rounded'
  })
  const hasAmount = names.includes('unrounded') || names.includes('rounded')
  const hasThing = names.includes('item') || names.includes('service')
  return hasAmount && hasThing && names.includes('start') ? names : null
}

class CostTable implements BillTable {
  readonly names: readonly string[]
  private readonly header: readonly string[]
  private readonly currency: string
  private readonly unitsPerUsd: ExactUsd | null
  private readonly invoiceDate: string
  private readonly options: ReadOptions
  private readonly skuOf: ReturnType<typeof gcpSkus>
  private sum = ZERO_EXACT
  private readonly totals = new Map<string, ExactUsd>()

  constructor(
    header: readonly string[],
    names: readonly string[],
    above: readonly (readonly string[])[],
    sign: string,
    options: ReadOptions,
  ) {
    const fact = (name: string) => above.find(([key]) => key?.trim().toLowerCase() === name)?.[1]?.trim() ?? ''
    const code = fact('currency').toUpperCase()
    this.currency = code || (isCurrencyCode(sign.toUpperCase()) ? sign.toUpperCase() : (SIGNS[sign] ?? ''))
    this.unitsPerUsd = readAmount(fact('currency exchange rate'))
    this.invoiceDate = fact('invoice date')
    this.header = header
    this.names = names
    this.options = options
    this.skuOf = gcpSkus(options)
  }

  read(line: number, raw: Field): Row[] {
    const field: Field = (name) => raw(name).trim()
    const amountName = field('unrounded') === '' ? 'rounded' : 'unrounded'
    const amount = readAmount(field(amountName))
    const label = summaryIn(field)
    if (label !== '') {
      if (amount) this.totals.set(label, amount)
      return [{ kind: 'skipped', line }]
    }
    if (amount) this.sum = addExact(this.sum, amount)
    const item = field('item')
    const service = field('service') || field('serviceId')
    const { gpu, pricingCategory, isCommitment, isTime } = this.skuOf(service, field('sku'), item)
    const credit = field('creditType') || field('creditName') || field('creditId')
    const costType = CHARGE_CATEGORIES[field('costType').toLowerCase()] ?? field('costType')
    const isUsage = credit === '' && costType === 'Usage'
    // Tax and adjustments of an invoice have no usage: they count on its date.
    const start = field('start') || (isUsage ? '' : this.invoiceDate)
    const said: Charge = {
      billed: [this.nameOf(amountName), field(amountName)],
      currency: ['Currency', this.currency || this.options.currency],
      start: [this.nameOf('start'), start],
      period: [this.nameOf('start'), this.periodOf(start)],
      provider: 'gcp',
      ...{ billingAccount: field('billingAccount'), account: field('account') || field('projectName') },
      ...{ region: field('region'), service, sku: field('sku'), gpu, instanceType: '' },
      item: credit === '' ? item || field('costType') : `${item} (${credit})`,
      chargeCategory: credit !== '' ? 'Credit' : isUsage && isCommitment ? 'Purchase' : costType,
      pricingCategory: isUsage ? pricingCategory : '',
      tags: '',
      quantity: plainText(field('quantity')),
      unit: field('unit'),
      isUsage: isUsage && isTime,
      columns: { account: 'Project ID', service: 'Service description', sku: 'SKU ID' },
    }
    return [inDollars(line, said, said.currency[1].toUpperCase(), this.unitsPerUsd, this.options)]
  }

  about(): string {
    const total = this.totals.get('filtered total') ?? this.totals.get('total') ?? this.totals.get('grand total')
    const rounding = this.totals.get('rounding error') ?? ZERO_EXACT
    const parts = ['Google Cloud cost table']
    if (this.currency !== '') parts.push(`in ${this.currency}`)
    if (total) {
      const off = subtractExact(total, this.sum)
      const rest = subtractExact(off, rounding)
      if (off.digits === 0n || rest.digits === 0n) parts.push(`its total ${exactText(total)} is the sum of its rows`)
      else parts.push(`its total ${exactText(total)} differs from the sum of its rows, ${exactText(this.sum)}`)
      if (off.digits !== 0n && rest.digits === 0n) parts.push(`with ${exactText(rounding)} of rounding`)
    }
    return parts.join(', ')
  }

  /** The first day of the invoice's month; without an invoice that of the usage. */
  private periodOf(start: string): string {
    const time = readBillTime(this.invoiceDate) ?? readBillTime(start)
    return time === null ? '' : `${dayOf(time).slice(0, 7)}-01`
  }

  private nameOf(name: string): string {
    return (this.header[this.names.indexOf(name)] ?? name).trim()
  }
}

/** What a line at the end sums up; '' for a record. Only a line that names no service, SKU and project is one. */
function summaryIn(field: Field): string {
  if (['service', 'serviceId', 'item', 'sku', 'account'].some((name) => field(name) !== '')) return ''
  for (const name of ['costType', 'billingAccount', 'projectName', 'creditType', 'accountName', 'start']) {
    const label = field(name).toLowerCase()
    if (SUMMARY.test(label)) return label
  }
  return ''
}
