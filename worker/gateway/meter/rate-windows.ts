import type { RateStanding } from './messages.ts'

const MINUTE_MS = 60_000
/** Beyond it windows that are over are forgotten. */
const MOST_SUBJECTS = 10_000

/** Requests and tokens of each key in the minute that began with its first call. */
export class RateWindows {
  private readonly windows = new Map<string, { startedAtMs: number; requests: number; tokens: number }>()

  /** How a subject stands after one more request; `isOver`: it has none left, and this one was not counted. */
  request(subject: string, limit: number, nowMs: number): { isOver: boolean; standing: RateStanding } {
    const window = this.windowOf(subject, nowMs)
    const isOver = window.requests >= limit
    if (!isOver) window.requests += 1
    return { isOver, standing: standingOf(limit, window.requests, window.startedAtMs, nowMs) }
  }

  /** How it stands with tokens; `most` of this call are not counted before it ends. */
  tokens(subject: string, limit: number, most: number, nowMs: number): { isOver: boolean; standing: RateStanding } {
    const window = this.windowOf(subject, nowMs)
    const isOver = window.tokens > 0 && window.tokens + most > limit
    return { isOver, standing: standingOf(limit, window.tokens, window.startedAtMs, nowMs) }
  }

  /** Takes back a request that was let through here and refused behind. */
  release(subject: string): void {
    const window = this.windows.get(subject)
    if (window && window.requests > 0) window.requests -= 1
  }

  used(subject: string, tokens: number, nowMs: number): void {
    this.windowOf(subject, nowMs).tokens += tokens
  }

  private windowOf(subject: string, nowMs: number) {
    const known = this.windows.get(subject)
    if (known && Math.abs(nowMs - known.startedAtMs) < MINUTE_MS) return known
    if (this.windows.size > MOST_SUBJECTS)
      for (const [name, { startedAtMs }] of this.windows)
        if (nowMs - startedAtMs >= MINUTE_MS) this.windows.delete(name)
    const fresh = { startedAtMs: nowMs, requests: 0, tokens: 0 }
    this.windows.set(subject, fresh)
    return fresh
  }
}

function standingOf(limit: number, used: number, startedAtMs: number, nowMs: number): RateStanding {
  return { limit, remaining: Math.max(0, limit - used), resetMs: Math.max(0, startedAtMs + MINUTE_MS - nowMs) }
}
