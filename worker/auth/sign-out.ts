import { inArray } from 'drizzle-orm'
import { sessions } from '../../db/schema/users.ts'
import { signedClaims } from './access-token.ts'
import { sha256Hex } from './digest.ts'
import type { Stranger } from './stranger.ts'

/** Whatever the caller still holds of a session; null for what was not sent. */
export type Presented = {
  /** Expired is good enough: we signed it, and it says which session to end. */
  accessToken: string | null
  refreshToken: string | null
  /** From the cookie. */
  sessionId: string | null
}

/**
 * Ends the presented sessions and all that was refreshed from the same sign-ins, for good. Idempotent: credentials
 * that are wrong or dead end nothing and are no error.
 */
export async function signOut(stranger: Stranger, presented: Presented): Promise<void> {
  const { db, log } = stranger
  const claims = presented.accessToken === null ? null : await signedClaims(stranger, presented.accessToken)
  const secrets = [presented.refreshToken, presented.sessionId].filter((secret) => secret !== null)
  const hashes = [...secrets.map(sha256Hex), ...(claims ? [claims.sid] : [])]
  if (hashes.length === 0) return
  const families = db.select({ family: sessions.family }).from(sessions).where(inArray(sessions.idHash, hashes))
  const ended = await db
    .delete(sessions)
    .where(inArray(sessions.family, families))
    .returning({ userId: sessions.userId })
  if (ended[0]) log.info('auth.signed_out', { userId: ended[0].userId })
}
