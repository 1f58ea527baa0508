import { addExact, type ExactUsd, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import type { EpochMs } from '../../../db/units/time.ts'
import { readAmount, readBillTime } from './amounts.ts'
import { type Cell, type Charge, chargeOf } from './charge.ts'
import { CUR_2, type CurCell, type CurFile } from './cur-columns.ts'
import { effectiveOf, plainNumber, withoutExponent } from './cur-effective.ts'
import { mapOf, tagsOf } from './cur-tags.ts'
import type { CostDraft, ReadOptions, Refused, Skipped } from './importer.ts'

/**
 * The entry of one row of an AWS Cost and Usage Report. `get` takes CUR 2.0 names whatever the file calls them, and
 * the `column`s of `file.tagColumns`.
 *
 * Billed is the unblended cost, of every line type: discounts, credits, refunds and what Savings Plans take back are
 * rows of their own, so its sum is the invoice. Net columns are the same money after discounts and are not summed (where
 * they differ, `CurTally` says by how much).
 * Effective is the amortised cost, see `effectiveOf`. A charge counts on the day its period starts, a month's tax on the
 * first.
 *
 * Skipped: the rows that split cost allocation puts beside an EC2 instance for each task or pod. They part the
 * instance's amortised cost, which has a row of its own (split-cost-allocation-data.html), and bill nothing: an
 * instance of 10 with 6 used and 4 unused is 10. Fargate's split columns stand on the billed rows, which count.
 */
export function curCharge(
  line: number,
  get: CurCell,
  options: ReadOptions,
  file: CurFile = CUR_2,
): CostDraft | Refused | Skipped {
  const billed = plainNumber(get('line_item_unblended_cost'))
  if (isSplitOfInstance(get, billed)) return { kind: 'skipped', line }
  const type = get('line_item_line_item_type')
  const cell = (name: string): Cell => [file.nameOf(name), get(name)]
  const money = (name: string): Cell => [file.nameOf(name), plainNumber(get(name))]
  const usageType = get('line_item_usage_type')
  const product = productOf(get)
  const instanceType = get('product_instance_type') || product('instance_type') || instanceIn(usageType)
  const gpuCount = get('product_gpu') || product('gpu')
  const isUsage = USAGE.has(type)
  const effective = effectiveOf(type, get, file)
  const said: Charge = {
    ...{ billed: [file.nameOf('line_item_unblended_cost'), billed], currency: currencyOf(cell) },
    ...{ start: startOf(cell), end: cell('line_item_usage_end_date'), period: periodOf(cell), readTime },
    provider: 'aws',
    billingAccount: get('bill_payer_account_id'),
    account: get('line_item_usage_account_id'),
    region: regionOf(get, product),
    service:
      get('product_product_name') ||
      product('product_name') ||
      get('product_servicename') ||
      get('line_item_product_code') ||
      get('product_servicecode'),
    sku: get('pricing_rate_code') || get('product_sku') || usageType,
    ...{ item: get('line_item_line_item_description') || usageType, instanceType },
    ...{ chargeCategory: CATEGORIES[type] ?? 'Adjustment', pricingCategory: pricingOf(type, get) },
    tags: tagsOf(get, file),
    resourceType: usageType,
    skuPriceDetails: /^\d{1,6}$/.test(gpuCount) ? JSON.stringify({ GpuCount: Number(gpuCount) }) : '',
    ...{ quantity: withoutExponent(get('line_item_usage_amount')), unit: get('pricing_unit') },
    isUsage: isUsage && isMachineTime(get('line_item_product_code'), usageType),
    columns: COLUMNS,
  }
  if (effective) said.effective = effective
  if (isUsage) said.list = money('pricing_public_on_demand_cost')
  const row = chargeOf(line, said, options)
  if (row.kind === 'refused' && row.column !== null) row.column = file.nameOf(row.column)
  return row
}

/** What a row set aside gives to tasks and pods, and to nobody. */
export function splitCost(get: CurCell): { used: ExactUsd; unused: ExactUsd } {
  const amount = (name: string) => readAmount(plainNumber(get(name))) ?? ZERO_EXACT
  return { used: amount('split_line_item_split_cost'), unused: amount('split_line_item_unused_cost') }
}

/**
 * Whether the row parts the cost of an instance that has its own row: it names that parent and bills nothing, or, in
 * files that others have worked on, what it splits. A row that bills anything else is a charge, whatever it names.
 */
function isSplitOfInstance(get: CurCell, billed: string): boolean {
  if (get('split_line_item_parent_resource_id') === '') return false
  const amount = billed === '' ? ZERO_EXACT : readAmount(billed)
  if (!amount) return false
  const { used, unused } = splitCost(get)
  return [ZERO_EXACT, used, unused, addExact(used, unused)].some((other) => subtractExact(amount, other).digits === 0n)
}

/** Line types that use something; those that take back what a Savings Plan covers net with them but use nothing. */
const USAGE = new Set(['Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage'])

/** FOCUS ChargeCategory of the documented line types (Lineitem-columns.html); discounts and refunds are adjustments. */
const CATEGORIES: Record<string, string> = {
  ...{ Usage: 'Usage', DiscountedUsage: 'Usage', SavingsPlanCoveredUsage: 'Usage', SavingsPlanNegation: 'Usage' },
  ...{ Fee: 'Purchase', RIFee: 'Purchase', SavingsPlanRecurringFee: 'Purchase', SavingsPlanUpfrontFee: 'Purchase' },
  ...{ Tax: 'Tax', Credit: 'Credit' },
}

/** What refusals call the columns of names, before the file's own spelling. */
const COLUMNS = {
  ...{ billingAccount: 'bill_payer_account_id', account: 'line_item_usage_account_id' },
  ...{ region: 'product_region_code', service: 'product_product_name', sku: 'pricing_rate_code' },
  ...{ instanceType: 'product_instance_type', chargeCategory: 'line_item_line_item_type' },
  ...{ pricingCategory: 'pricing_term', currency: 'line_item_currency_code', tags: 'resource_tags' },
}

/** FOCUS PricingCategory; '' for what has no price. */
function pricingOf(type: string, get: CurCell): string {
  if (type === 'Usage')
    return get('pricing_term') === 'Spot' || get('line_item_usage_type').includes('SpotUsage') ? 'Dynamic' : 'Standard'
  if (USAGE.has(type) || type === 'RIFee' || type.startsWith('SavingsPlan')) return 'Committed'
  if (type === 'Fee') return get('reservation_reservation_a_r_n') === '' ? 'Standard' : 'Committed'
  return ''
}

/**
 * Whether hours of the row are time of a machine. Others come beside it: EBS optimisation, EMR's and the Marketplace's
 * surcharge on the same instance-hours.
 */
function isMachineTime(productCode: string, usageType: string): boolean {
  if (productCode !== '' && productCode !== 'AmazonEC2' && productCode !== 'AmazonSageMaker') return false
  return productCode !== 'AmazonEC2' || usageType === '' || MACHINE_TIME.test(usageType)
}
const MACHINE_TIME = /(?:Box|Spot|Dedicated)Usage|Unused(?:Box|Ded)/

/** "p5.48xlarge" of "USW2-BoxUsage:p5.48xlarge"; '' where there is none. */
function instanceIn(usageType: string): string {
  const name = usageType.slice(usageType.indexOf(':') + 1)
  return name !== usageType && name.length < 60 && /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/.test(name) ? name : ''
}

function regionOf(get: CurCell, product: CurCell): string {
  const region = get('product_region') || get('product_region_code') || product('region')
  return region || /^([a-z]{2,3}(?:-[a-z]+)+-\d+)[a-z]$/.exec(get('line_item_availability_zone'))?.[1] || ''
}

/** The `product` map of CUR 2.0, read when something first asks for it. */
function productOf(get: CurCell): CurCell {
  let map: Record<string, unknown> | null = null
  return (name) => {
    map ??= mapOf(get('product'))
    const value = map[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
}

function currencyOf(cell: (name: string) => Cell): Cell {
  const billed = cell('line_item_currency_code')
  const priced = cell('pricing_currency')
  return billed[1] === '' && priced[1] !== '' ? priced : billed
}

/** A row without a start of its own counts on the first day of its invoice. */
function startOf(cell: (name: string) => Cell): Cell {
  const start = cell('line_item_usage_start_date')
  const period = cell('bill_billing_period_start_date')
  return start[1] === '' && period[1] !== '' ? period : start
}

/** The invoice's month: as stated, as the partition says ("2026-03"), or, as AWS bills by calendar months, that of the charge. */
function periodOf(cell: (name: string) => Cell): Cell {
  const stated = cell('bill_billing_period_start_date')
  if (stated[1] !== '') return stated
  const [column, month] = cell('billing_period')
  if (/^\d{4}-\d{2}$/.test(month)) return [column, `${month}-01`]
  const start = cell('line_item_usage_start_date')
  return /^\d{4}-\d{2}-/.test(start[1]) ? [start[0], `${start[1].slice(0, 7)}-01`] : start
}

function readTime(text: string): EpochMs | null {
  return readBillTime(text.endsWith(' UTC') ? text.slice(0, -4) : text) // as Athena writes it
}
