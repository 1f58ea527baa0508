import type { Asking } from '../asking.ts'
import { accessTokenSeconds, issueAccessToken } from './access-token.ts'
import { sha256Hex } from './digest.ts'
import type { SignedIn } from './sign-in.ts'

/** What an API client holds. The refresh token is the session's id, good for one refresh within 30 days. */
export type TokenPair = { accessToken: string; refreshToken: string; expiresInSeconds: number }

/** The tokens of a session of kind 'token'. */
export async function tokenPair(
  clock: Pick<Asking, 'now' | 'settings'>,
  { userId, sessionId }: SignedIn,
): Promise<TokenPair> {
  const accessToken = await issueAccessToken(clock, { userId, idHash: sha256Hex(sessionId) })
  return { accessToken, refreshToken: sessionId, expiresInSeconds: accessTokenSeconds(clock) }
}
