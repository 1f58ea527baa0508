import { and, eq } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/users.ts'
import { HelioxError } from '../errors.ts'
import { invalidToken } from './access-token.ts'
import { disabled } from './actor.ts'
import { sha256Hex } from './digest.ts'
import type { SignedIn } from './open-session.ts'
import { replaceSession } from './replace-session.ts'
import type { Stranger } from './stranger.ts'

/**
 * Replaces a session by a new one of the same family, 30 days from now; the old one and its access tokens end at once.
 * Of two refreshes with one token at most one wins. The other is taken for a thief, or for the victim of one: the whole
 * family ends, and whoever it was signs in again.
 *
 * @throws HelioxError unauthenticated `auth.refresh_reused`, `auth.disabled`, `auth.invalid_token`
 */
export async function refresh(stranger: Stranger, refreshToken: string): Promise<SignedIn> {
  const next = await replaceSession(stranger, 'refresh', refreshToken)
  if (!next) throw await refusal(stranger, sha256Hex(refreshToken))
  return next
}

/** Why a refresh token did not work; ends the family of one that was used before. */
async function refusal({ db, log }: Stranger, idHash: string): Promise<HelioxError> {
  const [session] = await db
    .select({
      family: sessions.family,
      replacedAtMs: sessions.replacedAtMs,
      userId: users.id,
      isDisabled: users.isDisabled,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.idHash, idHash), eq(sessions.kind, 'token')))
  if (!session) return invalidToken()
  if (session.replacedAtMs !== null) {
    await db.delete(sessions).where(eq(sessions.family, session.family))
    log.warn('auth.refresh_reused', { userId: session.userId })
    const message = 'This refresh token was used before, so its session has ended: sign in again'
    return new HelioxError('unauthenticated', 'auth.refresh_reused', message)
  }
  return session.isDisabled ? disabled() : invalidToken()
}
