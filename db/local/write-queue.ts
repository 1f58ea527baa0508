import { busyError } from './hrana-error.ts'

type Waiter = { readonly owner: object; readonly admit: () => void; readonly refuse: (error: Error) => void }

/**
 * The one write lock of the file, first come, first served. SQLite's own waiting would block the event loop on which
 * the COMMIT that everybody waits for has to arrive, and a statement that ends in SQLITE_BUSY spoils its connection.
 */
export class WriteQueue {
  readonly #waitMs: number
  #holder: object | null = null
  #waiting: Waiter[] = []
  #commits = 0

  /** @param waitMs a writer that waited this long is refused */
  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Counts up whenever a writer may have changed the file: a read transaction begun at another count is stale. */
  get commits(): number {
    return this.#commits
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get isHeld(): boolean {
    return this.#holder !== null
  }

  isHeldBy(owner: object): boolean {
    return this.#holder === owner
  }

  /**
   * Resolves when `owner` holds the lock, at once if it does already.
   * Rejects with HranaError SQLITE_BUSY after `waitMs`, and with the error given to forget().
   */
  acquire(owner: object): Promise<void> {
    if (this.#holder === null) this.#holder = owner
    if (this.#holder === owner) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.forget(owner, busyError()), this.#waitMs)
      const admit = () => {
        clearTimeout(timer)
        resolve()
      }
      const refuse = (error: Error) => {
        clearTimeout(timer)
        reject(error)
      }
      this.#waiting.push({ owner, admit, refuse })
    })
  }

  /** Passes the lock on to whoever waits longest. Nothing happens when `owner` does not hold it. */
  release(owner: object, mayHaveWritten: boolean): void {
    if (this.#holder !== owner) return
    if (mayHaveWritten) this.#commits++
    const next = this.#waiting.shift()
    this.#holder = next?.owner ?? null
    next?.admit()
  }

  /** Takes `owner` out of the queue; its acquire() rejects with `error`. */
  forget(owner: object, error: Error): void {
    const waiter = this.#waiting.find((one) => one.owner === owner)
    if (!waiter) return
    this.#waiting = this.#waiting.filter((one) => one !== waiter)
    waiter.refuse(error)
  }
}
