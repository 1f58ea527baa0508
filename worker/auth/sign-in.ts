import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { originOf } from '../asking.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { machine } from '../scope.ts'
import type { Credentials } from './account-input.ts'
import { disabled } from './actor.ts'
import { ensureSettingsAdmin } from './first-admin.ts'
import { countGuess, forgetGuesses, requireFewGuesses } from './guesses.ts'
import type { SessionKind } from './lucia.ts'
import { openSession, type SignedIn } from './open-session.ts'
import { verifyPassword } from './password.ts'
import type { Stranger } from './stranger.ts'
import { upgradeHash } from './upgrade-hash.ts'

export type { SignedIn } from './open-session.ts'

/**
 * Starts a session of 30 days, a new one and a new family each time. Wrong passwords and unknown e-mails get the same
 * words after the same work, and so does whoever tries too often (see `countGuess`); that an account is disabled is told
 * only to who knows its password.
 *
 * @throws HelioxError unauthenticated `auth.wrong_credentials`, `auth.disabled` · limit_reached `auth.too_many_attempts`
 */
export async function signIn(
  stranger: Stranger,
  { email, password }: z.output<typeof Credentials>,
  kind: SessionKind,
): Promise<SignedIn> {
  await ensureSettingsAdmin(stranger)
  const guess = await countGuess(stranger, email)
  const [user] = await stranger.db
    .select({ id: users.id, passwordHash: users.passwordHash, isDisabled: users.isDisabled })
    .from(users)
    .where(eq(users.email, email))
  const isRight = await verifyPassword(password, user?.passwordHash || null) // '': no password, so none is right
  await requireFewGuesses(stranger, guess)
  if (!user || !isRight) {
    stranger.log.warn('auth.sign_in_refused', { kind })
    throw wrongCredentials()
  }
  await forgetGuesses(stranger, guess)
  if (user.isDisabled) throw disabled()
  const signedIn = await startSession(stranger, user.id, kind, user.passwordHash)
  await upgradeHash(stranger, user, password)
  return signedIn
}

function wrongCredentials(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.wrong_credentials', 'Incorrect email or password')
}

const LONGEST_USER_AGENT = 200

/**
 * A session for a user whose identity is certain: after a password was right, say. Written down in the audit log, in one
 * transaction that looks at the user again: a password takes long to check, and whoever was disabled or whose password
 * was changed meanwhile (`checkedHash` is the one that was checked) does not get in by it.
 *
 * @throws HelioxError unauthenticated `auth.no_actor`, `auth.disabled`, `auth.wrong_credentials`
 */
export async function startSession(
  stranger: Stranger,
  userId: UserId,
  kind: SessionKind,
  checkedHash?: string,
): Promise<SignedIn> {
  const { db, now, address, request, log } = stranger
  const userAgent = (request.headers.get('user-agent') ?? '').slice(0, LONGEST_USER_AGENT)
  const signedIn = await writeTransaction(db, async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.id, userId))
    if (!user) throw new HelioxError('unauthenticated', 'auth.no_actor', 'This account no longer exists')
    if (checkedHash !== undefined && user.passwordHash !== checkedHash) throw wrongCredentials()
    if (user.isDisabled) throw disabled()
    await tx.update(users).set({ signedInAtMs: now() }).where(eq(users.id, userId))
    const scope = { actor: { ...machine(user.email), userId, role: user.role }, origin: originOf(stranger), now }
    const after = { kind, userAgent }
    await note(tx, scope, { action: 'auth.sign_in', targetId: userId, target: user.email, after })
    return openSession({ db: tx, now }, userId, { kind, userAgent, address })
  })
  log.info('auth.signed_in', { userId, kind })
  return signedIn
}
