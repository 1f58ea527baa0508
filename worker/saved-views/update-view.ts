import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { savedViews } from '../../db/schema/saved-views.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { requireFreeName, requireMayShare } from './create-view.ts'
import { alone, notedFields, readOwnView, type SavedViewAlone, seenView } from './saved-view.ts'
import type { ViewChange } from './view-input.ts'

/**
 * Renames a view, points it elsewhere, shares it or takes it back.
 *
 * @throws HelioxError not_found `saved_views.no_view`; forbidden `saved_views.not_yours`, `auth.role` for a
 *   viewer who shares; conflict `saved_views.name_taken`, `saved_views.too_many_shared`; precondition `request.version_changed`
 */
export async function updateView(scope: Scope, input: z.output<typeof ViewChange>): Promise<SavedViewAlone> {
  allow(scope, 'views:write')
  const { id, version, name, address, isShared } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readOwnView(tx, scope, id)
    requireVersion(seenView(scope, before), version)
    const fields = {
      ...{ name: name ?? before.name, address: address ?? before.address, isShared: isShared ?? before.isShared },
    }
    if (!isChanged(notedFields(before), fields)) return alone(scope, before)
    await requireFreeName(tx, before.userId, fields.name, id)
    if (fields.isShared && !before.isShared) await requireMayShare(tx, scope, before.userId)
    const after = { ...before, ...fields, changedAtMs: scope.now() }
    await tx
      .update(savedViews)
      .set({ ...fields, changedAtMs: after.changedAtMs })
      .where(eq(savedViews.id, id))
    await note(tx, scope, {
      ...{ action: 'saved_views.update', targetId: id, target: after.name },
      ...{ before: notedFields(before), after: notedFields(after) },
    })
    return alone(scope, after)
  })
}
