/** One record: the line it starts on (the file's first line is 1) and its fields; null fields: its quoting is broken. */
export type CsvRecord = { line: number; fields: string[] | null }

/** A longer record is taken for an unclosed quote: its first line is refused and reading goes on behind that. */
const LONGEST_RECORD = 1_048_576

/**
 * Reads delimited text as it arrives, cut anywhere: RFC 4180 quoting (or none, for `sacct`), LF or CRLF, a byte
 * order mark, blank lines passed over. A quote that is never closed costs its own line and no other.
 */
export class CsvReader {
  private rest = ''
  private line = 1
  private isFirst = true
  private readonly delimiter: string
  private readonly quotes: boolean

  constructor(options: { delimiter?: string; quotes?: boolean } = {}) {
    this.delimiter = options.delimiter ?? ','
    this.quotes = options.quotes ?? true
  }

  push(text: string): CsvRecord[] {
    if (text === '') return []
    const fresh = this.isFirst && text.startsWith('\ufeff') ? text.slice(1) : text
    this.isFirst = false
    return this.take(this.rest + fresh, false)
  }

  end(): CsvRecord[] {
    return this.take(this.rest, true)
  }

  private take(text: string, isLast: boolean): CsvRecord[] {
    const records: CsvRecord[] = []
    let start = 0
    let quote = this.quotes ? text.indexOf('"') : -1
    while (start < text.length) {
      if (quote >= 0 && quote < start) quote = text.indexOf('"', start)
      const newline = text.indexOf('\n', start)
      if (newline < 0 && !isLast && text.length - start <= LONGEST_RECORD) break
      let stop = newline < 0 ? text.length : newline
      const line = this.line
      let fields: string[] | null
      if (quote >= 0 && quote < stop) {
        const record = this.quotedRecord(text, start)
        const isOpen = !record || record.stop >= text.length
        if (isOpen && !isLast && text.length - start <= LONGEST_RECORD) break // the rest of it is still to come
        if (record) this.line += record.newlines
        if (record) stop = record.stop
        fields = record?.fields ?? null
      } else {
        const raw = text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop)
        fields = raw === '' ? [] : raw.length > LONGEST_RECORD ? null : raw.split(this.delimiter)
      }
      if (fields?.length !== 0) records.push({ line, fields })
      this.line += 1
      start = stop + 1
    }
    this.rest = text.slice(start)
    return records
  }

  /**
   * The record at `start`, where a quote counts at the start of a field only. `stop` is its newline (or the end of the
   * text), `newlines` those inside its quotes. Null: a quote is open to the end of the text or for too long.
   */
  private quotedRecord(
    text: string,
    start: number,
  ): { fields: string[] | null; stop: number; newlines: number } | null {
    const fields: string[] = []
    let isBroken = false
    let newlines = 0
    for (let at = start; ; at += 1) {
      let end = at
      if (text[at] === '"') {
        let close = text.indexOf('"', at + 1)
        while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
        if (close < 0 || close - start > LONGEST_RECORD) return null
        const inside = text.slice(at + 1, close)
        for (let cut = inside.indexOf('\n'); cut >= 0; cut = inside.indexOf('\n', cut + 1)) newlines += 1
        fields.push(inside.replaceAll('""', '"'))
        end = this.fieldEnd(text, close + 1)
        if (text.slice(close + 1, end).trim() !== '') isBroken = true // text behind a closing quote: whose is it?
      } else {
        end = this.fieldEnd(text, at)
        const raw = text.slice(at, end)
        fields.push(text[end] !== this.delimiter && raw.endsWith('\r') ? raw.slice(0, -1) : raw)
      }
      if (text[end] !== this.delimiter) return { fields: isBroken ? null : fields, stop: end, newlines }
      at = end
    }
  }

  /** The next delimiter or newline, or the end of the text. */
  private fieldEnd(text: string, from: number): number {
    const newline = text.indexOf('\n', from)
    const stop = newline < 0 ? text.length : newline
    // Not indexOf: it would walk the whole text for each line that has no delimiter.
    for (let at = from; at < stop; at += 1) if (text[at] === this.delimiter) return at
    return stop
  }
}

/** Column positions by name: trimmed, compared without regard to case. The first of two equal names wins. */
export function columnsOf(header: readonly string[]): Map<string, number> {
  const columns = new Map<string, number>()
  header.forEach((name, index) => {
    const key = name.trim().toLowerCase()
    if (!columns.has(key)) columns.set(key, index)
  })
  return columns
}
