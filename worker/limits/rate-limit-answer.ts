import { HelioxError } from '../errors.ts'

/** What is left of a limit: requests in the window, those of them still free, and seconds until the window begins anew. */
export type RateLeft = { limit: number; remaining: number; resetSeconds: number }

/**
 * Says on an answer how much of a limit is left: `X-RateLimit-Limit`, `-Remaining` and `-Reset`. The reset is in seconds
 * from now and not an instant, so that a client whose clock is wrong waits as long as any other.
 */
export function sayRateLimit(headers: Headers, { limit, remaining, resetSeconds }: RateLeft): void {
  headers.set('x-ratelimit-limit', String(limit))
  headers.set('x-ratelimit-remaining', String(Math.max(0, remaining)))
  headers.set('x-ratelimit-reset', String(wholeSeconds(resetSeconds)))
}

/**
 * The refusal of a request beyond a limit, for the caller to throw: `headers` are told the same, and `Retry-After`.
 * `code` is for limits that clients tell apart.
 */
export function rateLimited(
  headers: Headers,
  left: Pick<RateLeft, 'limit' | 'resetSeconds'>,
  code = 'request.rate_limited',
  message = 'Too many requests',
): HelioxError {
  const seconds = wholeSeconds(left.resetSeconds)
  sayRateLimit(headers, { ...left, remaining: 0 })
  headers.set('retry-after', String(seconds))
  return new HelioxError('limit_reached', code, `${message}: try again in ${waitText(seconds)}`)
}

/** Never 0: a client that waits no time at all would be refused again. */
function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds))
}

function waitText(seconds: number): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
