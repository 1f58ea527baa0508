import type { Attempt, BackendRef, BackendStanding, Candidate } from './messages.ts'

/** So many failures one after the other switch a backend off … */
const FAILURES_TO_OPEN = 5
/** … for so long; then one call tries it again. Twice as long each time, up to the last. */
const OPEN_MS = [10_000, 20_000, 40_000, 60_000]
/** How long a call may try a backend again before another one may as well: nobody may ever end it. */
const LONGEST_TRY_MS = 60_000
/** Weight of the newest latency in the smoothed one. */
const NEWEST = 0.2

type Health = {
  failures: number
  openUntilMs: number | null
  /** How often it was switched off without a success between. */
  opened: number
  /** The call that tries it again while it is half-open. */
  trying: { call: string; sinceMs: number } | null
  inFlight: number
  latencyMs: number | null
  lastError: string
  lastAtMs: number | null
}

/** How each backend does, by what calls and probes saw of it, and which ones a call may ask. */
export class Breakers {
  private readonly known = new Map<BackendRef, Health>()

  /** Whether the backend may be asked now. */
  isOpen(id: BackendRef, nowMs: number): boolean {
    const health = this.known.get(id)
    if (!health || health.openUntilMs === null) return false
    const isTried = health.trying !== null && nowMs < health.trying.sinceMs + LONGEST_TRY_MS
    return nowMs < health.openUntilMs || isTried
  }

  isFull({ id, maxConcurrency }: Candidate): boolean {
    return maxConcurrency !== null && (this.known.get(id)?.inFlight ?? 0) >= maxConcurrency
  }

  latencyMs(id: BackendRef): number | null {
    return this.known.get(id)?.latencyMs ?? null
  }

  /** A call goes to the backend first. */
  start(id: BackendRef, call: string, nowMs: number): void {
    const health = this.of(id)
    health.inFlight += 1
    if (health.openUntilMs !== null && nowMs >= health.openUntilMs) health.trying = { call, sinceMs: nowMs }
  }

  /** That call has ended. */
  end(id: BackendRef, call: string): void {
    const health = this.of(id)
    health.inFlight = Math.max(0, health.inFlight - 1)
    if (health.trying?.call === call) health.trying = null
  }

  saw({ backend, isWell, ms, message, isProbe }: Attempt, nowMs: number): void {
    const health = this.of(backend)
    health.lastAtMs = nowMs
    if (isWell && isProbe) {
      // It answers again: a call may try it at once. Whether it answers calls, that one will tell.
      if (health.openUntilMs !== null) health.openUntilMs = Math.min(health.openUntilMs, nowMs)
      else health.failures = 0
      return
    }
    if (isWell) {
      health.latencyMs = health.latencyMs === null ? ms : health.latencyMs + NEWEST * (ms - health.latencyMs)
      Object.assign(health, { failures: 0, openUntilMs: null, opened: 0, trying: null, lastError: '' })
      return
    }
    health.failures += 1
    health.lastError = message
    const wasOpen = health.openUntilMs !== null
    if (!wasOpen && health.failures < FAILURES_TO_OPEN) return
    if (wasOpen && nowMs < (health.openUntilMs ?? 0)) return // an old call that ends late says nothing new
    health.trying = null
    health.openUntilMs = nowMs + (OPEN_MS[Math.min(health.opened, OPEN_MS.length - 1)] ?? 0)
    health.opened += 1
  }

  standings(nowMs: number): BackendStanding[] {
    return [...this.known].map(([backend, { failures, openUntilMs, inFlight, latencyMs, lastError, lastAtMs }]) => ({
      ...{ backend, failures, inFlight, latencyMs, openUntilMs, lastError, lastAtMs },
      breaker: openUntilMs === null ? 'closed' : nowMs < openUntilMs ? 'open' : 'half-open',
    }))
  }

  private of(id: BackendRef): Health {
    const known = this.known.get(id) ?? {
      ...{ failures: 0, openUntilMs: null, opened: 0, trying: null, inFlight: 0 },
      ...{ latencyMs: null, lastError: '', lastAtMs: null },
    }
    this.known.set(id, known)
    return known
  }
}
