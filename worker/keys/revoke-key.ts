import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import type { KeyId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { decided, keyOf } from './key.ts'

/**
 * Ends a key for good, what a rotation left of it too: its next call is refused. It stays in the list as revoked.
 * Revoking it again changes nothing.
 *
 * @throws HelioxError not_found `keys.no_key`; precondition `request.version_changed`
 */
export async function revokeKey(scope: Scope, { id, version }: { id: KeyId; version?: string | undefined }) {
  allow(scope, 'keys:write')
  await writeTransaction(scope.db, async (tx) => {
    const key = await keyOf(tx, scope, id)
    if (key.status === 'revoked') return
    requireVersion(decided(key), version)
    const revokedAtMs = scope.now()
    await tx.update(apiKeys).set({ revokedAtMs }).where(eq(apiKeys.id, id))
    const [before, after] = [{ revokedAtMs: null }, { revokedAtMs }]
    await note(tx, scope, { action: 'keys.revoke', targetId: id, target: key.name, before, after })
  })
}
