import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { backends } from '../../db/schema/backends.ts'
import type { BackendId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import { requireVersion } from '../versions.ts'
import { type BackendScope, decidedOf, decidedRow, notedOf } from './backend.ts'
import { forgetUnserved } from './model-routes.ts'

/**
 * Removes a backend with its key. Calls that it answered stay in the ledger under its name.
 * @throws HelioxError not_found `backends.no_backend`; precondition `request.version_changed`
 */
export async function removeBackend(
  scope: BackendScope,
  { id, version }: { id: BackendId; version?: string | undefined },
): Promise<void> {
  allow(scope, 'backends:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await decidedRow(tx, id)
    requireVersion(decidedOf(before), version)
    await tx.delete(backends).where(eq(backends.id, id))
    await forgetUnserved(tx)
    const noted = { before: notedOf(before.row, before.models), after: null }
    await note(tx, scope, { action: 'backends.remove', targetId: id, target: before.row.name, ...noted })
  })
}
