import { Connection } from './connection.ts'

const MAX_IDLE = 4

/**
 * Connections that wait for a stream, the one used last first, at most four. How many are lent out is bounded by the
 * number of streams.
 */
export class ConnectionPool {
  readonly #open: () => Connection
  #idle: Connection[] = []
  #lent = 0
  #isClosed = false

  constructor(file: string, synchronous: 'FULL' | 'NORMAL') {
    this.#open = () => new Connection(file, synchronous)
  }

  get idle(): number {
    return this.#idle.length
  }

  get lent(): number {
    return this.#lent
  }

  /** Throws when the file cannot be opened. */
  take(): Connection {
    const connection = this.#idle.pop() ?? this.#open()
    this.#lent++
    return connection
  }

  /** Takes a connection back, rolls back what it left open, and keeps it only if it is as good as new. */
  give(connection: Connection): void {
    this.#lent--
    const isClean = connection.rollback() && connection.isReusable
    if (isClean && !this.#isClosed && this.#idle.length < MAX_IDLE) this.#idle.push(connection)
    else connection.close()
  }

  /** Empties the write-ahead log into the file and closes what is idle; what comes back later is closed at once. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const last = this.#idle.pop() ?? this.#open()
    for (const connection of this.#idle) connection.close()
    this.#idle = []
    try {
      last.checkpoint()
    } finally {
      last.close()
    }
  }
}
