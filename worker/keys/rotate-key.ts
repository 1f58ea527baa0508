import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import type { KeyId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { sha256Hex } from '../auth/digest.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { decided, keyOf, type ShownKey } from './key.ts'
import type { Rotation } from './key-input.ts'
import { newKeyText, prefixOf } from './key-text.ts'
import { requireNotAbove } from './rank.ts'
import { requireNotRevoked } from './update-key.ts'

/**
 * Gives a key new characters and answers them: the only time that they are seen. The present ones work until the grace
 * is over; those of a rotation before end now. Scopes, limits and history stay.
 *
 * @throws HelioxError not_found `keys.no_key`; precondition `request.version_changed`; forbidden `keys.outranks`
 * @throws HelioxError conflict `keys.revoked`, `keys.expired`
 */
export async function rotateKey(
  scope: Scope,
  { id, graceSeconds, version }: z.output<typeof Rotation> & { id: KeyId },
): Promise<ShownKey> {
  allow(scope, 'keys:write')
  const key = newKeyText()
  return writeTransaction(scope.db, async (tx) => {
    const old = await keyOf(tx, scope, id)
    requireVersion(decided(old), version)
    requireNotRevoked(old)
    if (old.status === 'expired')
      throw new HelioxError('conflict', 'keys.expired', 'This key has expired: give it a later expiry, then rotate it')
    await requireNotAbove(tx, scope, old)
    const previousExpiresAtMs = graceSeconds === 0 ? null : ((scope.now() + graceSeconds * 1000) as EpochMs)
    await tx
      .update(apiKeys)
      .set({
        ...{ keyHash: sha256Hex(key), prefix: prefixOf(key), previousExpiresAtMs },
        previousKeyHash: previousExpiresAtMs === null ? null : apiKeys.keyHash,
      })
      .where(eq(apiKeys.id, id))
    const before = { prefix: old.prefix, previousExpiresAtMs: old.previousExpiresAtMs }
    const after = { prefix: prefixOf(key), previousExpiresAtMs }
    await note(tx, scope, { action: 'keys.rotate', targetId: id, target: old.name, before, after })
    return { ...(await keyOf(tx, scope, id)), key }
  })
}
