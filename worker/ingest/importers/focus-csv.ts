import { normalName, readGpuHours } from '../../../db/units/gpu.ts'
import { type ExactUsd, readUsd } from '../../../db/units/money.ts'
import { type Day, dayOf, type EpochMs, parseDay, parseInstant } from '../../../db/units/time.ts'
import { csvRows, hasColumns } from './csv-rows.ts'
import { type CostDraft, type Importer, quoted, type ReadOptions, type Refused, refuse } from './importer.ts'
import { recogniseGpu } from './recognise-gpu.ts'

const NEEDED = ['BilledCost', 'ChargePeriodStart', 'ChargeCategory'] as const
const EXPECTED =
  'a FOCUS export (focus.finops.org): a CSV with the columns BilledCost, EffectiveCost, ChargePeriodStart, ChargeCategory, …'
const LONGEST_NAME = 300
/** A billion GPU-hours, what `readGpuHours` takes. */
const MOST_GPU_SECONDS = 3.6e12

/**
 * FOCUS 1.0–1.4 cost and usage. `NULL`, `null` and empty all mean null; times without a zone are UTC; a charge counts
 * on the day its period starts; credits and refunds are negative and kept. Rows of one day, SKU, account and region
 * add up. A row whose currency is not US dollars, or not known, is refused: Heliox guesses no rate.
 */
export const focusCsv: Importer = {
  id: 'focus-csv',
  label: 'FOCUS 1.0–1.4 bill as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'focus',
  isBill: true,
  recognises: (head) => hasColumns(head, NEEDED),
  open: (options) =>
    csvRows(
      EXPECTED,
      NEEDED.map((name) => name.toLowerCase()),
      (line, field) => {
        const get = (name: string) => {
          const text = field(name.toLowerCase()).trim()
          return text === 'NULL' || text === 'null' ? '' : text
        }
        return chargeOf(line, get, options)
      },
    ),
}

function chargeOf(line: number, get: (name: string) => string, options: ReadOptions): CostDraft | Refused {
  const billed = readAmount(get('BilledCost'))
  const effective = get('EffectiveCost') === '' ? billed : readAmount(get('EffectiveCost'))
  const bad = (column: string, code: string, message: string): Refused => ({
    ...refuse(line, column, code, message),
    billed,
    effective,
  })
  if (!billed)
    return bad('BilledCost', 'bad_amount', `expected an amount such as 12.5, found ${quoted(get('BilledCost'))}`)
  if (!effective)
    return bad('EffectiveCost', 'bad_amount', `expected an amount such as 12.5, found ${quoted(get('EffectiveCost'))}`)
  const currency = (get('BillingCurrency') || options.currency).toUpperCase()
  if (currency === '')
    return bad(
      'BillingCurrency',
      'no_currency',
      'the currency is not stated: add the column, or send the file with &currency=USD',
    )
  if (currency !== 'USD')
    return bad('BillingCurrency', 'no_rate', `there is no dated rate from ${quoted(currency)} to USD`)
  const startedAtMs = readTime(get('ChargePeriodStart'))
  if (startedAtMs === null)
    return bad(
      'ChargePeriodStart',
      'bad_time',
      `expected a time such as 2026-01-31T00:00:00Z, found ${quoted(get('ChargePeriodStart'))}`,
    )
  const period = readTime(get('BillingPeriodStart'))
  if (period === null && get('BillingPeriodStart') !== '')
    return bad(
      'BillingPeriodStart',
      'bad_time',
      `expected a time such as 2026-01-01T00:00:00Z, found ${quoted(get('BillingPeriodStart'))}`,
    )
  const provider = normalName(
    get('ServiceProviderName') || get('ProviderName') || get('PublisherName') || get('InvoiceIssuerName') || 'unknown',
  )
  const gpu = recogniseGpu({
    serviceCategory: get('ServiceCategory'),
    description: get('ChargeDescription'),
    resourceType: get('ResourceType'),
    skuMeter: get('SkuMeter'),
    skuPriceDetails: get('SkuPriceDetails'),
  })
  const draft: CostDraft = {
    ...{ kind: 'cost', line, billed, effective, provider },
    entryDate: dayOf(startedAtMs),
    gpuType: gpu?.gpuType ?? '',
    billingAccount: get('BillingAccountId'),
    account: get('SubAccountId') || get('BillingAccountId'),
    billingPeriod: period === null ? '' : dayOf(period),
    region: get('RegionId') || get('RegionName'),
    sku: get('SkuPriceId') || get('SkuId'),
    chargeCategory: get('ChargeCategory'),
    pricingCategory: get('PricingCategory'),
    capacityGpuSeconds: gpu && get('ChargeCategory') === 'Usage' ? capacityOf(get, gpu.gpuCount) : null,
  }
  for (const [name, column] of NAMES)
    if (draft[name].length > LONGEST_NAME) return bad(column, 'too_long', `has more than ${LONGEST_NAME} characters`)
  return draft
}

/** The names of a draft and the columns they come from. */
const NAMES = [
  ['provider', 'ProviderName'],
  ['billingAccount', 'BillingAccountId'],
  ['account', 'SubAccountId'],
  ['region', 'RegionId'],
  ['sku', 'SkuPriceId'],
  ['chargeCategory', 'ChargeCategory'],
  ['pricingCategory', 'PricingCategory'],
] as const

/** GPU time the line bought: GPU-hours as they are; instance-hours times the GPUs of the instance, where it says. */
function capacityOf(get: (name: string) => string, gpuCount: number | null): number | null {
  const unit = (get('ConsumedUnit') || get('PricingUnit')).toLowerCase().replace(/[\s-]+/g, '-')
  const seconds = readGpuHours(get('ConsumedUnit') === '' ? get('PricingQuantity') : get('ConsumedQuantity'))
  if (seconds === null) return null
  if (/^gpu-hours?$/.test(unit)) return seconds
  if (!/^hours?$/.test(unit) || gpuCount === null) return null
  return seconds * gpuCount <= MOST_GPU_SECONDS ? seconds * gpuCount : null // a slip, and no sum could hold it
}

/** An amount as bills in the wild write it: "12.5", "35.2E-7", "$10,100.00 ". Null for "1,5", "+1" and the like. */
function readAmount(text: string): ExactUsd | null {
  const match = /^(-?)\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([eE]-\d{1,2})?$/.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = ''] = match
  return readUsd(`${sign}${whole.replaceAll(',', '')}${fraction}${exponent}`)
}

/** ISO 8601, or month/day/year as a spreadsheet leaves it ("4/1/25"). */
function readTime(text: string): EpochMs | null {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text)
  if (!american) return parseInstant(text)
  const [, month = '', day = '', year = ''] = american
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return parseDay(iso) && parseInstant(iso as Day)
}
