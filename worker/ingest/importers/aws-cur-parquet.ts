import { curPart } from './aws-cur-csv.ts'
import { curCharge } from './cur-charge.ts'
import { CUR_2, CUR_NEEDED, type CurFile, curFile, curKey } from './cur-columns.ts'
import { CurTally } from './cur-tally.ts'
import { type RangedImporter, type Row, wrongFormat } from './importer.ts'
import { frameOf, isParquet, openParquet, recordOf } from './parquet-file.ts'

const EXPECTED =
  'an AWS Cost and Usage Report: a Parquet file with the columns line_item_unblended_cost, line_item_usage_start_date, line_item_line_item_type, …'

/** The columns that `curCharge` and `CurTally` ask for, beside those of tags. In the names of CUR 2.0. */
export const CUR_READ = [
  ...CUR_NEEDED,
  ...['bill_billing_period_start_date', 'bill_payer_account_id', 'billing_period', 'cost_category'],
  ...['line_item_availability_zone', 'line_item_currency_code', 'line_item_line_item_description'],
  ...['line_item_net_unblended_cost', 'line_item_product_code', 'line_item_usage_account_id'],
  ...[
    'line_item_usage_amount',
    'line_item_usage_end_date',
    'line_item_usage_type',
    'pricing_currency',
    'pricing_public_on_demand_cost',
  ],
  ...['pricing_rate_code', 'pricing_term', 'pricing_unit', 'product', 'product_gpu', 'product_instance_type'],
  ...['product_product_name', 'product_region', 'product_region_code', 'product_servicecode', 'product_servicename'],
  ...['product_sku', 'reservation_effective_cost', 'reservation_reservation_a_r_n'],
  ...['reservation_unused_amortized_upfront_fee_for_billing_period', 'reservation_unused_recurring_fee'],
  ...['resource_tags', 'savings_plan_savings_plan_effective_cost', 'savings_plan_total_commitment_to_date'],
  ...['savings_plan_used_commitment', 'split_line_item_parent_resource_id', 'split_line_item_split_cost'],
  ...['split_line_item_unused_cost', 'tags'],
]

/** The same reports as `aws-cur-csv`, as Parquet: rows are counted from 1, amounts that are doubles are read as they print. */
export const awsCurParquet: RangedImporter = {
  id: 'aws-cur-parquet',
  label: 'AWS Cost and Usage Report as Parquet',
  kind: 'costs',
  accept: '.parquet',
  defaultSource: 'aws-cur',
  isBill: true,
  retriedAs: 'aws-cur-csv',
  partOf: curPart,
  recognisesFile: async (file) => {
    if (!(await isParquet(file))) return null
    const { header } = await openParquet(file, EXPECTED)
    return missingIn(header).length === 0 ? `it is Parquet with the columns ${CUR_NEEDED.join(', ')}` : null
  },
  openFile: (file, options) => {
    const tally = new CurTally()
    let known: CurFile = CUR_2
    let needed: string[] = []
    async function* rows(): AsyncGenerator<Row[]> {
      const table = await openParquet(file, EXPECTED)
      const missing = missingIn(table.header)
      if (missing.length > 0) throw wrongFormat(`expected ${EXPECTED}; ${missing.join(', ')} missing`)
      known = curFile(table.header)
      const written = new Map(table.header.map((name) => [name.trim(), name]))
      const columnOf = (name: string) => written.get(known.nameOf(name))
      const asked = [...CUR_READ, ...known.tagColumns.map(({ column }) => column)].map(columnOf)
      needed = [...new Set(asked.filter((name) => name !== undefined))]
      for await (const batch of table.batches(needed)) {
        const { line, size, text } = batch
        yield Array.from({ length: size }, (_, index) => {
          const get = (name: string) => {
            const column = columnOf(name)
            const cell = column === undefined ? '' : text(column, index).trim()
            return cell === 'NULL' || cell === 'null' ? '' : cell
          }
          const row = curCharge(line + index, get, options, known)
          tally.note(row, get)
          if (row.kind === 'refused') row.record = recordOf(batch, needed, index)
          return row
        })
      }
    }
    return { [Symbol.asyncIterator]: rows, about: () => tally.about(known), frame: () => frameOf(needed) }
  },
}

function missingIn(header: readonly string[]): string[] {
  const keys = new Set(header.map(curKey))
  return CUR_NEEDED.filter((name) => !keys.has(curKey(name)))
}
