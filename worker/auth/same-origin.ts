import type { Asking } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { bearerToken } from './actor.ts'
import { sessionIdIn } from './cookie.ts'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what another site makes a signed-in browser send: a write that carries our cookie must come from our own origin
 * or from one of CORS_ORIGINS. `Origin` says so, else `Sec-Fetch-Site`; every browser of today sends one of them with a
 * write, so neither is refused too, unless a key comes along: that is no browser. A key excuses no foreign origin, since
 * signing out reads the cookie whatever else was sent. A "*" in CORS_ORIGINS opens nothing here.
 *
 * @throws HelioxError forbidden `auth.foreign_origin`
 */
export function assertSameOrigin({ request, settings }: Pick<Asking, 'request' | 'settings'>): void {
  const { headers, method } = request
  if (READING.has(method) || sessionIdIn(request) === null) return
  const carriesKey = bearerToken(headers.get('authorization') ?? '') !== null || headers.has('x-api-key')
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  const isOurs =
    origin === null
      ? site === 'same-origin' || (site === null && carriesKey)
      : origin === new URL(request.url).origin || settings.corsOrigins.includes(origin)
  if (!isOurs) throw new HelioxError('forbidden', 'auth.foreign_origin', 'This request came from another site')
}

/** The same as middleware, in the shape Hono calls; it runs after the request's `asking` is set. */
export async function refuseForeignOrigin(c: { get: (name: 'asking') => Asking }, next: () => Promise<void>) {
  assertSameOrigin(c.get('asking'))
  await next()
}
