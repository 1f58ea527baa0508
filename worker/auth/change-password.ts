import { and, countDistinct, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { passwordLinks, sessions, users } from '../../db/schema/users.ts'
import { rowOf } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { invalidToken } from './access-token.ts'
import { sha256Hex } from './digest.ts'
import { countGuess, forgetGuesses, requireFewGuesses } from './guesses.ts'
import { newSessionId, type SessionKind } from './lucia.ts'
import { NewPassword, requireUnlikeEmail } from './new-password.ts'
import type { SignedIn } from './open-session.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { successor } from './replace-session.ts'
import { type Person, requirePerson } from './require-person.ts'
import type { Stranger } from './stranger.ts'

export const PasswordChange = z.object({
  currentPassword: z.string().max(256, 'must have at most 256 characters'),
  newPassword: NewPassword,
})

/** `session`: what this one goes on as; its secret is for the caller alone. */
export type PasswordChanged = { endedSessions: number; session: SignedIn & { kind: SessionKind } }

/**
 * Changes the asker's own password. Somebody else may have known the old one, so every other session of theirs ends, this
 * one gets a new id without any overlap, and links that would set a password are void; all of it, or nothing. A wrong
 * current password counts as a try to sign in.
 *
 * @throws HelioxError invalid `auth.wrong_password`, `auth.password_like_email`, `auth.same_password` · conflict `auth.no_password`, `auth.password_changed_meanwhile` ·
 * limit_reached `auth.too_many_attempts` · forbidden `auth.people_only`
 */
export async function changePassword(
  scope: Scope,
  input: z.output<typeof PasswordChange>,
  stranger: Stranger,
): Promise<PasswordChanged> {
  const person = requirePerson(scope)
  const [user] = await scope.db
    .select({ email: users.email, hash: users.passwordHash })
    .from(users)
    .where(eq(users.id, person.userId))
  if (!user?.hash) throw noPassword()
  requireUnlikeEmail(input.newPassword, user.email, 'new_password')
  requireAnother(input)
  const guess = await countGuess(stranger, user.email)
  const isRight = await verifyPassword(input.currentPassword, user.hash)
  await requireFewGuesses(stranger, guess)
  if (!isRight) {
    const details = ['current_password: is not your password']
    throw new HelioxError('invalid', 'auth.wrong_password', 'The current password is wrong', { details })
  }
  await forgetGuesses(stranger, guess)
  const passwordHash = await hashPassword(input.newPassword)
  return writeTransaction(scope.db, async (tx) => {
    const [changed] = await tx
      .update(users)
      .set({ passwordHash })
      .where(and(eq(users.id, person.userId), eq(users.passwordHash, user.hash)))
      .returning({ id: users.id })
    if (!changed) throw changedMeanwhile()
    const ended = await startOver(tx, scope, person)
    await note(tx, scope, {
      ...{ action: 'auth.password_changed', targetId: person.userId, target: scope.actor.label },
      ...{ before: null, after: { endedSessions: ended.endedSessions } },
    })
    return ended
  })
}

/** Ends all sessions of a person and the links to their password; what was this session goes on under a new id. */
async function startOver(tx: Tx, { now }: Scope, { userId, sessionFamily }: Person): Promise<PasswordChanged> {
  const nowMs = now()
  const others = and(eq(sessions.userId, userId), ne(sessions.family, sessionFamily))
  const alive = and(isNull(sessions.replacedAtMs), gt(sessions.expiresAtMs, nowMs))
  const [counted] = await tx
    .select({ families: countDistinct(sessions.family) })
    .from(sessions)
    .where(and(others, alive))
  const sessionId = newSessionId()
  const idHash = sha256Hex(sessionId)
  const own = sql`s.user_id = ${BigInt(rowOf('user', userId) ?? 0)} and s.family = ${sessionFamily}`
  const { rows } = await tx.run(successor(idHash, BigInt(nowMs), own))
  const [session] = rows
  if (!session) throw invalidToken() // it was ended a moment ago, and not by us
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.idHash, idHash)))
  await tx.delete(passwordLinks).where(eq(passwordLinks.userId, userId))
  const kind = session.kind as SessionKind
  return { endedSessions: Number(counted?.families ?? 0), session: { userId, sessionId, kind } }
}

function requireAnother({ currentPassword, newPassword }: z.output<typeof PasswordChange>): void {
  if (newPassword !== currentPassword) return
  const detail = 'new_password: must be another than the current one'
  throw new HelioxError('invalid', 'auth.same_password', `Invalid request: ${detail}`, { details: [detail] })
}

function noPassword(): HelioxError {
  const message =
    'This account has no password: it signs in through your identity provider. An administrator can send a link that sets one'
  return new HelioxError('conflict', 'auth.no_password', message)
}

function changedMeanwhile(): HelioxError {
  return new HelioxError('conflict', 'auth.password_changed_meanwhile', 'The password was changed a moment ago')
}
