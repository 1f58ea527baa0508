import type { RateStanding } from './messages.ts'

const MINUTE_MS = 60_000
/** Beyond it windows that are over are forgotten. */
const MOST_SUBJECTS = 10_000

type Window = { startedAtMs: number; requests: number; tokens: number }

/** Requests and tokens of each key in the minute that began with its first call. */
export class RateWindows {
  private readonly windows = new Map<string, Window>()
  /** By call: what it holds of its window until it has ended. */
  private readonly reserved = new Map<string, { window: Window; tokens: number }>()

  /** How a subject stands after one more request; `isOver`: it has none left, and this one was not counted. */
  request(subject: string, limit: number, nowMs: number): { isOver: boolean; standing: RateStanding } {
    const window = this.windowOf(subject, nowMs)
    const isOver = window.requests >= limit
    if (!isOver) window.requests += 1
    return { isOver, standing: standingOf(limit, window.requests, window.startedAtMs, nowMs) }
  }

  /**
   * How it stands with tokens after this call, which may use so `many`: they count at once, so that calls at the same time do
   * not pass the limit together, and `used` sets right what it was. A call that is larger than the whole limit is let through
   * where nothing else was in its minute: else it never would be.
   */
  tokens(
    { subject, call, limit }: { subject: string; call: string; limit: number },
    many: number,
    nowMs: number,
  ): { isOver: boolean; standing: RateStanding } {
    const window = this.windowOf(subject, nowMs)
    const isOver = window.tokens > 0 && window.tokens + many > limit
    if (!isOver) {
      window.tokens += many
      this.reserved.set(call, { window, tokens: many })
    }
    return { isOver, standing: standingOf(limit, window.tokens, window.startedAtMs, nowMs) }
  }

  /** Takes back what was let through here and refused behind. */
  release(subject: string, call: string): void {
    const window = this.windows.get(subject)
    if (window && window.requests > 0) window.requests -= 1
    this.used(subject, call, 0, 0)
  }

  /** What the call used, in the minute in which it began. */
  used(subject: string, call: string, tokens: number, nowMs: number): void {
    const known = this.reserved.get(call)
    this.reserved.delete(call)
    if (known) known.window.tokens += tokens - known.tokens
    else if (tokens > 0) this.windowOf(subject, nowMs).tokens += tokens
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
