import { CsvReader, type CsvRecord } from './csv.ts'
import { brokenQuotes } from './csv-rows.ts'
import { type FileFrame, type Reader, type Row, refuse, wrongFormat } from './importer.ts'

/** The text of a column by its name in `names`; '' where the file has no such column. */
export type Field = (name: string) => string

/** A table whose header has been found. */
export type BillTable = {
  /** What each column is called, in our words, in the file's order; '' for those that nobody asks for. */
  names: readonly string[]
  /** What a record brings: one row, or several if it holds several amounts. */
  read(line: number, field: Field): Row[]
  /** Asked of each record until it answers true: the file has said how it is to be read, and the records that waited are read. */
  hasDecided?(field: Field): boolean
  /** A record's fields as they are kept for another try, if not as the file has them. */
  keep?(fields: readonly string[]): readonly string[]
  about?(): string
}

/** Tells a header from the lines above it, which it is given; null: this record is none. */
export type FindHeader = (fields: readonly string[], above: readonly (readonly string[])[]) => BillTable | null

/** Bills have up to a dozen lines of invoice facts above their header. */
const LONGEST_PREAMBLE = 40
/** Records that wait at most until the file has decided. */
const MOST_WAITING = 5_000

/** Whether one of the first records of a text is a header, given those above it. */
export function hasHeader(head: string, isHeader: (...of: Parameters<FindHeader>) => boolean): boolean {
  const first = new CsvReader().push(`${head.trimStart()}\n`).slice(0, LONGEST_PREAMBLE + 1)
  const records = first.map(({ fields }) => fields ?? [])
  return records.some((fields, index) => fields.length > 0 && isHeader(fields, records.slice(0, index)))
}

/**
 * A reader of CSV whose header may stand below a few lines of other facts. Refuses the file if there is none among its
 * first records; refuses records of another length (empty fields behind the last column count for nothing).
 */
export function billTable(expected: string, find: FindHeader): Reader {
  return new BillTableReader(expected, find)
}

class BillTableReader implements Reader {
  private readonly csv = new CsvReader()
  private readonly above: (readonly string[])[] = []
  private table: BillTable | null = null
  private header: readonly string[] = []
  private columns = new Map<string, number>()
  private waiting: CsvRecord[] | null = []
  private readonly expected: string
  private readonly find: FindHeader

  constructor(expected: string, find: FindHeader) {
    this.expected = expected
    this.find = find
  }

  push(text: string): Row[] {
    return this.rows(this.csv.push(text))
  }

  end(): Row[] {
    const rows = this.rows(this.csv.end())
    if (!this.table) throw wrongFormat(`expected ${this.expected}`)
    return rows.concat(this.settle())
  }

  about(): string {
    return this.table?.about?.() ?? ''
  }

  frame(): FileFrame {
    const lines = [...this.above.filter((fields) => fields.length > 0), this.header]
    return { before: lines.map((fields) => `${csvLine(fields)}\n`).join(''), between: '\n', after: '\n' }
  }

  private rows(records: CsvRecord[]): Row[] {
    const rows: Row[] = []
    for (const record of records) {
      if (!this.table) this.look(record)
      else if (this.waiting) {
        this.waiting.push(record)
        const decides = record.fields?.length === this.header.length && this.table.hasDecided?.(this.fieldOf(record))
        if (decides || this.waiting.length >= MOST_WAITING) for (const row of this.settle()) rows.push(row)
      } else for (const row of this.read(record)) rows.push(row)
    }
    return rows
  }

  private look({ fields }: CsvRecord): void {
    const table = fields && this.find(fields, this.above)
    if (!table) {
      this.above.push(fields ?? [])
      if (this.above.length > LONGEST_PREAMBLE) throw wrongFormat(`expected ${this.expected}`)
      return
    }
    this.table = table
    this.header = fields
    table.names.forEach((name, index) => {
      if (name !== '' && !this.columns.has(name)) this.columns.set(name, index)
    })
    if (!table.hasDecided) this.waiting = null
  }

  private settle(): Row[] {
    const waiting = this.waiting ?? []
    this.waiting = null
    return waiting.flatMap((record) => this.read(record))
  }

  private read(record: CsvRecord): Row[] {
    const { line, fields } = record
    const width = this.header.length
    if (!fields || !this.table) return [brokenQuotes(line)]
    const isLonger = fields.length > width && fields.slice(width).some((text) => text.trim() !== '')
    const rows =
      fields.length < width || isLonger
        ? [refuse(line, null, 'field_count', `expected ${width} fields, found ${fields.length}`)]
        : this.table.read(line, this.fieldOf(record))
    if (!rows.some((row) => row.kind === 'refused')) return rows
    const kept = csvLine(this.table.keep?.(fields) ?? fields)
    return rows.map((row) => (row.kind === 'refused' ? { ...row, record: kept } : row))
  }

  private fieldOf({ fields }: CsvRecord): Field {
    return (name) => {
      const index = this.columns.get(name)
      return index === undefined ? '' : (fields?.[index] ?? '')
    }
  }
}

/** Fields as one line of CSV. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')
}
