import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/users.ts'
import { note } from '../audit/note.ts'
import { makeLink, type NewLink } from '../auth/password-link.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { setTeams } from './memberships.ts'
import type { Invitation } from './user-input.ts'
import { notedOf, type User, userWith } from './user-view.ts'

/**
 * Makes an account that nobody can sign in to yet, and the link that lets its owner choose a password, good for 7 days.
 * The link is in this answer and nowhere else.
 *
 * @throws HelioxError conflict `users.email_taken` · invalid `users.no_team`
 */
export async function inviteUser(
  scope: Scope,
  { email, name, role, teamIds }: z.output<typeof Invitation>,
): Promise<User & { link: NewLink }> {
  allow(scope, 'people:write')
  return writeTransaction(scope.db, async (tx) => {
    const [created] = await tx
      .insert(users)
      .values({ email, name, role, passwordHash: '', createdAtMs: scope.now() })
      .onConflictDoNothing({ target: users.email })
      .returning({ id: users.id })
    if (!created) throw new HelioxError('conflict', 'users.email_taken', `There is already an account for ${email}`)
    await setTeams(tx, created.id, teamIds)
    const link = await makeLink(tx, scope, { userId: created.id, purpose: 'invite' })
    const user = await userWith(tx, created.id)
    await note(tx, scope, { action: 'users.invite', targetId: user.id, target: email, after: notedOf(user) })
    return { ...user, link }
  })
}
