import type { EpochMs } from '../db/units/time.ts'
import { HelioxError } from './errors.ts'

/** What is left of a caller's requests: `remaining` of `limit` until `resetAtMs`, when it starts anew. */
export type RateLimit = { limit: number; remaining: number; resetAtMs: EpochMs }

/** Says it in the headers that clients know; X-RateLimit-Reset is in whole seconds since 1970. */
export function tellRateLimit(headers: Headers, { limit, remaining, resetAtMs }: RateLimit): void {
  headers.set('x-ratelimit-limit', String(limit))
  headers.set('x-ratelimit-remaining', String(remaining))
  headers.set('x-ratelimit-reset', String(Math.ceil(resetAtMs / 1000)))
}

/** The refusal of a caller who has used up his requests, with Retry-After in whole seconds, at least 1. */
export function rateLimited(headers: Headers, limit: RateLimit, nowMs: EpochMs, code: string): HelioxError {
  tellRateLimit(headers, limit)
  const seconds = Math.max(1, Math.ceil((limit.resetAtMs - nowMs) / 1000))
  headers.set('retry-after', String(seconds))
  return new HelioxError('limit_reached', code, `Too many requests: try again in ${seconds} s`)
}
