import { addExact, type ExactUsd, exactText, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../../db/units/time.ts'
import { readAmount, readBillTime } from './amounts.ts'
import type { BillTable, Field } from './bill-table.ts'
import { type Charge, tagsText } from './charge.ts'
import { costTableNames, currencyOfColumns, type InvoiceFacts, invoiceDate, invoiceFacts } from './gcp-cost-columns.ts'
import { inDollars, plainText, readGcpTime } from './gcp-record.ts'
import { gcpSkus } from './gcp-sku.ts'
import type { ReadOptions, Row } from './importer.ts'

const SUMMARY = /^(?:rounding error|total|subtotal|grand total|filtered total)$/
const CHARGE_CATEGORIES: Record<string, string> = {
  ...{ '': 'Usage', usage: 'Usage', regular: 'Usage', tax: 'Tax', adjustment: 'Adjustment', credit: 'Credit' },
  ...{ 'rounding error': 'Adjustment' },
}

/**
 * The console's cost table (cloud.google.com/billing/docs/how-to/cost-table), below its lines of invoice facts. A usage
 * row covers days or a month and counts on its first day, as does a row of a cost report by day or month; credits are rows of their own. The lines at the end (Total,
 * Filtered total, Rounding error) are no records and are compared with what was read. Null: not its header.
 */
export function gcpCostTable(
  fields: readonly string[],
  above: readonly (readonly string[])[],
  options: ReadOptions,
): BillTable | null {
  const names = costTableNames(fields, above)
  return names && new CostTable(fields, names, invoiceFacts(above), options)
}

class CostTable implements BillTable {
  readonly names: readonly string[]
  private readonly header: readonly string[]
  private readonly currency: string
  private readonly unitsPerUsd: ExactUsd | null
  private readonly invoiceDate: string
  private readonly due: ExactUsd | null
  private readonly billingAccount: string
  private readonly options: ReadOptions
  private readonly skuOf: ReturnType<typeof gcpSkus>
  private sum = ZERO_EXACT
  private readonly totals = new Map<string, ExactUsd>()

  constructor(header: readonly string[], names: readonly string[], facts: InvoiceFacts, options: ReadOptions) {
    this.currency = facts.get('currency')?.toUpperCase() || currencyOfColumns(header)
    this.unitsPerUsd = readAmount(facts.get('currency exchange rate') ?? '')
    this.invoiceDate = invoiceDate(facts)
    this.due = readAmount((facts.get('total amount due') ?? '').replace(/[^\d.,()-]/g, ''))
    this.billingAccount = facts.get('billing account id') ?? ''
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
    // Tax and adjustments have no usage and count on the invoice's date; a table without days on the first of its month.
    const isDated = this.names.includes('start')
    const start = field('start') || (isDated && isUsage ? '' : isDated ? this.invoiceDate : this.periodOf(''))
    const said: Charge = {
      billed: [this.nameOf(amountName), field(amountName)],
      list: [this.nameOf('list'), credit === '' ? field('list') : ''],
      currency: ['Currency', this.currency || this.options.currency],
      start: [this.nameOf('start'), start],
      period: [this.nameOf('start'), this.periodOf(start)],
      provider: 'gcp',
      ...{
        billingAccount: field('billingAccount') || this.billingAccount,
        account: field('account') || field('projectName'),
      },
      ...{ region: field('region'), service, sku: field('sku'), gpu, instanceType: '' },
      item: credit === '' ? item || field('costType') : `${item} (${credit})`,
      chargeCategory: credit !== '' ? 'Credit' : isUsage && isCommitment ? 'Purchase' : costType,
      pricingCategory: isUsage ? pricingCategory : '',
      tags: labelTags(field('label')),
      quantity: plainText(field('quantity')),
      unit: field('unit'),
      isUsage: isUsage && isTime,
      columns: { account: 'Project ID', service: 'Service description', sku: 'SKU ID' },
      readTime: timeOf,
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
    const unpaid = this.due && subtractExact(this.due, addExact(this.sum, rounding))
    if (this.due && unpaid && !isUnderACent(unpaid))
      parts.push(`the invoice's amount due is ${exactText(this.due)}: the file may lack its credits or its tax`)
    return parts.join(', ')
  }

  /** The first day of the invoice's month; without an invoice that of the usage. */
  private periodOf(start: string): string {
    const time = timeOf(this.invoiceDate) ?? timeOf(start)
    return time === null ? '' : `${dayOf(time).slice(0, 7)}-01`
  }

  private nameOf(name: string): string {
    return (this.header[this.names.indexOf(name)] ?? name).trim()
  }
}

function timeOf(text: string): EpochMs | null {
  return readGcpTime(text) ?? readBillTime(text)
}

function isUnderACent({ digits, scale }: ExactUsd): boolean {
  return (digits < 0n ? -digits : digits) * 100n < 10n ** BigInt(scale)
}

/** "environment:prod", of a report by label. */
function labelTags(label: string): string {
  const colon = label.indexOf(':')
  return colon > 0 ? tagsText({ [label.slice(0, colon)]: label.slice(colon + 1) }) : ''
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
