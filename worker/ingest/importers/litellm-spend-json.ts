import { textOf } from './bucket-rows.ts'
import {
  type FileFrame,
  type Reader,
  type ReadOptions,
  type Row,
  refuse,
  type TextImporter,
  wrongFormat,
} from './importer.ts'
import { faithfulObject, JsonItems } from './json-items.ts'
import { litellmRow } from './litellm-row.ts'

const EXPECTED =
  'expected LiteLLM spend logs as JSON: a list (or one object a line) of {"request_id", "startTime", "spend", "prompt_tokens", …}, as GET /spend/logs?summarize=false answers'
const LONGEST_HEAD = 65_536
const LONGEST_LINE = 1_048_576
const ROW = /"request_id"\s*:/
const LIST = /^\ufeff?\s*\[|"data"\s*:\s*\[/

/**
 * LiteLLM_SpendLogs as its proxy answers: GET /spend/logs (a list), /spend/logs/ui and /v2 ({"data": […]}), or one object
 * a line as `row_to_json` writes them. Sums by day, which the first answers for a range of days, are no calls and are
 * refused.
 */
export const litellmSpendJson: TextImporter = {
  id: 'litellm-spend-json',
  label: 'LiteLLM spend logs as JSON or NDJSON',
  kind: 'tokens',
  accept: '.json,.jsonl,.ndjson,.gz',
  defaultSource: 'litellm',
  isBill: false,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && ROW.test(head) && /"spend"\s*:/.test(head) && /"prompt_tokens"\s*:/.test(head)
      ? 'its rows have request_id, spend and prompt_tokens'
      : null,
  open: (options) => new SpendReader(options),
}

type Lines = { push(text: string): { line: number; text: string }[]; end(): { line: number; text: string }[] }

class SpendReader implements Reader {
  private head = ''
  private lines: Lines | null = null
  private isLines = false
  private seen = 0
  private ours = 0
  private readonly options: ReadOptions

  constructor(options: ReadOptions) {
    this.options = options
  }

  push(text: string): Row[] {
    if (this.lines) return this.rows(this.lines.push(text))
    this.head += text
    const isTold = ROW.test(this.head) || LIST.test(this.head) || this.head.length >= LONGEST_HEAD
    return isTold ? this.start() : []
  }

  end(): Row[] {
    const rows = this.lines ? [] : this.start()
    rows.push(...this.rows(this.lines?.end() ?? []))
    if (this.seen > 0 && this.ours === 0) throw wrongFormat(`${EXPECTED}; no row has a request_id`)
    return rows
  }

  frame(): FileFrame {
    return this.isLines ? { before: '', between: '\n', after: '\n' } : { before: '[', between: ',\n', after: ']' }
  }

  /** One object a line, if a row begins before any list does. */
  private start(): Row[] {
    const [row, list] = [this.head.search(ROW), this.head.search(LIST)]
    this.isLines = row >= 0 && (list < 0 || row < list)
    this.lines = this.isLines ? new JsonLines() : new JsonItems(EXPECTED, ['data'])
    return this.rows(this.lines.push(this.head))
  }

  private rows(items: { line: number; text: string; list?: string }[]): Row[] {
    return items.filter(({ list }) => !list || list === 'data').map(({ line, text }) => this.row(line, text))
  }

  private row(line: number, text: string): Row {
    this.seen += 1
    const row = faithfulObject(text)
    if (row && textOf(row.request_id) !== '') this.ours += 1
    const read = row
      ? litellmRow(line, (name) => textOf(row[name]), metadataIn(row.metadata), this.options)
      : refuse(line, null, 'not_an_object', 'expected an object that describes a call')
    return read.kind === 'refused' ? { ...read, record: text } : read
  }
}

/** `metadata` is an object, or JSON in a text. */
function metadataIn(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return faithfulObject(value) ?? {}
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

/** Lines that are not empty, with their numbers; one of more than a megabyte is cut, and so is no JSON any more. */
class JsonLines implements Lines {
  private rest = ''
  private line = 1
  private isCut = false

  push(text: string): { line: number; text: string }[] {
    const found: { line: number; text: string }[] = []
    const all = this.rest + text
    let start = 0
    for (let newline = all.indexOf('\n'); newline >= 0; newline = all.indexOf('\n', start)) {
      this.take(all.slice(start, newline), found)
      this.line += 1
      start = newline + 1
    }
    this.rest = all.slice(start)
    if (this.rest.length > LONGEST_LINE) {
      this.rest = this.rest.slice(0, 100)
      this.isCut = true
    }
    return found
  }

  end(): { line: number; text: string }[] {
    const found: { line: number; text: string }[] = []
    this.take(this.rest, found)
    this.rest = ''
    return found
  }

  private take(raw: string, found: { line: number; text: string }[]): void {
    const text = raw.replace('\ufeff', '').trim()
    if (text !== '') found.push({ line: this.line, text: this.isCut ? text.slice(0, 100) : text })
    this.isCut = false
  }
}
