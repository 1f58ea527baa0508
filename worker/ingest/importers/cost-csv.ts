import { readCostRow } from './cost-row.ts'
import { columnsNamed, csvRows } from './csv-rows.ts'
import type { TextImporter } from './importer.ts'

const COLUMNS = ['date', 'provider', 'gpu_type', 'cost_usd'] as const
const EXPECTED = `a CSV whose first line names the columns ${COLUMNS.join(', ')} (and, if you like, gpu_hours)`

/** Our plainest format: one row per UTC day, provider and GPU type, for anyone who can write a CSV. */
export const costCsv: TextImporter = {
  id: 'cost-csv',
  label: 'Costs as CSV: date, provider, gpu_type, cost_usd',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) => columnsNamed(head, COLUMNS),
  open: () =>
    csvRows(EXPECTED, COLUMNS, (line, field) =>
      readCostRow(line, {
        date: field('date'),
        provider: field('provider'),
        gpu_type: field('gpu_type'),
        cost_usd: field('cost_usd'),
        gpu_hours: field('gpu_hours'),
      }),
    ),
}
