import { writeTransaction } from '../../db/client.ts'
import type { UserId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { makeLink, type NewLink } from '../auth/password-link.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type User, userWith } from './user-view.ts'

/**
 * A new link for a person to set a password with: 24 hours to reset one, 7 days for somebody who has not joined yet.
 * It ends the links before it; the old password works until the link is used.
 *
 * @throws HelioxError not_found `users.no_user` · conflict `users.disabled`
 */
export async function resetLink(scope: Scope, { id }: { id: UserId }): Promise<User & { link: NewLink }> {
  allow(scope, 'people:write')
  return writeTransaction(scope.db, async (tx) => {
    const user = await userWith(tx, id)
    if (user.status === 'disabled')
      throw new HelioxError('conflict', 'users.disabled', `${user.email} is disabled: enable the account first`)
    const purpose = user.status === 'invited' ? 'invite' : 'reset'
    const link = await makeLink(tx, scope, { userId: id, purpose })
    const noted = { action: 'users.reset_link', targetId: id, target: user.email }
    await note(tx, scope, { ...noted, after: { purpose, expiresAtMs: link.expiresAtMs } })
    return { ...user, link }
  })
}
