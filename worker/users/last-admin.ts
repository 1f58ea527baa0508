import { and, count, eq, ne } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { HAS_JOINED, type User } from './user-view.ts'

/**
 * Before somebody stops being an administrator who can sign in, inside the transaction that does it: another one is left.
 * Whoever does it to themselves needs one left in any case. The admin key is no person and does not count.
 *
 * @throws HelioxError conflict `users.last_admin`
 */
export async function requireAnotherAdmin(tx: Tx, { actor }: Pick<Scope, 'actor'>, user: User): Promise<void> {
  const counts = user.role === 'admin' && (user.status === 'active' || user.id === actor.userId)
  if (!counts || (await otherAdmins(tx, user.id)) > 0) return
  const message = `${user.email} is the last administrator who can sign in: make somebody else one first`
  throw new HelioxError('conflict', 'users.last_admin', message)
}

/** Administrators who are not disabled and have a password or a linked identity. */
async function otherAdmins(tx: Tx, userId: UserId): Promise<number> {
  const isAdmin = and(eq(users.role, 'admin'), eq(users.isDisabled, false), HAS_JOINED)
  const [found] = await tx
    .select({ total: count().mapWith(Number) })
    .from(users)
    .where(and(isAdmin, ne(users.id, userId)))
  return found?.total ?? 0
}
