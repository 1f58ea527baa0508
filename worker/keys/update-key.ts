import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import type { KeyId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { requireFuture } from './create-key.ts'
import { decided, type Key, keyOf } from './key.ts'
import type { KeyChanges } from './key-input.ts'
import { requireFittingScopes, requireNotAbove, requireNotLoosened } from './rank.ts'

type Changeable = Pick<Key, 'name' | 'scopes' | 'models' | 'rpm' | 'tpm' | 'monthlyLimitNanoUsd' | 'expiresAtMs'>

/**
 * Changes what is given and leaves the rest: absent stays, null clears. It counts from the key's next call on.
 *
 * @throws HelioxError not_found `keys.no_key`; precondition `request.version_changed`; conflict `keys.revoked`
 * @throws HelioxError invalid `keys.admin_of_a_team`, `keys.expiry_past`; forbidden `keys.outranks`, `keys.not_yours`
 */
export async function updateKey(
  scope: Scope,
  { id, version, ...input }: z.output<typeof KeyChanges> & { id: KeyId },
): Promise<Key> {
  allow(scope, 'keys:write')
  return writeTransaction(scope.db, async (tx) => {
    const key = await keyOf(tx, scope, id)
    requireVersion(decided(key), version)
    requireNotRevoked(key)
    const before = changeable(key)
    const after: Changeable = {
      name: input.name ?? key.name,
      scopes: input.scopes ?? key.scopes,
      models: input.models === undefined ? key.models : input.models,
      rpm: input.rpm === undefined ? key.rpm : input.rpm,
      tpm: input.tpm === undefined ? key.tpm : input.tpm,
      monthlyLimitNanoUsd: input.monthlyLimitUsd === undefined ? key.monthlyLimitNanoUsd : input.monthlyLimitUsd,
      expiresAtMs: input.expiresAt === undefined ? key.expiresAtMs : input.expiresAt,
    }
    requireFittingScopes({ ...after, teamId: key.teamId })
    if (after.expiresAtMs !== key.expiresAtMs) requireFuture(scope, after.expiresAtMs)
    requireNotLoosened(scope, key, { ...after, teamId: key.teamId })
    await requireNotAbove(tx, scope, { ...after, teamId: key.teamId })
    const changed = (Object.keys(after) as (keyof Changeable)[]).filter((name) => !isSame(before[name], after[name]))
    if (changed.length === 0) return key
    const { scopes, models, ...plain } = after
    const columns = { ...plain, scopes: JSON.stringify(scopes), models: models && JSON.stringify(models) }
    await tx.update(apiKeys).set(columns).where(eq(apiKeys.id, id))
    const only = (fields: Changeable) => Object.fromEntries(changed.map((name) => [name, fields[name]]))
    const noted = { action: 'keys.update', targetId: id, target: key.name }
    await note(tx, scope, { ...noted, before: only(before), after: only(after) })
    return keyOf(tx, scope, id)
  })
}

/** @throws HelioxError conflict `keys.revoked` */
export function requireNotRevoked({ status }: Key): void {
  if (status === 'revoked') throw new HelioxError('conflict', 'keys.revoked', 'This key is revoked: make a new one')
}

function changeable({ name, scopes, models, rpm, tpm, monthlyLimitNanoUsd, expiresAtMs }: Key): Changeable {
  return { name, scopes, models, rpm, tpm, monthlyLimitNanoUsd, expiresAtMs }
}

function isSame(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.join('\n') === b.join('\n') : a === b
}
