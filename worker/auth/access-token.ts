import { sign, verify } from 'hono/jwt'
import { z } from 'zod'
import type { UserId } from '../../db/units/ids.ts'
import { rowOf } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { HelioxError } from '../errors.ts'

const Claims = z.object({
  sub: z.custom<UserId>((text) => typeof text === 'string' && rowOf('user', text) !== null),
  sid: z.string(),
  typ: z.literal('access'),
  iat: z.number(),
  exp: z.number(),
})

/** `sub`: the user. `sid`: the SHA-256 of the session's id. `iat`, `exp`: whole seconds since 1970, `exp` outside. */
export type AccessClaims = z.output<typeof Claims>

type Clock = Pick<Asking, 'now' | 'settings'>

/** How long an access token lasts. */
export function accessTokenSeconds({ settings }: Pick<Asking, 'settings'>): number {
  return Math.round(settings.accessTokenExpireMinutes * 60)
}

/** A JWT (HS256) that speaks for `userId` until it expires or its session ends, whichever is first. */
export async function issueAccessToken(clock: Clock, session: { userId: UserId; idHash: string }): Promise<string> {
  const iat = Math.floor(clock.now() / 1000)
  const exp = iat + accessTokenSeconds(clock)
  const claims: AccessClaims = { sub: session.userId, sid: session.idHash, typ: 'access', iat, exp }
  return sign(claims, clock.settings.secretKey, 'HS256')
}

/**
 * What a token says if we signed it, expired or not; null for anything else: other keys, algorithms and kinds. Says
 * nothing about whether its session lives.
 */
export async function signedClaims(
  { settings }: Pick<Asking, 'settings'>,
  token: string,
): Promise<AccessClaims | null> {
  // Times are ours to check, by the request's clock.
  const options = { alg: 'HS256', exp: false, iat: false, nbf: false } as const
  const payload = await verify(token, settings.secretKey, options).catch(() => null)
  return Claims.safeParse(payload).data ?? null
}

/**
 * The claims of a token that is ours and has not expired.
 *
 * @throws HelioxError unauthenticated `auth.token_expired`, `auth.invalid_token`
 */
export async function readAccessToken(clock: Clock, token: string): Promise<AccessClaims> {
  const claims = await signedClaims(clock, token)
  if (!claims) throw invalidToken()
  if (claims.exp * 1000 <= clock.now()) throw tokenExpired()
  return claims
}

/** Tells a client to refresh. */
export function tokenExpired(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.token_expired', 'Token has expired')
}

/** The one sentence for every token that is not, or no longer, ours. */
export function invalidToken(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.invalid_token', 'Invalid token')
}
