import { type GcpRecord, gcpRecords, isGcpRecord } from './gcp-record.ts'
import {
  type FileFrame,
  type Reader,
  type ReadOptions,
  type Row,
  refuse,
  type TextImporter,
  wrongFormat,
} from './importer.ts'
import { exactObject, JsonItems, plainObject } from './json-items.ts'
import { NdjsonLines } from './ndjson.ts'

const EXPECTED =
  'expected the BigQuery billing export of Google Cloud as newline-delimited JSON (or a JSON array): {"billing_account_id", "service", "sku", "usage_start_time", "cost", "credits", …} per line'
/** So many digits may be more than a float holds: such a line is read digit by digit. */
const MANY_DIGITS = /[\d.]{17}/
/** How many lines may be broken before one shows that the file is what it should be. */
const MOST_DOUBTFUL = 20

/**
 * The standard or detailed usage cost table of Google Cloud, out of BigQuery: one object per line, or one array. See
 * `gcpRecords` for what a line becomes. A line that is broken or longer than a megabyte is refused alone.
 */
export const gcpBillingNdjson: TextImporter = {
  id: 'gcp-billing-ndjson',
  label: 'Google Cloud billing from BigQuery as JSON lines',
  kind: 'costs',
  accept: '.ndjson,.jsonl,.json,.gz',
  defaultSource: 'gcp',
  isBill: true,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) &&
    /"usage_start_time"\s*:/.test(head) &&
    /"(?:sku|service|billing_account_id)/.test(head)
      ? 'its rows have usage_start_time, cost and sku'
      : null,
  open: (options) => new GcpReader(options),
}

type Item = { line: number; text: string | null }

class GcpReader implements Reader {
  private source: { push(text: string): Item[]; end(): Item[] } | null = null
  private isArray = false
  private doubtful: Item[] | null = []
  private beginning = ''
  private readonly rowsOf: ReturnType<typeof gcpRecords>

  constructor(options: ReadOptions) {
    this.rowsOf = gcpRecords(options)
  }

  push(text: string): Row[] {
    if (this.source) return this.read(this.source.push(text))
    this.beginning += text
    const first = this.beginning.trimStart()
    if (first === '') {
      if (this.beginning.length > 65_536) throw wrongFormat(EXPECTED)
      return []
    }
    if (first[0] !== '[' && first[0] !== '{') throw wrongFormat(EXPECTED)
    this.isArray = first[0] === '['
    this.source = this.isArray ? new JsonItems(EXPECTED, []) : new NdjsonLines()
    return this.read(this.source.push(this.beginning))
  }

  end(): Row[] {
    if (!this.source) throw wrongFormat(EXPECTED)
    const rows = this.read(this.source.end())
    if (this.doubtful && (this.doubtful.length > 0 || !this.isArray)) throw wrongFormat(EXPECTED)
    return rows
  }

  about(): string {
    return 'Google Cloud billing from BigQuery'
  }

  frame(): FileFrame {
    return this.isArray ? { before: '[', between: ',\n', after: ']\n' } : { before: '', between: '\n', after: '\n' }
  }

  private read(items: readonly Item[]): Row[] {
    const rows: Row[] = []
    for (const item of items) {
      if (!this.doubtful) {
        for (const row of this.rows(item)) rows.push(row)
        continue
      }
      this.doubtful.push(item)
      const record = item.text === null ? null : plainObject(item.text)
      if (record && isGcpRecord(record)) {
        for (const waiting of this.doubtful) for (const row of this.rows(waiting)) rows.push(row)
        this.doubtful = null
      } else if (this.doubtful.length >= MOST_DOUBTFUL) throw wrongFormat(EXPECTED)
    }
    return rows
  }

  private rows({ line, text }: Item): Row[] {
    if (text === null) return [refuse(line, null, 'too_long', 'the line is longer than a megabyte')]
    const record: GcpRecord | null = MANY_DIGITS.test(text) ? exactObject(text) : plainObject(text)
    if (record) return this.rowsOf(line, record, text)
    const refused = refuse(line, null, 'not_an_object', 'expected a JSON object of the billing export')
    return [{ ...refused, record: text }]
  }
}
