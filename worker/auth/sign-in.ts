import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { disabled } from './actor.ts'
import { ensureSettingsAdmin } from './first-admin.ts'
import { luciaFor, newSessionId, type SessionKind } from './lucia.ts'
import { verifyPassword } from './password.ts'
import type { Stranger } from './stranger.ts'
import { upgradeHash } from './upgrade-hash.ts'

/** What a user signs in with. The e-mail need not look like one: it is right or wrong, and no more is said. */
export const Credentials = z.object({
  email: z.string().trim().toLowerCase().max(254, 'must have at most 254 characters'),
  password: z.string().max(256, 'must have at most 256 characters'),
})

/** `sessionId` is the secret: the cookie's value, or the refresh token. It is stored nowhere. */
export type SignedIn = { userId: UserId; sessionId: string }

/**
 * Starts a session of 30 days, a new one and a new family each time. Wrong passwords and unknown e-mails get the same
 * words after the same work; that an account is disabled is told only to who knows its password.
 *
 * @throws HelioxError unauthenticated `auth.wrong_credentials`, `auth.disabled`
 */
export async function signIn(
  stranger: Stranger,
  { email, password }: z.output<typeof Credentials>,
  kind: SessionKind,
): Promise<SignedIn> {
  await ensureSettingsAdmin(stranger)
  const [user] = await stranger.db
    .select({ id: users.id, passwordHash: users.passwordHash, isDisabled: users.isDisabled })
    .from(users)
    .where(eq(users.email, email))
  const isRight = await verifyPassword(password, user?.passwordHash ?? null)
  if (!user || !isRight) {
    stranger.log.warn('auth.sign_in_refused', { kind })
    throw new HelioxError('unauthenticated', 'auth.wrong_credentials', 'Incorrect email or password')
  }
  if (user.isDisabled) throw disabled()
  await upgradeHash(stranger, user, password)
  const signedIn = await startSession(stranger, user.id, kind)
  stranger.log.info('auth.signed_in', { userId: user.id, kind })
  return signedIn
}

/** A session for a user whose identity is certain: after a password was right, or just after registration. */
export async function startSession(stranger: Stranger, userId: UserId, kind: SessionKind): Promise<SignedIn> {
  const lucia = luciaFor(stranger, false) // secure or not concerns the cookie only
  const { id } = await lucia.createSession(userId, { family: newSessionId(), kind, replacedAtMs: null })
  await stranger.db.update(users).set({ signedInAtMs: stranger.now() }).where(eq(users.id, userId))
  return { userId, sessionId: id }
}
