import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { savedViews } from '../../db/schema/saved-views.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { notedFields, readOwnView, seenView } from './saved-view.ts'

export const ViewRemoval = z.object({ id: IdText('view'), version: SeenVersion })

/**
 * Forgets a view; links to its address go on working.
 *
 * @throws HelioxError not_found `saved_views.no_view`; forbidden `saved_views.not_yours`; precondition
 *   `request.version_changed`
 */
export async function removeView(scope: Scope, { id, version }: z.output<typeof ViewRemoval>): Promise<void> {
  allow(scope, 'views:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readOwnView(tx, scope, id)
    requireVersion(seenView(scope, before), version)
    await tx.delete(savedViews).where(eq(savedViews.id, id))
    await note(tx, scope, {
      ...{ action: 'saved_views.remove', targetId: id, target: before.name },
      ...{ before: notedFields(before), after: null },
    })
  })
}
