import { type BillTable, billTable, type FindHeader, hasHeader } from './bill-table.ts'
import { costTableNames } from './gcp-cost-columns.ts'
import { gcpCostTable } from './gcp-cost-table.ts'
import { gcpRecords, isGcpRecord } from './gcp-record.ts'
import type { ReadOptions, TextImporter } from './importer.ts'

const EXPECTED =
  'a Google Cloud cost table (Billing, Cost table, Download CSV) whose header names Service description, SKU description, Usage start date and Cost, or a report by day or month, or the BigQuery export as CSV with usage_start_time, cost and sku'

/**
 * Google Cloud billing as CSV: the console's cost table (see `gcpCostTable`), or rows of the BigQuery export saved as
 * CSV, with names such as `service.description` or `service_description` and lists as JSON (see `gcpRecords`).
 */
export const gcpBillingCsv: TextImporter = {
  id: 'gcp-billing-csv',
  label: 'Google Cloud cost table as CSV',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: 'gcp',
  isBill: true,
  recognises: (head) =>
    hasHeader(head, (fields, above) => costTableNames(fields, above) !== null || isFlatExport(fields))
      ? 'its header names Google Cloud’s service, SKU, usage start and cost'
      : null,
  open: (options) => billTable(EXPECTED, tableOf(options)),
}

function tableOf(options: ReadOptions): FindHeader {
  return (fields, above) => gcpCostTable(fields, above, options) ?? flatExport(fields, options)
}

/** The BigQuery export with one column per value; null: not its header. */
function flatExport(fields: readonly string[], options: ReadOptions): BillTable | null {
  if (!isFlatExport(fields)) return null
  const names = fields.map((name) => name.trim().toLowerCase())
  const rowsOf = gcpRecords(options)
  const wanted = [...new Set(names)].filter((name) => name !== '')
  return {
    names,
    read: (line, field) => rowsOf(line, Object.fromEntries(wanted.map((name) => [name, nullless(field(name))])), ''),
    about: () => 'Google Cloud billing from BigQuery',
  }
}

function isFlatExport(fields: readonly string[]): boolean {
  return isGcpRecord(Object.fromEntries(fields.map((name) => [name.trim().toLowerCase(), ''])))
}

function nullless(text: string): string {
  return /^null$/i.test(text) ? '' : text
}
