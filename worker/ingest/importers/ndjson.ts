/** A line of newline-delimited JSON that is not blank (the file's first line is 1); null text: it is over a megabyte. */
export type NdjsonLine = { line: number; text: string | null }

const LONGEST_LINE = 1_048_576

/**
 * Cuts newline-delimited JSON into its lines as the text arrives, cut anywhere: LF or CRLF, a byte order mark, blank
 * lines passed over. A line that is too long costs itself and no other, and no memory.
 */
export class NdjsonLines {
  private rest = ''
  private line = 1
  private isFirst = true
  private isTooLong = false

  push(text: string): NdjsonLine[] {
    if (text === '') return []
    const fresh = this.isFirst && text.startsWith('\ufeff') ? text.slice(1) : text
    this.isFirst = false
    const lines: NdjsonLine[] = []
    let start = 0
    for (let stop = fresh.indexOf('\n'); stop >= 0; stop = fresh.indexOf('\n', start)) {
      this.keep(fresh.slice(start, stop))
      this.finish(lines)
      this.line += 1
      start = stop + 1
    }
    this.keep(fresh.slice(start))
    return lines
  }

  end(): NdjsonLine[] {
    const lines: NdjsonLine[] = []
    this.finish(lines)
    return lines
  }

  private keep(text: string): void {
    if (this.isTooLong) return
    this.rest += text
    if (this.rest.length <= LONGEST_LINE) return
    this.isTooLong = true
    this.rest = ''
  }

  private finish(lines: NdjsonLine[]): void {
    const text = this.rest.trim()
    if (this.isTooLong) lines.push({ line: this.line, text: null })
    else if (text !== '') lines.push({ line: this.line, text })
    this.rest = ''
    this.isTooLong = false
  }
}
