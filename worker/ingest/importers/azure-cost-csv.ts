import { exactText } from '../../../db/units/money.ts'
import { readAmount } from './amounts.ts'
import { type DateOrder, isSlashed, orderIn, readAzureTime } from './azure-dates.ts'
import { azureNames, isAzureHeader } from './azure-headers.ts'
import { AzureKind, azureThing } from './azure-thing.ts'
import { type BillTable, billTable, type Field, hasHeader } from './bill-table.ts'
import { type Cell, type Charge, chargeOf, tagsText } from './charge.ts'
import { chargeInDollars, dividedBy, isCurrencyCode } from './exchange.ts'
import type { CostDraft, ReadOptions, Refused, TextImporter } from './importer.ts'
import { exactObject } from './json-items.ts'

const EXPECTED =
  'an Azure cost and usage file: a CSV whose header names Date, CostInBillingCurrency (or Cost, PreTaxCost, ExtendedCost), MeterCategory, …'

/**
 * Azure cost details: exports and downloads of EA, MCA, CSP and pay-as-you-go, actual or amortised, in any case and
 * language of the headers, and the older EA portal's report with lines above its header. An amortised file has only
 * the amortised amount: billed is that amount too. Quantities count as time only where one unit is one hour: of
 * "10 Hours" and "100 Hours" some files count hours and some blocks, so such a row brings no GPU time.
 */
export const azureCostCsv: TextImporter = {
  id: 'azure-cost-csv',
  label: 'Azure cost details as CSV (EA, MCA, pay-as-you-go)',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'azure',
  isBill: true,
  recognises: (head) =>
    hasHeader(head, (fields) => isAzureHeader(azureNames(fields)))
      ? 'its header names Azure’s date, cost and meter columns'
      : null,
  open: (options) =>
    billTable(EXPECTED, (fields) => {
      const names = azureNames(fields)
      return isAzureHeader(names) ? new AzureTable(fields, names, options) : null
    }),
}

const CHARGE_CATEGORIES: Record<string, string> = {
  ...{ '': 'Usage', usage: 'Usage', purchase: 'Purchase', refund: 'Adjustment', tax: 'Tax', credit: 'Credit' },
  ...{ unusedreservation: 'Usage', unusedsavingsplan: 'Usage', unusedsavingplan: 'Usage' },
  ...{ roundingadjustment: 'Adjustment', adjustment: 'Adjustment' },
}
const PRICING_CATEGORIES: Record<string, string> = {
  ...{ '': '', ondemand: 'Standard', reservation: 'Committed', savingsplan: 'Committed', savingplan: 'Committed' },
  ...{ spot: 'Dynamic' },
}
/** Which column each name of a charge comes from, for refusals. */
const NAMED = [
  ...([
    ['billingAccount', 'billingAccount'],
    ['account', 'account'],
    ['region', 'region'],
    ['sku', 'meterId'],
  ] as const),
  ...([
    ['service', 'meterCategory'],
    ['chargeCategory', 'chargeType'],
    ['pricingCategory', 'pricingModel'],
  ] as const),
  ...([
    ['currency', 'currency'],
    ['provider', 'provider'],
    ['instanceType', 'info'],
    ['tags', 'tags'],
  ] as const),
] as const
/** The units in which quantity is hours for certain. */
const ONE_HOUR = /^(?:1 )?hours?$/i
const MOST_REMEMBERED = 5_000

class AzureTable implements BillTable {
  readonly names: readonly string[]
  private readonly headings = new Map<string, string>()
  private readonly columns: NonNullable<Charge['columns']>
  private readonly hasCost: boolean
  private readonly options: ReadOptions
  private readonly kind: AzureKind
  private order: DateOrder = 'month first'
  private readonly tags = new Map<string, string>()

  constructor(header: readonly string[], names: readonly string[], options: ReadOptions) {
    this.names = names
    this.options = options
    this.kind = new AzureKind(names)
    this.hasCost = names.includes('cost')
    names.forEach((name, index) => {
      this.headings.set(name, (header[index] ?? '').trim())
    })
    this.columns = Object.fromEntries(NAMED.map(([said, name]) => [said, this.headings.get(name) ?? name]))
  }

  hasDecided(field: Field): boolean {
    const order = orderIn(field)
    if (order) this.order = order
    return order !== null || !isSlashed(field('date').trim())
  }

