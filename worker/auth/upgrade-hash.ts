import { and, eq } from 'drizzle-orm'
import { users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { hashPassword, isOutdatedHash } from './password.ts'

/**
 * Hashes a password that was right anew if what is stored has other parameters than today's. Only over the text that
 * was read: a password that was changed meanwhile stays changed.
 */
export async function upgradeHash(
  { db, log }: Pick<Scope, 'db' | 'log'>,
  user: { id: UserId; passwordHash: string },
  password: string,
): Promise<void> {
  if (!isOutdatedHash(user.passwordHash)) return
  const passwordHash = await hashPassword(password)
  await db
    .update(users)
    .set({ passwordHash })
    .where(and(eq(users.id, user.id), eq(users.passwordHash, user.passwordHash)))
  log.info('auth.hash_upgraded', { userId: user.id })
}
