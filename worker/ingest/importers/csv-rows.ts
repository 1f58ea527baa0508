import { CsvReader, type CsvRecord, columnsOf } from './csv.ts'
import { type Reader, type Refused, type Row, refuse, wrongFormat } from './importer.ts'

/** Whether the first line of a text names all the columns, whatever their case and order: how it is told, or null. */
export function columnsNamed(head: string, names: readonly string[]): string | null {
  const columns = columnsOf(new CsvReader().push(`${head.trimStart().split('\n', 1)[0]}\n`)[0]?.fields ?? [])
  return names.every((name) => columns.has(name.toLowerCase())) ? `its header names ${names.join(', ')}` : null
}

/**
 * A reader of CSV with named columns in any order: checks the header for `needed`, gives each record to `read` as a
 * look-up by column name ('' where the file has no such column), refuses records of another length.
 */
export function csvRows(
  expected: string,
  needed: readonly string[],
  read: (line: number, field: (name: string) => string) => Row,
): Reader {
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
