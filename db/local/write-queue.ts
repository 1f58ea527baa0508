import { busyError } from './hrana-error.ts'

type Waiter = {
  readonly owner: object
  /** Whose is smallest goes first: when it came, and how much it is asked to let pass. */
  readonly turn: number
  readonly admit: () => void
  readonly refuse: (error: Error) => void
}

/** For each millisecond that a writer will hold the lock it lets pass who comes up to so many milliseconds later. */
const YIELDED_PER_MS = 15
/** A writer that will hold the lock for so long is a file's chunk, */
const LONG_MS = 50
/** which waits so many times as long before it is refused: the whole file would be lost. */
const LONG_PATIENCE = 4

/**
 * The one write lock of the file. Short writers go before long ones, so that a person's click does not stand behind
 * the chunks of several files; how long one takes is told by its like. The longer a writer has waited the fewer pass it: no
 * one starves. SQLite's own waiting would block the event loop on which the COMMIT that everybody waits for has to arrive,
 * and a statement that ends in SQLITE_BUSY spoils its connection.
 */
export class WriteQueue {
  readonly #waitMs: number
  #holder: object | null = null
  #waiting: Waiter[] = []
  #commits = 0

  /** @param waitMs a short writer that waited this long is refused; a long one waits longer */
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
   * Resolves when `owner` holds the lock, at once if it does already. `expectedMs`: how long it will probably hold it.
   * Rejects with HranaError SQLITE_BUSY after waiting too long, and with the error given to forget().
   */
  acquire(owner: object, expectedMs = 0): Promise<void> {
    if (this.#holder === null) this.#holder = owner
    if (this.#holder === owner) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const patienceMs = expectedMs < LONG_MS ? this.#waitMs : this.#waitMs * LONG_PATIENCE
      const timer = setTimeout(() => this.forget(owner, busyError()), patienceMs)
      const admit = () => {
        clearTimeout(timer)
        resolve()
      }
      const refuse = (error: Error) => {
        clearTimeout(timer)
        reject(error)
      }
      const turn = performance.now() + expectedMs * YIELDED_PER_MS
      const behind = this.#waiting.findIndex((one) => one.turn > turn)
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { owner, turn, admit, refuse })
    })
  }

  /** Passes the lock on to whoever's turn it is. Nothing happens when `owner` does not hold it. */
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
