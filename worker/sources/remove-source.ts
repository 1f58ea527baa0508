import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { sources } from '../../db/schema/sources.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import { requireVersion } from '../versions.ts'
import { notedOf } from './create-source.ts'
import { decidedOf, factsOf, type SourceId, type SourceScope, sourceRow } from './source.ts'

/**
 * Removes a source with its secrets and its history. What it has brought stays.
 * @throws HelioxError not_found `sources.no_source`; precondition `request.version_changed`
 */
export async function removeSource(
  scope: SourceScope,
  { id, version }: { id: SourceId; version?: string | undefined },
): Promise<void> {
  allow(scope, 'sources:write')
  await writeTransaction(scope.db, async (tx) => {
    const row = await sourceRow(tx, id)
    requireVersion(decidedOf(row), version)
    await tx.delete(sources).where(eq(sources.id, id))
    await note(tx, scope, {
      action: 'sources.remove',
      targetId: id,
      target: row.name,
      before: notedOf(factsOf(row)),
      after: null,
    })
  })
}
