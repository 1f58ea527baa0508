import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { sessions, users } from '../../db/schema/users.ts'
import { type Asking, originOf } from '../asking.ts'
import { note } from '../audit/note.ts'
import { machine } from '../scope.ts'
import { LinkChoice } from './account-input.ts'
import type { SessionKind } from './lucia.ts'
import { NewPassword, requireUnlikeEmail } from './new-password.ts'
import type { SignedIn } from './open-session.ts'
import { hashPassword } from './password.ts'
import { endLinks, LinkAsked, linkBehind } from './password-link.ts'
import { startSession } from './sign-in.ts'
import type { Stranger } from './stranger.ts'

/** `name`: absent or '' keeps the one there is. */
export const PasswordChosen = LinkAsked.extend({ ...LinkChoice.shape, password: NewPassword })

/**
 * Sets the password of a link's owner and signs them in. One transaction looks at the link again, stores the password and
 * ends all of the person's links and sessions, so of two uses at once one wins; the other finds the link dead. Nothing is
 * hashed for a dead link.
 *
 * @throws HelioxError not_found `auth.link_dead` · invalid `auth.password_like_email`
 */
export async function usePasswordLink(
  asking: Stranger,
  { secret, password, name }: z.output<typeof PasswordChosen>,
  kind: SessionKind,
): Promise<SignedIn> {
  const { db, now } = asking
  requireUnlikeEmail(password, (await linkBehind(db, now(), secret)).email)
  const passwordHash = await hashPassword(password)
  const { userId, purpose } = await writeTransaction(db, async (tx) => {
    const link = await linkBehind(tx, now(), secret)
    const changes = { passwordHash, isSelfRegistered: false, ...(name ? { name } : {}) }
    await tx.update(users).set(changes).where(eq(users.id, link.userId))
    await endLinks(tx, link.userId)
    await tx.delete(sessions).where(eq(sessions.userId, link.userId))
    await note(tx, actingAs(asking, link), {
      action: link.purpose === 'invite' ? 'auth.join' : 'auth.reset_password',
      targetId: link.userId,
      target: link.email,
      ...(name && name !== link.name ? { before: { name: link.name }, after: { name } } : {}),
    })
    return link
  })
  asking.log.info('auth.link_used', { userId, purpose })
  return startSession(asking, userId, kind, passwordHash)
}

/** The link's owner, whom the audit log names: nobody has signed in yet. */
function actingAs(asking: Pick<Asking, 'now' | 'address' | 'requestId'>, { userId, email }: OwnerOf) {
  const actor = { ...machine(email), userId, role: 'viewer', teamIds: [] } as const
  return { actor, origin: originOf(asking), now: asking.now }
}

type OwnerOf = Pick<Awaited<ReturnType<typeof linkBehind>>, 'userId' | 'email'>
