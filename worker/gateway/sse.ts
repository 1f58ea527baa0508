/** One event of a stream: its raw text with the blank line that ends it, and its data. */
export type SseEvent = { raw: string; data: string }

const END = /\r?\n\r?\n/g

/** Cuts a stream's text, which comes in pieces of any size, into events (HTML standard, server-sent events). */
export class SseCutter {
  private held = ''
  /** Up to where no end of an event is in it: what came before is not searched again. */
  private searched = 0

  /** The events that the text has completed. */
  push(text: string): SseEvent[] {
    this.held += text
    const events: SseEvent[] = []
    for (;;) {
      END.lastIndex = this.searched
      const match = END.exec(this.held)
      this.searched = match ? 0 : Math.max(0, this.held.length - 3)
      if (!match) break
      const end = match.index + match[0].length
      const raw = this.held.slice(0, end)
      this.held = this.held.slice(end)
      events.push({ raw, data: dataOf(raw) })
    }
    if (this.held.length > LONGEST) throw new RangeError('an event of the stream has no end')
    return events
  }

  /** The last event, where a stream has ended without the blank line behind it; null: there is none, or only half of one. */
  lastEvent(): SseEvent | null {
    const raw = `${this.held.trimEnd()}\n\n`
    this.held = ''
    this.searched = 0
    const data = dataOf(raw)
    return data === '[DONE]' || isJson(data) ? { raw, data } : null
  }
}

/** An event that is longer is none: memory stays flat whatever a backend sends. */
const LONGEST = 8 * 1024 * 1024

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

function dataOf(raw: string): string {
  if (raw.startsWith('data: ') && raw.indexOf('\n') === raw.trimEnd().length) return raw.slice(6).trimEnd() // nearly all
  return raw
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n')
}

/** An event as it is sent. */
export function sseEvent(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

export const SSE_DONE = sseEvent('[DONE]')
