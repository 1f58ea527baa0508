import { and, eq, exists, gt, isNull, sql } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { invalidToken } from './access-token.ts'
import { disabled } from './actor.ts'
import { sha256Hex } from './digest.ts'
import { newSessionId, SESSION_MS } from './lucia.ts'
import type { SignedIn } from './sign-in.ts'
import type { Stranger } from './stranger.ts'

/**
 * Replaces a session by a new one of the same family, 30 days from now; the old one and its access tokens end at once.
 * One transaction in one round trip, so of two refreshes with one token at most one wins. The other is taken for a
 * thief, or for the victim of one: the whole family ends, and whoever it was signs in again.
 *
 * @throws HelioxError unauthenticated `auth.refresh_reused`, `auth.disabled`, `auth.invalid_token`
 */
export async function refresh(stranger: Stranger, refreshToken: string): Promise<SignedIn> {
  const { db } = stranger
  const nowMs = stranger.now()
  const idHash = sha256Hex(refreshToken)
  const sessionId = newSessionId()
  const nextHash = sha256Hex(sessionId)
  const instant = (at: number) => sql<EpochMs>`${sql.param(at as EpochMs, sessions.createdAtMs)}`

  const next = db
    .select({
      idHash: sql<string>`${nextHash}`.as('id_hash'),
      userId: sessions.userId,
      family: sessions.family,
      kind: sessions.kind,
      createdAtMs: instant(nowMs).as('created_at_ms'),
      expiresAtMs: instant(nowMs + SESSION_MS).as('expires_at_ms'),
      replacedAtMs: sql<null>`null`.as('replaced_at_ms'),
      isOutdated: sql<boolean>`0`.as('is_outdated'),
      userAgent: sessions.userAgent,
      address: sessions.address,
      usedAtMs: instant(nowMs).as('used_at_ms'),
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.isDisabled, false)))
    .where(
      and(
        eq(sessions.idHash, idHash),
        eq(sessions.kind, 'token'),
        isNull(sessions.replacedAtMs),
        gt(sessions.expiresAtMs, nowMs),
      ),
    )
  const started = db.select({ idHash: sessions.idHash }).from(sessions).where(eq(sessions.idHash, nextHash))
  const [created] = await db.batch([
    db.insert(sessions).select(next).returning({ userId: sessions.userId }),
    db
      .update(sessions)
      .set({ replacedAtMs: nowMs })
      .where(and(eq(sessions.idHash, idHash), exists(started))),
  ])
  const [session] = created
  if (!session) throw await refusal(stranger, idHash)
  return { userId: session.userId, sessionId }
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
