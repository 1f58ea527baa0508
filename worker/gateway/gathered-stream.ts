/** How long pieces behind the first one wait for others that come with them. */
const GATHER_MS = 1
/** Beyond it the client has to take some before more is read. */
const MOST_HELD = 64 * 1024

/**
 * A body that is written as text: the first piece leaves at once, and later ones together with all that comes within a
 * millisecond, as each chunk of its own would cost more than it carries. Holds little more than 64 KB of a client that is slow.
 */
export class GatheredStream {
  readonly body: ReadableStream<Uint8Array>
  private readonly encoder = new TextEncoder()
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null
  private held = ''
  private hasSent = false
  private isClosing = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private resume: (() => void) | null = null

  constructor(onCancel: () => Promise<void>) {
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller
      },
      pull: () => {
        if (this.timer === undefined) this.send()
      },
      cancel: async () => {
        this.controller = null
        this.drop()
        await onCancel()
      },
    })
  }

  /** Returns when more may be written. */
  async write(text: string): Promise<void> {
    this.held += text
    if (!this.hasSent) this.send()
    else this.timer ??= setTimeout(() => this.send(), GATHER_MS)
    if (this.held.length > MOST_HELD && this.controller)
      await new Promise<void>((resume) => {
        this.resume = resume
      })
  }

  /** Sends what is left and ends. */
  close(text = ''): void {
    this.held += text
    this.isClosing = true
    this.send()
  }

  private send(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { controller } = this
    if (!controller) return
    if (this.held !== '') {
      if ((controller.desiredSize ?? 0) <= 0 && !this.isClosing) return // `pull` comes when it is taken
      controller.enqueue(this.encoder.encode(this.held))
      this.hasSent = true
    }
    this.drop()
    if (!this.isClosing) return
    this.controller = null
    controller.close()
  }

  private drop(): void {
    this.held = ''
    const { resume } = this
    this.resume = null
    resume?.()
  }
}
