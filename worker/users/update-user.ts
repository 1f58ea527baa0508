import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { sessions, users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { endLinks } from '../auth/password-link.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { requireAnotherAdmin } from './last-admin.ts'
import { setTeams } from './memberships.ts'
import type { UserChanges } from './user-input.ts'
import { editedOf, notedOf, type User, userWith } from './user-view.ts'

type Changes = z.output<typeof UserChanges>

/**
 * Changes a person's name, role, teams or state. It holds from their next call on: another role or other teams give
 * their sessions a new id at the next use, disabling ends their sessions and links at once.
 *
 * @throws HelioxError not_found `users.no_user` · precondition `request.version_changed` · invalid `users.no_team` ·
 * conflict `users.last_admin`
 */
export async function updateUser(scope: Scope, changes: Changes): Promise<User> {
  allow(scope, 'people:write')
  return writeTransaction(scope.db, async (tx) => {
    const before = await userWith(tx, changes.id)
    requireVersion(editedOf(before), changes.version)
    await store(tx, changes)
    const after = await userWith(tx, changes.id)
    if (after.version === before.version) return before
    if (after.role !== 'admin' || after.status === 'disabled') await requireAnotherAdmin(tx, scope, before)
    await endOrRenewSessions(tx, before, after)
    const noted = { action: 'users.update', targetId: after.id, target: after.email }
    await note(tx, scope, { ...noted, before: notedOf(before), after: notedOf(after) })
    return after
  })
}

async function store(tx: Tx, { id, name, role, isDisabled, teamIds }: Changes): Promise<void> {
  const columns = {
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(isDisabled === undefined ? {} : { isDisabled }),
  }
  if (Object.keys(columns).length > 0) await tx.update(users).set(columns).where(eq(users.id, id))
  if (teamIds) await setTeams(tx, id, teamIds)
}

async function endOrRenewSessions(tx: Tx, before: User, after: User): Promise<void> {
  if (after.status === 'disabled') {
    await endSessions(tx, after.id)
    await endLinks(tx, after.id)
  } else if (rightsOf(before) !== rightsOf(after)) {
    await tx.update(sessions).set({ isOutdated: true }).where(eq(sessions.userId, after.id))
  }
}

async function endSessions(tx: Tx, userId: UserId): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.userId, userId))
}

function rightsOf({ role, teams }: User): string {
  return JSON.stringify([role, teams.map(({ id }) => id)])
}
