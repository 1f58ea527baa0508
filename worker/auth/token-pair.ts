import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { keepNowhere } from '../no-store.ts'
import { accessTokenSeconds, issueAccessToken } from './access-token.ts'
import { giveSessionCookie } from './cookie.ts'
import { sha256Hex } from './digest.ts'
import type { SessionKind } from './lucia.ts'
import type { SignedIn } from './open-session.ts'

/** What an API client holds. The refresh token is the session's id, good for one refresh within 30 days. */
export type TokenPair = { accessToken: string; refreshToken: string; expiresInSeconds: number }

/** The documented answer of login and refresh (RFC 6749, 5.1). */
export const Tokens = z
  .object({
    accessToken: z.string().describe('For `Authorization: Bearer`'),
    refreshToken: z.string().describe('Good for one refresh within 30 days'),
    tokenType: z.literal('bearer'),
    expiresIn: z
      .number()
      .int()
      .describe('Seconds that the access token lasts')
      .meta({ examples: [1800] }),
  })
  .meta({ id: 'Tokens' })
export type Tokens = z.output<typeof Tokens>

/** The tokens of a session of kind 'token'. */
export async function tokenPair(
  clock: Pick<Asking, 'now' | 'settings'>,
  { userId, sessionId }: SignedIn,
): Promise<TokenPair> {
  const accessToken = await issueAccessToken(clock, { userId, idHash: sha256Hex(sessionId) })
  return { accessToken, refreshToken: sessionId, expiresInSeconds: accessTokenSeconds(clock) }
}

/** The same as an answer, which no cache keeps. */
export async function tokensOf(asking: Asking, signedIn: SignedIn): Promise<Tokens> {
  const { accessToken, refreshToken, expiresInSeconds } = await tokenPair(asking, signedIn)
  keepNowhere(asking)
  return { accessToken, refreshToken, tokenType: 'bearer', expiresIn: expiresInSeconds }
}

/** A session's new id for its client: a cookie for a browser, which is null here, or tokens. */
export async function handOver(asking: Asking, session: SignedIn & { kind: SessionKind }): Promise<Tokens | null> {
  if (session.kind === 'token') return tokensOf(asking, session)
  giveSessionCookie(asking, session.sessionId)
  return null
}
