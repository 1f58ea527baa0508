/**
 * How long a backend is waited for, from its first byte to its last. One timer for all waiting of a call: a timer for every
 * piece of a stream costs more than the piece.
 */
export class Patience {
  readonly mostMs: number
  private tell: () => void = () => undefined
  private timer: ReturnType<typeof setTimeout> | null = null
  private sinceMs: number | null = null

  constructor(mostMs: number) {
    this.mostMs = mostMs
  }

  /** Waits from now on; `tell` is called where it takes too long. */
  begin(tell: () => void): void {
    this.tell = tell
    this.sinceMs = Date.now()
    this.timer ??= setTimeout(() => this.look(), this.mostMs)
  }

  /** What was waited for has come, and more of it may. */
  pause(): void {
    this.sinceMs = null
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private look(): void {
    this.timer = null
    if (this.sinceMs === null) return // who waits next begins anew
    const leftMs = this.sinceMs + this.mostMs - Date.now()
    if (leftMs <= 0) this.tell()
    else this.timer = setTimeout(() => this.look(), leftMs)
  }
}
