/** A piece that comes this soon after the last one was sent waits for those behind it … */
const SOON_MS = 5
/** … so long: nobody who reads sees it, and a burst costs one piece to send where it came as twenty. */
const HOLD_MS = 5
/** Nor is more held than that. */
const MOST_CHARACTERS = 16 * 1024

/**
 * Text on its way to a client. What comes after a pause is sent at once, as the first piece is; what comes right behind it is
 * sent together, a few milliseconds later at most.
 */
export class GatheredText {
  private readonly send: (text: string) => void
  private held = ''
  private timer: ReturnType<typeof setTimeout> | null = null
  private sentAtMs = Number.NEGATIVE_INFINITY

  constructor(send: (text: string) => void) {
    this.send = send
  }

  /** Whether it was sent, and all before it; else it is held. */
  add(text: string): boolean {
    this.held += text
    const isBurst = Date.now() - this.sentAtMs < SOON_MS
    if (this.timer === null && isBurst) this.timer = setTimeout(() => this.flush(), HOLD_MS)
    if (this.timer !== null && this.held.length < MOST_CHARACTERS) return false
    this.flush()
    return true
  }

  /** What is held, for another to send. */
  take(): string {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const text = this.held
    this.held = ''
    return text
  }

  private flush(): void {
    const text = this.take()
    this.sentAtMs = Date.now()
    if (text !== '') this.send(text)
  }
}
