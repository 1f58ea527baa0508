import { type Row, wrongFormat } from './importer.ts'

/** One element of a list: the list's name ('' for a bare list), the element's place in it, its line, its own text. */
export type JsonItem = { list: string; index: number; line: number; text: string }

const LONGEST_ITEM = 1_048_576
const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [0x22, 0x5c, 0x0a, 0x2c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Takes the lists of a JSON document apart as its text arrives, cut anywhere: `{"name": [item, …], …}` or a bare
 * `[item, …]`. It only finds where items start and end; each item is parsed by itself, so that memory holds one
 * item and not the file. Throws HelioxError invalid `ingest.wrong_format` where the document is no such JSON,
 * has none of the lists that are wanted, ends early, or one item is longer than a megabyte.
 */
export class JsonItems {
  private buffer = ''
  private scanned = 0
  private depth = 0
  private inString = false
  private line = 1
  private list: string | null = null
  private listDepth = 0
  private index = 0
  private itemStart = -1
  private itemLine = 1
  private key = ''
  private stringStart = -1
  private started = false
  private ended = false
  private hasWanted = false
  private readonly expected: string
  private readonly wanted: readonly string[]

  /** `expected` says in one phrase what the document should have been; `wanted` names the lists of which it has one. */
  constructor(expected: string, wanted: readonly string[]) {
    this.expected = expected
    this.wanted = wanted
  }

  push(text: string): JsonItem[] {
    const items: JsonItem[] = []
    this.buffer += !this.started && text.startsWith('\ufeff') ? text.slice(1) : text
    const { buffer } = this
    for (let at = this.scanned; at < buffer.length; at += 1) {
      const code = buffer.charCodeAt(at)
      if (code === NEWLINE) this.line += 1
      if (this.inString) {
        if (code === BACKSLASH) {
          if (at + 1 >= buffer.length) return this.keep(at, items) // the escaped character is still to come
          at += 1
        } else if (code === QUOTE) {
          this.inString = false
          if (this.depth === 1 && this.list === null) this.key = buffer.slice(this.stringStart + 1, at)
        }
        continue
      }
      if (code <= 0x20) continue
      if (this.ended)
        throw wrongFormat(`${this.expected}; there is more text behind the end of it, in line ${this.line}`)
      if (!this.started && code !== OPEN_OBJECT && code !== OPEN_LIST) throw wrongFormat(this.expected)
      this.started = true
      const isItem = this.list !== null && this.depth === this.listDepth
      if (isItem && this.itemStart < 0 && code !== CLOSE_LIST && code !== COMMA) {
        this.itemStart = at
        this.itemLine = this.line
      }
      if (isItem && (code === COMMA || code === CLOSE_LIST)) this.finish(buffer, at, items)
      if (code === QUOTE) {
        this.inString = true
        this.stringStart = at
      } else if (code === OPEN_OBJECT || code === OPEN_LIST) this.open(code)
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) this.close(code)
    }
    return this.keep(buffer.length, items)
  }

  end(): JsonItem[] {
    if (!this.ended) throw wrongFormat(`${this.expected}; the file ends in the middle of it`)
    if (!this.hasWanted) throw wrongFormat(`${this.expected}; there is no such list in it`)
    return []
  }

  private open(code: number): void {
    this.depth += 1
    const isList = code === OPEN_LIST && this.list === null && this.depth <= 2
    if (!isList) return
    this.list = this.depth === 1 ? '' : this.key
    this.listDepth = this.depth
    this.index = 0
    if (this.list === '' || this.wanted.includes(this.list)) this.hasWanted = true
  }

  private close(code: number): void {
    if (this.list !== null && this.depth === this.listDepth) {
      // Its last item would be lost without a word.
      if (code !== CLOSE_LIST) throw wrongFormat(`${this.expected}; a list is not closed before line ${this.line}`)
      this.list = null
    }
    this.depth -= 1
    if (this.depth === 0) this.ended = true
  }

  private finish(buffer: string, at: number, items: JsonItem[]): void {
    if (this.itemStart < 0) return // an empty list, or a comma too many
    const text = buffer.slice(this.itemStart, at).trimEnd()
    if (text.length > LONGEST_ITEM) throw this.tooLong()
    items.push({ list: this.list ?? '', index: this.index, line: this.itemLine, text })
    this.index += 1
    this.itemStart = -1
  }

  /** Forgets what is done with; what an unfinished item or key still needs stays. */
  private keep(scanned: number, items: JsonItem[]): JsonItem[] {
    const needed = this.itemStart >= 0 ? this.itemStart : this.inString ? this.stringStart : scanned
    if (scanned - needed > LONGEST_ITEM) throw this.tooLong()
    this.buffer = this.buffer.slice(needed)
    this.scanned = scanned - needed
    if (this.itemStart >= 0) this.itemStart = 0
    this.stringStart -= needed
    return items
  }

  private tooLong(): Error {
    return wrongFormat(`${this.expected}; the item in line ${this.itemLine} is longer than a megabyte`)
  }
}

/**
 * An item's object with every number as the text it was written in: money is read digit by digit, and an id beyond 2^53
 * stays that id. Null: not JSON, or not an object.
 */
export function exactObject(text: string): Record<string, unknown> | null {
  return objectOf(text, (_key, value, source) =>
    typeof value === 'number' ? (source?.source ?? String(value)) : value,
  )
}

/** An item's object as JSON.parse reads it, twice as fast: numbers beyond 2^53 are rounded. Null: not JSON, or not an object. */
export function plainObject(text: string): Record<string, unknown> | null {
  return objectOf(text)
}

/** Fifteen digits, with a point among them, are a double's without loss. */
const LONG_NUMBER = /[\d.]{17}/

/** An item's object whose numbers are as they were written: parsed the fast way where no number is too long for that. */
export function faithfulObject(text: string): Record<string, unknown> | null {
  return LONG_NUMBER.test(text) ? exactObject(text) : plainObject(text)
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown

function objectOf(text: string, reviver?: Reviver): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text, reviver)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** The rows of items; a refusal keeps the text of its item, so that it can be read again. */
export function rowsOfItems(items: readonly JsonItem[], rowOf: (item: JsonItem) => Row[]): Row[] {
  return items.flatMap((item) => {
    const rows = rowOf(item)
    for (const row of rows) if (row.kind === 'refused') row.record ??= item.text
    return rows
  })
}
