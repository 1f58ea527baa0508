/** Tells when somebody has been waited for too long. One timer for all waiting, since there is a wait for every piece of a stream. */
export class SilenceWatch {
  private readonly mostMs: number
  private readonly tell: () => void
  private timer: ReturnType<typeof setTimeout> | null = null
  private sinceMs: number | null = null

  constructor(mostMs: number, tell: () => void) {
    this.mostMs = mostMs
    this.tell = tell
  }

  /** Waits for what `work` brings; `tell` is called where it takes longer. */
  async over<T>(work: Promise<T>): Promise<T> {
    this.sinceMs = Date.now()
    this.timer ??= setTimeout(() => this.look(), this.mostMs)
    try {
      return await work
    } finally {
      this.sinceMs = null
    }
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private look(): void {
    this.timer = null
    if (this.sinceMs === null) return // the next wait begins anew
    const leftMs = this.sinceMs + this.mostMs - Date.now()
    if (leftMs <= 0) this.tell()
    else this.timer = setTimeout(() => this.look(), leftMs)
  }
}
