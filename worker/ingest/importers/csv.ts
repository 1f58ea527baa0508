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
  /** The next delimiter of the text being taken, as far as it has been looked for. */
  private delimiterAt = -1
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
    this.delimiterAt = -1
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
    // The next of each kind, looked for again only once it has been passed: every character is looked at a few times.
    let newline = nextOf(text, '\n', start)
    let delimiter = this.delimiterAt < start ? nextOf(text, this.delimiter, start) : this.delimiterAt
    for (let at = start; ; at += 1) {
      let end = at
      if (text.charCodeAt(at) === QUOTE) {
        let close = text.indexOf('"', at + 1)
        let isDoubled = false
        for (; close >= 0 && text.charCodeAt(close + 1) === QUOTE; close = text.indexOf('"', close + 2))
          isDoubled = true
        if (close < 0 || close - start > LONGEST_RECORD) return null
        const inside = text.slice(at + 1, close)
        fields.push(isDoubled ? inside.replaceAll('""', '"') : inside)
        for (; newline < close; newline = nextOf(text, '\n', newline + 1)) newlines += 1
        if (delimiter <= close) delimiter = nextOf(text, this.delimiter, close + 1)
        end = delimiter < newline ? delimiter : newline
        if (end > close + 1 && text.slice(close + 1, end).trim() !== '') isBroken = true // whose is it?
      } else {
        if (delimiter < at) delimiter = nextOf(text, this.delimiter, at)
        end = delimiter < newline ? delimiter : newline
        const isLast = end !== delimiter || end === text.length
        const isCut = isLast && end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN
        fields.push(text.slice(at, isCut ? end - 1 : end))
      }
      if (end !== delimiter || end === text.length) {
        this.delimiterAt = delimiter
        return { fields: isBroken ? null : fields, stop: end, newlines }
      }
      at = end
    }
  }
}

const QUOTE = 34
const CARRIAGE_RETURN = 13

/** The next place of a character, or the end of the text. */
function nextOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from)
  return at < 0 ? text.length : at
}

/** A column's name as it is compared: trimmed, without regard to case. */
export function columnKey(name: string): string {
  return name.trim().toLowerCase()
}

/** Column positions by name, compared by `key`. The first of two equal names wins. */
export function columnsOf(header: readonly string[], keyOf = columnKey): Map<string, number> {
  const columns = new Map<string, number>()
  header.forEach((name, index) => {
    const key = keyOf(name)
    if (!columns.has(key)) columns.set(key, index)
  })
  return columns
}
