import type { Context, MiddlewareHandler } from 'hono'
import type { Asking } from '../asking.ts'
import { addressBlock, isLoopback } from './address-block.ts'
import { rateLimited } from './rate-limit-answer.ts'

/** A Workers rate-limit binding; a host may have none, and then nobody is limited by address. */
type Limiter = { limit: (of: { key: string }) => Promise<{ success: boolean }> }
type Limiters = { ADDRESS_LIMIT?: Limiter; DOOR_LIMIT?: Limiter }

/** As wrangler.toml says them: the binding does not tell its own figures. */
export const REQUESTS_PER_MINUTE = { ADDRESS_LIMIT: 6_000, DOOR_LIMIT: 300 } as const
const WINDOW_SECONDS = 60

/**
 * Refuses what one address sends too often, before anything is read from the database: 6,000 requests a minute to the
 * API (an open page sends about ten, so a whole office behind one address stays far below), and 300 to the doors,
 * through which strangers may come and each of which costs a scrypt or a write. No credential is exempt. Counted by
 * Cloudflare, per location and to within a few requests; a limiter that fails lets pass and says so in the log.
 *
 * `cf-connecting-ip` names the address. Cloudflare overwrites what a client sends under that name; a local run takes
 * the client's word, and is open to its own machine only. Without an address nobody is limited: strangers would share
 * one count. So would all who come through a proxy on this machine: from here only the doors are counted.
 */
export function limitAddresses(bindings: object): MiddlewareHandler<{ Variables: { asking: Asking } }> {
  const limiters = bindings as Limiters
  return async (c, next) => {
    const asking = c.get('asking')
    if (asking && asking.address !== '' && c.req.path !== '/health') {
      if (!isLoopback(asking.address)) await refuseTooMany(asking, limiters, 'ADDRESS_LIMIT')
      if (isDoor(c)) await refuseTooMany(asking, limiters, 'DOOR_LIMIT')
    }
    await next()
  }
}

/** @throws HelioxError limit_reached `request.rate_limited` */
async function refuseTooMany(asking: Asking, limiters: Limiters, name: keyof Limiters): Promise<void> {
  const key = addressBlock(asking.address)
  const answer = await limiters[name]?.limit({ key: `${name} ${key}` }).catch((error: unknown) => {
    asking.log.warn('request.limiter_failed', { name, error: String(error) })
  })
  if (!answer || answer.success) return
  asking.log.warn('request.rate_limited', { name, address: key })
  throw rateLimited(asking.answerHeaders, { limit: REQUESTS_PER_MINUTE[name], resetSeconds: WINDOW_SECONDS })
}

/** Everything of sign-in but who I am, my sessions and the way out; on tRPC also as one call of a batch. */
function isDoor(c: Context): boolean {
  const { path } = c.req
  if (path.startsWith('/trpc/')) return /(^|[/,]|%2c)auth\.(?!me\b|signOut\b)/i.test(path)
  return /^\/api\/v1\/auth\/(?!me$|logout$|sessions)/.test(path)
}
