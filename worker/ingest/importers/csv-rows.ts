import { CsvReader, type CsvRecord, columnKey, columnsOf } from './csv.ts'
import { type Reader, type Refused, type Row, refuse, wrongFormat } from './importer.ts'

/** How a format's tables look, where it is not the usual way. */
export type TableShape = {
  /** How column names are compared; unless said, trimmed and without regard to case. */
  keyOf?: (name: string) => string
  /** What may part the fields, the usual one first; the header decides. Unless said, a comma, or what a spreadsheet writes. */
  delimiters?: readonly string[]
}

/** Whether the first line of a text names all the columns, whatever their case and order: how it is told, or null. */
export function columnsNamed(head: string, names: readonly string[], shape: TableShape = {}): string | null {
  return delimiterOf(head, names, shape) === null ? null : `its header names ${names.join(', ')}`
}

/** A comma; where that is a decimal point a spreadsheet writes a semicolon. */
const DELIMITERS = [',', ';', '\t']

/** What parts the columns of a header that names all of them; null: it does not. */
function delimiterOf(
  head: string,
  names: readonly string[],
  { keyOf = columnKey, delimiters = DELIMITERS }: TableShape,
) {
  const header = `${head.trimStart().split('\n', 1)[0]}\n`
  const parts = (delimiter: string) => {
    const columns = columnsOf(new CsvReader({ delimiter }).push(header)[0]?.fields ?? [], keyOf)
    return names.every((name) => columns.has(keyOf(name)))
  }
  return delimiters.find(parts) ?? null
}

/**
 * A reader of CSV with named columns in any order: checks the header for `needed`, gives each record to `read` as a
 * look-up by column name ('' where the file has no such column), refuses records of another length. `opened` sees the
 * header first, for formats that need more than a list of names or whose names differ by case; `fields` are as it has them.
 */
export function csvRows(
  expected: string,
  needed: readonly string[],
  read: (line: number, field: (name: string) => string, fields: readonly string[]) => Row,
  opened?: (header: readonly string[]) => void,
): Reader {
  return csvRecords(expected, needed, (columns, header) => {
    opened?.(header)
    return (line, fields) =>
      read(
        line,
        (name) => {
          const index = columns.get(name)
          return index === undefined ? '' : (fields[index] ?? '')
        },
        fields,
      )
  })
}

/**
 * The same for formats of millions of rows: `open` sees the header once (positions by key, and the names as written),
 * and what it answers reads the fields of each record.
 */
export function csvRecords(
  expected: string,
  needed: readonly string[],
  open: (
    columns: ReadonlyMap<string, number>,
    header: readonly string[],
  ) => (line: number, fields: readonly string[]) => Row,
  shape: TableShape = {},
): Reader {
  const { keyOf = columnKey } = shape
  let csv: CsvReader | null = null
  let waiting = ''
  let read: ((line: number, fields: readonly string[]) => Row) | null = null
  let width = 0
  let delimiter = ','
  let header = ''
  const rows = (records: CsvRecord[]): Row[] => {
    const out: Row[] = []
    for (const { line, fields } of records) {
      if (!read) {
        const columns = columnsOf(fields ?? [], keyOf)
        width = fields?.length ?? 0
        const missing = needed.filter((name) => !columns.has(keyOf(name)))
        if (missing.length > 0) throw wrongFormat(`expected ${expected}; ${missing.join(', ')} missing`)
        read = open(columns, fields ?? [])
        header = csvLine(fields ?? [], delimiter)
        continue
      }
      const row = fields
        ? fields.length === width
          ? read(line, fields)
          : refuse(line, null, 'field_count', `expected ${width} fields, found ${fields.length}`)
        : brokenQuotes(line)
      if (row.kind === 'refused' && fields) row.record = csvLine(fields, delimiter)
      out.push(row)
    }
    return out
  }
  /** The reader, once the header is there and says what parts its fields. */
  const begun = (text: string, isLast: boolean): Row[] => {
    waiting += text
    if (!isLast && waiting.length < LONGEST_HEADER && !waiting.trimStart().includes('\n')) return []
    delimiter = delimiterOf(waiting, needed, shape) ?? shape.delimiters?.[0] ?? ','
    csv = new CsvReader({ delimiter })
    const head = waiting
    waiting = ''
    return rows(csv.push(head))
  }
  return {
    push: (text) => (csv ? rows(csv.push(text)) : begun(text, false)),
    end: () => {
      const first = csv ? [] : begun('', true)
      const last = [...first, ...rows(csv?.end() ?? [])]
      if (!read) throw wrongFormat(`expected ${expected}; the file is empty`)
      return last
    },
    frame: () => ({ before: `${header}\n`, between: '\n', after: '\n' }),
  }
}

/** A longer first line is none that names columns. */
const LONGEST_HEADER = 65_536

/** A record as a line of CSV, quoted where it has to be. */
export function csvLine(fields: readonly string[], delimiter: string): string {
  const cell = (text: string) =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  return fields.map(cell).join(delimiter)
}

/** A record whose quoting is broken. */
export function brokenQuotes(line: number): Refused {
  return refuse(line, null, 'broken_quotes', 'a quote is not closed, is closed in mid-field, or the line is over 1 MiB')
}
