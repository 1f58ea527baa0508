import { randomBytes } from 'node:crypto'
import type { ConnectionPool } from './connection-pool.ts'
import type { Durations } from './durations.ts'
import { HranaError } from './hrana-error.ts'
import { Stream } from './stream.ts'
import type { WriteQueue } from './write-queue.ts'

type Limits = { readonly streamIdleMs: number; readonly maxStreams: number }

/**
 * The open streams. Between two requests a stream is found by its baton alone, a new random one after each request, so
 * that an old answer's baton opens nothing.
 */
export class StreamTable {
  readonly #pool: ConnectionPool
  readonly #queue: WriteQueue
  readonly #durations: Durations
  readonly #limits: Limits
  readonly #open = new Set<Stream>()
  readonly #idle = new Map<string, { stream: Stream; timer: NodeJS.Timeout }>()
  #isClosing = false

  constructor(pool: ConnectionPool, queue: WriteQueue, durations: Durations, limits: Limits) {
    this.#pool = pool
    this.#queue = queue
    this.#durations = durations
    this.#limits = limits
  }

  get open(): number {
    return this.#open.size
  }

  get idle(): number {
    return this.#idle.size
  }

  /**
   * A new stream, or the one that waits under `baton`; the baton is spent.
   * Throws HranaError STREAM_EXPIRED (400) for an unknown, spent or expired baton, TOO_MANY_STREAMS (503) at the limit.
   */
  acquire(baton: string | null): Stream {
    if (baton !== null) return this.#claim(baton)
    if (this.#open.size >= this.#limits.maxStreams) {
      throw new HranaError('TOO_MANY_STREAMS', `The server has ${this.#limits.maxStreams} streams open already`, 503)
    }
    const stream = new Stream(this.#pool, this.#queue, this.#durations)
    this.#open.add(stream)
    return stream
  }

  /** Keeps the stream for the next request and hands out its baton; null when it is closed. */
  release(stream: Stream): string | null {
    if (stream.isClosed || this.#isClosing) {
      this.drop(stream)
      return null
    }
    const baton = randomBytes(24).toString('base64url')
    const timer = setTimeout(() => this.#expire(baton), this.#limits.streamIdleMs)
    timer.unref()
    this.#idle.set(baton, { stream, timer })
    return baton
  }

  /** Rolls back what the stream left open and forgets it. */
  drop(stream: Stream): void {
    stream.close()
    this.#open.delete(stream)
  }

  /** Drops the stream that waits under `baton`, if there is one. */
  abandon(baton: unknown): void {
    if (typeof baton === 'string') this.#expire(baton)
  }

  /** Drops the streams that wait for a request, so that the requests which wait for their locks can end. */
  beginClose(): void {
    this.#isClosing = true
    for (const baton of [...this.#idle.keys()]) this.#expire(baton)
  }

  /** Drops the streams that are still at work. */
  close(): void {
    this.beginClose()
    for (const stream of [...this.#open]) this.drop(stream)
  }

  #claim(baton: string): Stream {
    const entry = this.#idle.get(baton)
    if (!entry) throw new HranaError('STREAM_EXPIRED', 'The stream has expired due to inactivity', 400)
    clearTimeout(entry.timer)
    this.#idle.delete(baton)
    return entry.stream
  }

  #expire(baton: string): void {
    const entry = this.#idle.get(baton)
    if (!entry) return
    clearTimeout(entry.timer)
    this.#idle.delete(baton)
    this.drop(entry.stream)
  }
}
