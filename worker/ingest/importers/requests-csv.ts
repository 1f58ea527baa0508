import { createHash } from 'node:crypto'
import { CsvReader } from './csv.ts'
import { brokenQuotes } from './csv-rows.ts'
import { type Reader, type ReadOptions, type Row, refuse, type TextImporter, wrongFormat } from './importer.ts'
import { type Named, namesIn } from './request-columns.ts'
import { requestOf } from './request-row.ts'

const EXPECTED =
  'a log of requests: a CSV with a time (timestamp, started_at, …), and tokens (prompt_tokens, completion_tokens, …) or a model with a status or a latency'
const LONGEST_HEAD = 65_536
/** Texts of rows that are remembered to tell equal ones apart. */
const REMEMBERED = 100_000

/**
 * A log of inference requests, one a row, under the names that gateways, providers and published traces give its columns
 * (`request-columns.ts`). Cached and reasoning tokens are part of the prompt and the completion, unless the columns are
 * named as Anthropic's or Google's, which stand beside them. A row without an id is known by its text, and equal rows by
 * their place among each other, so that the same file again changes nothing. A column `cost` needs a currency beside it.
 */
export const requestsCsv: TextImporter = {
  id: 'requests-csv',
  label: 'Inference requests as CSV',
  kind: 'tokens',
  accept: '.csv,.tsv,.txt,.gz',
  defaultSource: 'requests',
  isBill: false,
  recognises: (head) => {
    const names = namesIn(headerOf(head))
    return missingIn(names) === null && !names.isOther
      ? `its header names ${Object.values(names.shown).join(', ')}`
      : null
  },
  open: (options) => new RequestsReader(options),
}

function headerOf(head: string): string[] {
  const line = head.replace('\ufeff', '').trimStart().split('\n', 1)[0] ?? ''
  return new CsvReader({ delimiter: delimiterOf(line) }).push(`${line}\n`)[0]?.fields ?? []
}

/** What a header lacks, in words; null: nothing. */
function missingIn({ at }: Named): string | null {
  if (at.start === undefined) return 'no column is a time'
  const hasTokens = at.input !== undefined || at.output !== undefined || at.uncachedInput !== undefined
  const isCall =
    at.model !== undefined && (at.status !== undefined || at.latencyMs !== undefined || at.latencyS !== undefined)
  return hasTokens || isCall ? null : 'no column counts tokens'
}

function delimiterOf(header: string): string {
  const count = (mark: string) => header.split(mark).length
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

class RequestsReader implements Reader {
  private head = ''
  private csv: CsvReader | null = null
  private names: Named | null = null
  private header: string[] = []
  private keys: string[] = []
  private order: number[] = []
  private delimiter = ','
  private readonly seen = new Occurrences()
  private readonly options: ReadOptions

  constructor(options: ReadOptions) {
    this.options = options
  }

  push(text: string): Row[] {
    if (this.csv) return this.rows(this.csv.push(text))
    this.head += text
    if (!this.head.trimStart().includes('\n') && this.head.length < LONGEST_HEAD) return []
    return this.start()
  }

  end(): Row[] {
    const rows = this.csv ? [] : this.start()
    for (const row of this.rows(this.csv?.end() ?? [])) rows.push(row)
    if (!this.names) throw wrongFormat(`expected ${EXPECTED}; the file is empty`)
    return rows
  }

  frame() {
    return { before: `${csvLine(this.header, this.delimiter)}\n`, between: '\n', after: '\n' }
  }

  private start(): Row[] {
    this.delimiter = delimiterOf(this.head.trimStart().split('\n', 1)[0] ?? '')
    this.csv = new CsvReader({ delimiter: this.delimiter })
    return this.rows(this.csv.push(this.head))
  }

  private rows(records: { line: number; fields: string[] | null }[]): Row[] {
    const rows: Row[] = []
    for (const { line, fields } of records) {
      if (!this.names) this.readHeader(fields ?? [])
      else if (!fields) rows.push(brokenQuotes(line))
      else if (fields.length !== this.header.length)
        rows.push(refuse(line, null, 'field_count', `expected ${this.header.length} fields, found ${fields.length}`))
      else rows.push(this.row(this.names, line, fields))
    }
    return rows
  }

  private readHeader(fields: string[]): void {
    const names = namesIn(fields)
    const missing = missingIn(names)
    if (missing || names.isOther) throw wrongFormat(`expected ${EXPECTED}; ${missing ?? 'it is another kind of file'}`)
    this.names = names
    this.header = fields
    this.keys = fields.map((name) => name.trim().toLowerCase())
    const nameAt = (index: number) => this.keys[index] ?? ''
    this.order = this.keys.map((_, index) => index).sort((a, b) => (nameAt(a) < nameAt(b) ? -1 : 1))
  }

  private row(names: Named, line: number, fields: string[]): Row {
    const row = requestOf(names, line, fields, this.options, () => this.textId(fields))
    return row.kind === 'refused' ? { ...row, record: csvLine(fields, this.delimiter) } : row
  }

  /** The same for the same row whatever the order of its columns, and another for each of several equal rows. */
  private textId(fields: readonly string[]): string {
    let said = ''
    for (const index of this.order) {
      const text = (fields[index] ?? '').trim()
      if (text !== '') said += `${this.keys[index]}\u0001${text}\u0002`
    }
    const id = createHash('sha256').update(said).digest('base64url').slice(0, 24)
    const before = this.seen.next(id)
    return before === 0 ? id : `${id}#${before + 1}`
  }
}

function csvLine(fields: readonly string[], delimiter: string): string {
  return fields
    .map((field) => (/["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(delimiter)
}

/**
 * How often a text has come before, from 0. Memory is bounded: of texts that lie more than a hundred thousand others apart
 * the second is taken for the first, and so ends among the repeated rows, where it is seen.
 */
class Occurrences {
  private recent = new Map<string, number>()
  private older = new Map<string, number>()

  next(text: string): number {
    const before = this.recent.get(text) ?? this.older.get(text) ?? 0
    this.recent.set(text, before + 1)
    if (this.recent.size >= REMEMBERED) {
      this.older = this.recent
      this.recent = new Map()
    }
    return before
  }
}
