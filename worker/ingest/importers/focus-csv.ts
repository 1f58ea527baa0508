import { chargeOf, tagsText } from './charge.ts'
import { columnsNamed, csvRows } from './csv-rows.ts'
import type { CostDraft, ReadOptions, Refused, TextImporter } from './importer.ts'

const NEEDED = ['BilledCost', 'ChargePeriodStart', 'ChargeCategory'] as const
const EXPECTED =
  'a FOCUS export (focus.finops.org): a CSV with the columns BilledCost, EffectiveCost, ChargePeriodStart, ChargeCategory, …'

/**
 * FOCUS 1.0–1.4 cost and usage. `NULL`, `null` and empty all mean null; times without a zone are UTC; a charge counts
 * on the day its period starts; credits and refunds are negative and kept. Rows of one day, SKU, account and region
 * add up. A row whose currency is not US dollars, or not known, is refused: Heliox guesses no rate.
 */
export const focusCsv: TextImporter = {
  id: 'focus-csv',
  label: 'FOCUS 1.0–1.4 bill as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'focus',
  isBill: true,
  recognises: (head) => columnsNamed(head, NEEDED),
  open: (options) =>
    csvRows(
      EXPECTED,
      NEEDED.map((name) => name.toLowerCase()),
      (line, field) => {
        const get = (name: string) => {
          const text = field(name.toLowerCase()).trim()
          return text === 'NULL' || text === 'null' ? '' : text
        }
        return focusCharge(line, get, options)
      },
    ),
}

const COLUMNS = {
  ...{ provider: 'ProviderName', billingAccount: 'BillingAccountId', account: 'SubAccountId', region: 'RegionId' },
  ...{
    service: 'ServiceName',
    sku: 'SkuPriceId',
    chargeCategory: 'ChargeCategory',
    pricingCategory: 'PricingCategory',
  },
  ...{ currency: 'BillingCurrency', tags: 'Tags' },
}

/** The entry of one FOCUS row; `get` answers a column's text, '' for null. */
export function focusCharge(line: number, get: (name: string) => string, options: ReadOptions): CostDraft | Refused {
  const cell = (name: string) => [name, get(name)] as const
  const isConsumed = get('ConsumedUnit') !== ''
  return chargeOf(
    line,
    {
      ...{ billed: cell('BilledCost'), effective: cell('EffectiveCost'), list: cell('ListCost') },
      ...{ currency: cell('BillingCurrency'), start: cell('ChargePeriodStart'), period: cell('BillingPeriodStart') },
      provider: get('ServiceProviderName') || get('ProviderName') || get('PublisherName') || get('InvoiceIssuerName'),
      ...{ billingAccount: get('BillingAccountId'), account: get('SubAccountId') },
      ...{ region: get('RegionId') || get('RegionName'), service: get('ServiceName') },
      ...{ sku: get('SkuPriceId') || get('SkuId'), item: get('ChargeDescription'), instanceType: '' },
      ...{ chargeCategory: get('ChargeCategory'), pricingCategory: get('PricingCategory') },
      tags: tagsText(get('Tags')),
      ...{ serviceCategory: get('ServiceCategory'), resourceType: get('ResourceType') },
      ...{ skuMeter: get('SkuMeter'), skuPriceDetails: get('SkuPriceDetails') },
      quantity: isConsumed ? get('ConsumedQuantity') : get('PricingQuantity'),
      unit: isConsumed ? get('ConsumedUnit') : get('PricingUnit'),
      isUsage: get('ChargeCategory') === 'Usage',
      columns: COLUMNS,
    },
    options,
  )
}
