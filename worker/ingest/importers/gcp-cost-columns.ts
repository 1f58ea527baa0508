import { isCurrencyCode } from './exchange.ts'
import { readGcpTime } from './gcp-record.ts'

/** Our words for the columns of the console's CSV files, compared without case. */
const WORDS: Record<string, string> = {
  ...{ 'billing account name': 'accountName', 'billing account id': 'billingAccount' },
  ...{ 'project id': 'account', 'project name': 'projectName' },
  ...{ 'service description': 'service', 'service id': 'serviceId', 'sku description': 'item', 'sku id': 'sku' },
  ...{ 'credit type': 'creditType', 'credit name': 'creditName', 'credit id': 'creditId', 'cost type': 'costType' },
  ...{ 'usage amount': 'quantity', 'usage unit': 'unit', region: 'region', label: 'label' },
}
/** Where a row's day stands, the best first: the cost table's, and those that a report is grouped by. */
const STARTS = ['usage start date', 'date', 'day', 'month', 'usage month', 'invoice month'] as const
/** "Unrounded Cost ($)", "Cost (€)", "Subtotal (USD)": the amount columns carry the currency in their name. */
const AMOUNT = /^(unrounded |list )?(cost|subtotal)\s*(?:\(([^)]*)\))?$/
/** Signs that mean one currency only; "$" is also on the bills of Australia, Canada, … */
const SIGNS: Record<string, string> = { '€': 'EUR', '£': 'GBP', '₹': 'INR', '₩': 'KRW', r$: 'BRL' }

/** The facts above a header by their names in lower case. */
export type InvoiceFacts = ReadonlyMap<string, string>

export function invoiceFacts(above: readonly (readonly string[])[]): InvoiceFacts {
  return new Map(above.map(([name = '', value = '']) => [name.trim().toLowerCase(), value.trim()]))
}

/** The invoice's day, or the first of its month, as the lines above the header say it; '' where they do not. */
export function invoiceDate(facts: InvoiceFacts): string {
  const said = facts.get('invoice date') || facts.get('invoice month') || ''
  return readGcpTime(said) === null ? '' : said
}

/**
 * Our word for each column, '' for those that nobody asks for: the amount is what is due, which is the cost in a cost
 * table and the subtotal in a report that has savings beside the cost. Null: it is no such header, or nothing says
 * when its costs were.
 */
export function costTableNames(fields: readonly string[], above: readonly (readonly string[])[]): string[] | null {
  const header = fields.map((name) => name.trim().toLowerCase())
  const names = header.map((name) => WORDS[name] ?? '')
  const amounts = header.map((name) => AMOUNT.exec(name))
  const isReport = amounts.some((match) => match?.[2] === 'subtotal')
  amounts.forEach((match, index) => {
    if (match?.[1] === 'list ') names[index] = 'list'
    else if (match?.[2] === (isReport ? 'subtotal' : 'cost')) names[index] = match[1] ? 'unrounded' : 'rounded'
  })
  const start = header.indexOf(STARTS.find((name) => header.includes(name)) ?? '')
  if (start >= 0) names[start] = 'start'
  const has = (name: string) => names.includes(name)
  const isDated = start >= 0 || (has('costType') && invoiceDate(invoiceFacts(above)) !== '')
  const isTable = (has('unrounded') || has('rounded')) && (isReport || has('item') || has('service'))
  return isTable && isDated ? names : null
}

/** The currency that the amount columns name, if it can be only one; else ''. */
export function currencyOfColumns(fields: readonly string[]): string {
  const sign = fields.map((name) => AMOUNT.exec(name.trim().toLowerCase())?.[3]?.trim()).find((found) => found) ?? ''
  return isCurrencyCode(sign.toUpperCase()) ? sign.toUpperCase() : (SIGNS[sign] ?? '')
}
