import { readCostRow } from './cost-row.ts'
import { CsvReader, type CsvRecord, columnsOf } from './csv.ts'
import { type Importer, type Refused, type Row, refuse, wrongFormat } from './importer.ts'

const COLUMNS = ['date', 'provider', 'gpu_type', 'cost_usd'] as const
const EXPECTED = `a CSV whose first line names the columns ${COLUMNS.join(', ')} (and, if you like, gpu_hours)`

/** Our plainest format: one row per UTC day, provider and GPU type, for anyone who can write a CSV. */
export const costCsv: Importer = {
  id: 'cost-csv',
  label: 'Costs as CSV: date, provider, gpu_type, cost_usd',
  kind: 'costs',
  accept: '.csv,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) => {
    const columns = columnsOf(new CsvReader().push(`${head.trimStart().split('\n', 1)[0]}\n`)[0]?.fields ?? [])
    return COLUMNS.every((name) => columns.has(name))
  },
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

/**
 * A reader of CSV with named columns in any order: checks the header for `needed`, gives each record to `read` as a
 * look-up by column name ('' where the file has no such column), refuses records of another length.
 */
export function csvRows(
  expected: string,
  needed: readonly string[],
  read: (line: number, field: (name: string) => string) => Row,
): { push(text: string): Row[]; end(): Row[] } {
  const csv = new CsvReader()
  let columns: Map<string, number> | null = null
  let width = 0
  const rows = (records: CsvRecord[]): Row[] => {
    const out: Row[] = []
    for (const { line, fields } of records) {
      if (!columns) {
        columns = columnsOf(fields ?? [])
        width = fields?.length ?? 0
        const missing = needed.filter((name) => !columns?.has(name))
        if (missing.length > 0) throw wrongFormat(`expected ${expected}; ${missing.join(', ')} missing`)
        continue
      }
      if (!fields) out.push(brokenQuotes(line))
      else if (fields.length !== width)
        out.push(refuse(line, null, 'field_count', `expected ${width} fields, found ${fields.length}`))
      else {
        const at = columns
        out.push(
          read(line, (name) => {
            const index = at.get(name)
            return index === undefined ? '' : (fields[index] ?? '')
          }),
        )
      }
    }
    return out
  }
  return {
    push: (text) => rows(csv.push(text)),
    end: () => {
      const last = rows(csv.end())
      if (!columns) throw wrongFormat(`expected ${expected}; the file is empty`)
      return last
    },
  }
}

/** A record whose quoting is broken. */
export function brokenQuotes(line: number): Refused {
  return refuse(line, null, 'broken_quotes', 'a quote is not closed, is closed in mid-field, or the line is over 1 MiB')
}
