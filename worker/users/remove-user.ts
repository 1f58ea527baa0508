import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/users.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { requireAnotherAdmin } from './last-admin.ts'
import { editedOf, notedOf, userWith } from './user-view.ts'

export const UserRemoval = z.object({ id: IdText('user'), version: SeenVersion })

/**
 * Removes a person with their sessions, links, identities and memberships. What they did stays: imports keep their label,
 * API keys work on, the audit log names them.
 *
 * @throws HelioxError not_found `users.no_user` · precondition `request.version_changed` · conflict `users.last_admin`
 */
export async function removeUser(scope: Scope, { id, version }: z.output<typeof UserRemoval>): Promise<void> {
  allow(scope, 'people:write')
  await writeTransaction(scope.db, async (tx) => {
    const user = await userWith(tx, id)
    requireVersion(editedOf(user), version)
    await requireAnotherAdmin(tx, scope, user)
    await tx.delete(users).where(eq(users.id, id))
    const noted = { action: 'users.remove', targetId: id, target: user.email }
    await note(tx, scope, { ...noted, before: notedOf(user), after: null })
  })
}
