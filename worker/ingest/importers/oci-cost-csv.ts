import { addExact, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import { readAmount } from './amounts.ts'
import { type Cell, chargeOf, tagsText } from './charge.ts'
import { columnsNamed, csvRows } from './csv-rows.ts'
import type { CostDraft, Reader, ReadOptions, Refused, Skipped, TextImporter } from './importer.ts'

const NEEDED = ['cost/myCost', 'lineItem/intervalUsageStart'] as const
const EXPECTED =
  'a cost report of Oracle Cloud: a CSV with the columns lineItem/intervalUsageStart, cost/myCost, … (a usage report has no costs)'

/**
 * Oracle's own cost report; the newer one is FOCUS. What it holds: docs.oracle.com/iaas/Content/Billing/Concepts/
 * costusagereportsoverview.htm, read 2026-11. Billed and effective are `cost/myCost`, which includes the overage.
 * Corrections are rows of their own and add up. An invoice's period is the calendar month of the usage. As in Oracle's
 * FOCUS report the account is the tenancy and the one that is billed the subscription; the compartment is kept as a tag.
 *
 * Skipped: rows of pluggable databases, which part the cost of their cluster's own row (`cost/attributedCost`) and bill
 * nothing. Each report covers some hours, so files of one source stand beside each other, told apart by their number.
 */
export const ociCostCsv: TextImporter = {
  id: 'oci-cost-csv',
  label: 'Oracle Cloud cost report as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'oci-cost',
  isBill: true,
  recognises: (head) => columnsNamed(head, NEEDED),
  partOf: (fileName) => /\d{9,}(?:-\d{5})?/.exec(fileName)?.[0] ?? fileName.replace(/\.gz$/i, ''),
  open: ociReader,
}

type TagColumn = { place: number; key: string }
type Field = (name: string) => string

function ociReader(options: ReadOptions): Reader {
  let tagColumns: TagColumn[] = []
  const parted = { rows: 0, cost: ZERO_EXACT }
  const reader = csvRows(
    EXPECTED,
    NEEDED.map((name) => name.toLowerCase()),
    (line, field, fields) => {
      const get: Field = (name) => field(name).trim()
      const row = ociCharge(line, get, tagsOf(get, fields, tagColumns), options)
      if (row.kind === 'skipped') {
        parted.rows += 1
        parted.cost = addExact(parted.cost, readAmount(get('cost/attributedcost')) ?? ZERO_EXACT)
      }
      return row
    },
    (header) => {
      tagColumns = header.flatMap((name, place) => {
        const key = /^tags\/(.+)$/i.exec(name.trim())?.[1]
        return key ? [{ place, key }] : []
      })
    },
  )
  return {
    ...reader,
    about: () =>
      parted.rows === 0
        ? 'Oracle Cloud cost report'
        : `Oracle Cloud cost report; ${parted.rows} rows that part ${exactText(parted.cost)} of their clusters’ cost set aside: the clusters are counted`,
  }
}

function ociCharge(line: number, get: Field, tags: string, options: ReadOptions): CostDraft | Refused | Skipped {
  const billed = get('cost/mycost')
  if (billed === '' && readAmount(get('cost/attributedcost'))) return { kind: 'skipped', line }
  const start = get('lineitem/intervalusagestart')
  const isCorrection = get('lineitem/iscorrection').toLowerCase() === 'true'
  return chargeOf(
    line,
    {
      ...{ billed: ['cost/myCost', billed], currency: ['cost/currencyCode', get('cost/currencycode')] },
      ...{ start: ['lineItem/intervalUsageStart', start], period: monthOf(start) },
      end: ['lineItem/intervalUsageEnd', get('lineitem/intervalusageend')],
      provider: 'oci',
      billingAccount: get('cost/subscriptionid') || get('lineitem/tenantid'),
      account: get('lineitem/tenantid'),
      ...{ region: get('product/region'), service: get('product/service') },
      ...{ sku: get('cost/productsku'), item: get('product/description'), instanceType: '' },
      ...{ chargeCategory: isCorrection ? 'Adjustment' : 'Usage', pricingCategory: '' },
      tags,
      ...{ quantity: get('usage/billedquantity'), unit: unitOf(get), isUsage: !isCorrection },
      columns: {
        ...{ billingAccount: 'cost/subscriptionId', account: 'lineItem/tenantId', region: 'product/region' },
        ...{ service: 'product/service', sku: 'cost/productSku', tags: 'tags/' },
      },
    },
    options,
  )
}

function monthOf(start: string): Cell {
  return ['lineItem/intervalUsageStart', /^\d{4}-\d{2}-/.test(start) ? `${start.slice(0, 7)}-01` : start]
}

/** "1 NONE HOURS INSTANCE" is time of machines and GPUs are billed one by one; hours of OCPUs or gigabytes are neither. */
function unitOf(get: Field): string {
  const billing = get('cost/billingunitreadable')
  const unit = get('cost/skuunitdescription')
  const words = `${billing} ${unit} ${get('product/description')}`
  if (/gpu/i.test(words) && /\bhours?\b/i.test(words)) return 'GPU-Hours'
  if (billing === '') return unit
  return /^(?:1|ONE) NONE HOURS INSTANCE$/i.test(billing) ? 'Hours' : billing
}

function tagsOf(get: Field, fields: readonly string[], tagColumns: readonly TagColumn[]): string {
  const tags: Record<string, unknown> = Object.create(null)
  const compartment = get('product/compartmentname') || get('product/compartmentid')
  if (compartment !== '') tags.compartment = compartment
  for (const { place, key } of tagColumns) {
    const value = fields[place]?.trim() ?? ''
    if (value !== '') tags[key] = value
  }
  return tagsText(tags)
}