  keep(fields: readonly string[]): readonly string[] {
    if (this.order === 'month first') return fields
    // Alone, such a record could not say which order it is in.
    return fields.map((text, index) => {
      const isDate = ['date', 'periodStart', 'periodEnd'].includes(this.names[index] ?? '')
      const time = isDate && isSlashed(text.trim()) ? readAzureTime(text.trim(), this.order) : null
      return time === null ? text : new Date(time).toISOString()
    })
  }

  about(): string {
    return this.kind.about() + (this.order === 'day first' ? ', its dates day first' : '')
  }

  read(line: number, raw: Field): (CostDraft | Refused)[] {
    const field: Field = (name) => {
      const text = raw(name).trim()
      return text === 'NULL' || text === 'null' ? '' : text
    }
    const thing = azureThing(field)
    const chargeType = word(field('chargeType'))
    const pricingModel = word(field('pricingModel'))
    const said: Charge = {
      billed: this.cell(field, this.hasCost ? 'cost' : 'costInUsd'),
      list: this.cell(field, 'list'),
      currency: this.currencyCell(field),
      ...{ start: this.cell(field, 'date'), period: this.cell(field, 'periodStart') },
      provider: field('provider') || 'azure',
      ...{ billingAccount: field('billingAccount'), account: field('account') },
      ...{ region: field('region'), service: field('meterCategory') || field('service') },
      ...{ sku: field('meterId') || field('partNumber'), item: thing.item, instanceType: thing.instanceType },
      chargeCategory: CHARGE_CATEGORIES[chargeType] ?? field('chargeType'),
      pricingCategory: PRICING_CATEGORIES[pricingModel] ?? field('pricingModel'),
      tags: this.tagsOf(field('tags')),
      skuMeter: field('meterName'),
      quantity: plainQuantity(field('quantity')),
      unit: ONE_HOUR.test(field('unit')) ? 'Hours' : '',
      isUsage: thing.isMachineTime && (chargeType === '' || chargeType === 'usage'),
      columns: this.columns,
      readTime: (text) => readAzureTime(text, this.order),
    }
    this.kind.see(chargeType, pricingModel, said.billed[1])
    return [this.inDollars(line, said, field)]
  }

  /** Stored are the dollars that the row itself states; else its own rate; else what an administrator has dated. */
  private inDollars(line: number, said: Charge, field: Field): CostDraft | Refused {
    const currency = said.currency[1].toUpperCase()
    const own = readAmount(said.billed[1])
    if (currency === 'USD' || !isCurrencyCode(currency) || !own || !this.hasCost)
      return chargeOf(line, said, this.options)
    const pricesInUsd = field('pricingCurrency').toUpperCase() === 'USD'
    let billed: Cell | null = field('costInUsd') !== '' ? this.cell(field, 'costInUsd') : null
    if (!billed && pricesInUsd && field('costInPricingCurrency') !== '')
      billed = this.cell(field, 'costInPricingCurrency')
    const rate = pricesInUsd ? readAmount(field('exchangeRate')) : null
    const quotient = !billed && rate ? dividedBy(own, rate) : null
    if (quotient) billed = [said.billed[0], exactText(quotient)]
    if (!billed) return chargeOf(line, said, this.options)
    const list = this.cell(field, 'listInUsd')
    return chargeInDollars(line, { ...said, billed, list }, currency, own, this.options)
  }

  private currencyCell(field: Field): Cell {
    // Without an amount in the billing currency, all there is is in dollars.
    return this.hasCost ? this.cell(field, 'currency') : ['', 'USD']
  }

  private cell(field: Field, name: string): Cell {
    return [this.headings.get(name) ?? name, field(name)]
  }

  private tagsOf(text: string): string {
    const known = this.tags.get(text)
    if (known !== undefined) return known
    const isObject = text.startsWith('{')
    const tags = text === '' ? '' : tagsText(exactObject(isObject ? text : `{${text}}`) ?? text)
    if (this.tags.size >= MOST_REMEMBERED) this.tags.clear()
    this.tags.set(text, tags)
    return tags
  }
}

/** "UnusedReservation", "Unused reservation": without case and blanks. */
function word(text: string): string {
  return text.toLowerCase().replaceAll(' ', '')
}

/** "1E-05" as "0.00001", which is how hours are read. */
function plainQuantity(text: string): string {
  const amount = readAmount(text)
  return amount ? exactText(amount) : ''
}
