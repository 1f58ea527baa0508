/** Notices when what is waited for does not come: one timer for a whole stream, not one for each of its pieces. */
export class SilenceWatch {
  private readonly mostMs: number
  private readonly onSilence: () => void
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Null: nothing is waited for. */
  private sinceMs: number | null = null

  constructor(mostMs: number, onSilence: () => void) {
    this.mostMs = mostMs
    this.onSilence = onSilence
  }

  /** Something is waited for from now on. */
  begin(): void {
    this.sinceMs = Date.now()
    this.timer ??= setTimeout(() => this.look(), this.mostMs)
  }

  /** It has come. */
  rest(): void {
    this.sinceMs = null
  }

  stop(): void {
    clearTimeout(this.timer)
    this.sinceMs = null
  }

  private look(): void {
    const leftMs = this.sinceMs === null ? this.mostMs : this.mostMs - (Date.now() - this.sinceMs)
    if (leftMs > 0) this.timer = setTimeout(() => this.look(), leftMs)
    else this.onSilence()
  }
}
