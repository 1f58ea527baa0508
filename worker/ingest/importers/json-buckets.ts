import { wrongFormat } from './importer.ts'

/** One element of a bucket's `results`: its line, its own text, and the scalar fields of its bucket as texts. */
export type BucketItem = { line: number; text: string; bucket: ReadonlyMap<string, string> }

type Frame = {
  isObject: boolean
  /** An object's key whose value is being read; null: between two. */
  key: string | null
  /** Text of the last string, which is the key if a colon follows. */
  lastText: string
  fields: Map<string, string>
  isResults: boolean
  /** An object that has a list of results, empty or not. */
  hasResults: boolean
  /** Items that wait for the rest of their bucket's fields. */
  held: { line: number; text: string }[]
}

const LONGEST_ITEM = 1_048_576
const MOST_HELD = 50_000
const DEEPEST = 8
const [QUOTE, BACKSLASH, NEWLINE, COMMA, COLON] = [0x22, 0x5c, 0x0a, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Takes usage pages of an admin API apart as their text arrives, cut anywhere: objects with a list `results`, in a page's
 * `data`, in a list, or one after the other, as are the pages. Each result is handed out by itself with the fields of its
 * bucket (`needed` first of all, wherever they stand in it), so that memory holds one bucket and not the file. Throws
 * HelioxError invalid `ingest.wrong_format` where the text is no such JSON or ends early.
 */
export class JsonBuckets {
  private buffer = ''
  private scanned = 0
  private line = 1
  private isFirst = true
  private readonly stack: Frame[] = []
  private inString = false
  private stringStart = -1
  private scalarStart = -1
  private itemStart = -1
  private itemLine = 1
  private itemDepth = 0
  private hasResults = false
  private hasPage = false
  private readonly expected: string
  private readonly needed: readonly string[]

  constructor(expected: string, needed: readonly string[]) {
    this.expected = expected
    this.needed = needed
  }

  push(text: string): BucketItem[] {
    const items: BucketItem[] = []
    this.buffer += this.isFirst && text.startsWith('\ufeff') ? text.slice(1) : text
    if (text !== '') this.isFirst = false
    const { buffer } = this
    let at = this.scanned
    for (; at < buffer.length; at += 1) {
      const code = buffer.charCodeAt(at)
      if (code === NEWLINE) this.line += 1
      if (this.inString) {
        if (code === BACKSLASH) {
          if (at + 1 >= buffer.length) break // the escaped character is still to come
          at += 1
        } else if (code === QUOTE) this.endString(buffer, at)
        continue
      }
      const frame = this.stack.at(-1)
      if (frame?.isResults) this.inResults(frame, buffer, at, code, items)
      else this.inFrame(frame, buffer, at, code, items)
    }
    this.keep(at)
    return items
  }

  end(): BucketItem[] {
    if (this.stack.length > 0 || this.inString) throw wrongFormat(`${this.expected}; the file ends in the middle of it`)
    if (!this.hasResults && !this.hasPage) throw wrongFormat(`${this.expected}; there are no results in it`)
    return []
  }

  /** Within a list of results an element is found and not understood. */
  private inResults(frame: Frame, buffer: string, at: number, code: number, items: BucketItem[]): void {
    if (code <= 0x20) return
    const isEnd = this.itemDepth === 0 && (code === COMMA || code === CLOSE_LIST)
    if (isEnd) {
      if (this.itemStart >= 0) this.finish(buffer.slice(this.itemStart, at).trimEnd(), items)
      this.itemStart = -1
      if (code === CLOSE_LIST) this.stack.pop()
      return
    }
    if (this.itemStart < 0) {
      this.itemStart = at
      this.itemLine = this.line
    }
    if (code === QUOTE) {
      this.inString = true
      this.stringStart = at
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) this.itemDepth += 1
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      this.itemDepth -= 1
      if (this.itemDepth < 0) throw this.broken()
    }
    if (at - this.itemStart > LONGEST_ITEM) throw this.tooLong()
    frame.key = null
  }

  private inFrame(frame: Frame | undefined, buffer: string, at: number, code: number, items: BucketItem[]): void {
    if (code <= 0x20 || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST) {
      if (this.scalarStart >= 0) this.setField(frame, buffer.slice(this.scalarStart, at))
      this.scalarStart = -1
    }
    if (code <= 0x20) return
    if (code === OPEN_OBJECT || code === OPEN_LIST) this.open(frame, code)
    else if (!frame) throw wrongFormat(this.expected)
    else if (code === QUOTE) {
      this.inString = true
      this.stringStart = at
    } else if (code === COLON && frame.isObject && frame.key === null) frame.key = frame.lastText
    else if (code === COMMA) frame.key = null
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) this.close(frame, code, items)
    else if (this.scalarStart < 0) this.scalarStart = at
  }

  private open(parent: Frame | undefined, code: number): void {
    if (this.stack.length >= DEEPEST) throw wrongFormat(`${this.expected}; it is nested too deeply`)
    const isResults = code === OPEN_LIST && parent?.isObject === true && parent.key === 'results'
    if (isResults && parent) {
      this.hasResults = true
      parent.hasResults = true
    }
    if (code === OPEN_LIST && parent?.key === 'data') parent.fields.set('data', '')
    this.stack.push({
      ...{
        isObject: code === OPEN_OBJECT,
        key: null,
        lastText: '',
        fields: new Map(),
        isResults,
        hasResults: false,
        held: [],
      },
    })
  }

  private close(frame: Frame, code: number, items: BucketItem[]): void {
    if (frame.isObject !== (code === CLOSE_OBJECT)) throw this.broken()
    const isBucket = frame.isObject && this.needed.some((name) => frame.fields.has(name))
    if (isBucket && !frame.hasResults && frame.fields.get('results') !== 'null')
      throw wrongFormat(`${this.expected}; the bucket that ends in line ${this.line} has no list "results"`)
    for (const { line, text } of frame.held) items.push({ line, text, bucket: frame.fields })
    if (frame.fields.has('data') && frame.fields.has('has_more')) this.hasPage = true
    this.stack.pop()
  }

  private endString(buffer: string, at: number): void {
    this.inString = false
    const frame = this.stack.at(-1)
    const text = buffer.slice(this.stringStart + 1, at)
    this.stringStart = -1
    if (!frame || frame.isResults) return
    if (frame.key === null) frame.lastText = text
    else this.setField(frame, text)
  }

  private setField(frame: Frame | undefined, text: string): void {
    if (frame?.isObject && frame.key !== null && frame.fields.size < 50) frame.fields.set(frame.key, text.slice(0, 300))
  }

  /** A result whose bucket is known is handed out at once; another waits until the bucket ends. */
  private finish(text: string, items: BucketItem[]): void {
    if (text.length > LONGEST_ITEM) throw this.tooLong()
    const bucket = this.stack.at(-2)
    if (!bucket) return
    if (this.needed.every((name) => bucket.fields.has(name)))
      items.push({ line: this.itemLine, text, bucket: bucket.fields })
    else if (bucket.held.push({ line: this.itemLine, text }) > MOST_HELD)
      throw wrongFormat(`${this.expected}; the times of a bucket do not stand before its results`)
  }

  /** Forgets what is done with; what an unfinished item, string or number still needs stays. */
  private keep(scanned: number): void {
    const needed = [this.itemStart, this.stringStart, this.scalarStart].filter((start) => start >= 0)
    const from = Math.min(scanned, ...needed)
    if (scanned - from > LONGEST_ITEM) throw this.tooLong()
    this.buffer = this.buffer.slice(from)
    this.scanned = scanned - from
    if (this.itemStart >= 0) this.itemStart -= from
    if (this.stringStart >= 0) this.stringStart -= from
    if (this.scalarStart >= 0) this.scalarStart -= from
  }

  private broken(): Error {
    return wrongFormat(`${this.expected}; brackets do not match in line ${this.line}`)
  }

  private tooLong(): Error {
    return wrongFormat(`${this.expected}; the item in line ${this.itemLine} is longer than a megabyte`)
  }
}
