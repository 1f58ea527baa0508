import { and, eq, gt, isNull, or } from 'drizzle-orm'
import type { imports } from '../../db/schema/ingest.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { personOf } from '../auth/actor.ts'
import { holderOf } from '../keys/key-actor.ts'
import { type Actor, machine, type Scope } from '../scope.ts'

/**
 * Who sent an import, with the rights that they have by now: what goes on without a request must not do more than its
 * sender may. Null: the person is disabled or the key revoked, so nobody may finish it but an administrator.
 */
export async function senderOf(
  scope: Pick<Scope, 'db' | 'now'>,
  row: Pick<typeof imports.$inferSelect, 'userId' | 'keyId' | 'actor'>,
): Promise<Actor | null> {
  if (row.userId !== null) return personOf(scope, row.userId)
  if (row.keyId === null) return machine(row.actor)
  const [key] = await scope.db
    .select()
    .from(apiKeys)
    .where(
      and(
        ...[eq(apiKeys.id, row.keyId), isNull(apiKeys.revokedAtMs)],
        or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, scope.now())),
      ),
    )
  return key ? holderOf(key) : null
}
