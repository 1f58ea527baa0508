import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { backendHealth, backends } from '../../db/schema/backends.ts'
import type { BackendId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import { seal, sealedNames, unseal } from '../seal.ts'
import { isChanged, requireVersion } from '../versions.ts'
import {
  type Backend,
  type BackendRow,
  type BackendScope,
  configJson,
  decidedOf,
  decidedRow,
  notedOf,
} from './backend.ts'
import type { BackendChanges } from './backend-input.ts'
import { requireAddress, requireFreeName, storeModels } from './create-backend.ts'
import { oneBackend } from './list-backends.ts'
import { forgetUnserved } from './model-routes.ts'

/**
 * Changes what is given and leaves the rest. The key stays unless another is given (or null, which forgets it), but only
 * with the server that it was given for. What was known of its health is forgotten where it is asked elsewhere.
 *
 * @throws HelioxError not_found `backends.no_backend`; precondition `request.version_changed`; conflict `backends.name_taken`
 * @throws HelioxError invalid `backends.address_refused`, `backends.address_missing`, `backends.key_again`
 */
export async function updateBackend(
  scope: BackendScope,
  { id, version, ...input }: BackendChanges & { id: BackendId },
): Promise<Backend> {
  allow(scope, 'backends:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await decidedRow(tx, id)
    const { row } = before
    requireVersion(decidedOf(before), version)
    const { apiKey, models, config, enabled: isEnabled, name = row.name, baseUrl = row.baseUrl, ...columns } = input
    if (name !== row.name) await requireFreeName(tx, name, id)
    const isMoved = baseUrl !== row.baseUrl
    if (isMoved) requireAddress(scope.settings, row.kind, baseUrl)
    requireSameServer(row, baseUrl, apiKey)
    const sealedSecrets = await sealedAnew(scope, row, apiKey)
    const set = { ...columns, name, baseUrl, isEnabled, sealedSecrets }
    const own = config === undefined ? {} : { configJson: configJson(config) }
    await tx
      .update(backends)
      .set({ ...set, ...own })
      .where(eq(backends.id, id))
    if (models && isChanged(before.models, sorted(models))) {
      await storeModels(tx, id, models)
      await forgetUnserved(tx)
    }
    const isNewKey = sealedSecrets !== row.sealedSecrets
    if (isMoved || isNewKey) await tx.delete(backendHealth).where(eq(backendHealth.backendId, id))
    const after = await decidedRow(tx, id)
    if (!isChanged(decidedOf(before), decidedOf(after))) return
    await note(tx, scope, {
      ...{ action: 'backends.update', targetId: id, target: row.name },
      before: notedOf(row, before.models),
      after: { ...notedOf(after.row, after.models), ...(isNewKey ? { apiKey: 'changed' } : {}) },
    })
  })
  return oneBackend(scope, { id })
}

function sorted<T extends { model: string }>(models: readonly T[]): T[] {
  return [...models].sort((a, b) => (a.model < b.model ? -1 : 1))
}

/**
 * A kept key stays with the server that it was given for: whoever points a backend elsewhere enters it again, or it could
 * be read there.
 *
 * @throws HelioxError invalid `backends.key_again`
 */
export function requireSameServer(row: BackendRow, baseUrl: string, apiKey: string | null | undefined): void {
  const isKept = sealedNames(row.sealedSecrets).length > 0 && apiKey !== null && !apiKey
  if (!isKept || URL.parse(row.baseUrl)?.origin === URL.parse(baseUrl)?.origin) return
  const details = ['api_key: was given for another server: enter it again']
  throw new HelioxError('invalid', 'backends.key_again', 'The key was given for another server: enter it again', {
    details,
  })
}

/** The sealed key once that is given; the same text where nothing about it changes. */
async function sealedAnew({ settings }: BackendScope, row: BackendRow, apiKey: string | null | undefined) {
  if (apiKey === undefined || apiKey === '') return row.sealedSecrets
  if (apiKey === null) return ''
  const kept = await unseal(settings.secretKey, row.id, row.sealedSecrets).catch(() => null)
  return kept?.apiKey === apiKey ? row.sealedSecrets : seal(settings.secretKey, row.id, { apiKey })
}
