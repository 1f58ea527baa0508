import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { usageSnapshots } from '../../db/schema/costs.ts'
import { shareSoon } from '../analytics/share.ts'
import { usageChangedInside } from '../analytics/usage-changed.ts'
import { note } from '../audit/note.ts'
import { nameOf } from '../costs/cost-fields.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { onDays, poolDayOf, readUsage } from './usage.ts'

export const UsageRemoval = z.object({ id: IdText('usage'), version: SeenVersion })

/** Takes a measurement away. @throws HelioxError not_found `usage.no_usage`; precondition `request.version_changed` */
export async function removeUsage(scope: Scope, { id, version }: z.output<typeof UsageRemoval>): Promise<void> {
  allow(scope, 'bills:write')
  const gone = await writeTransaction(scope.db, async (tx) => {
    const before = await readUsage(tx, scope, id)
    requireVersion(before, version)
    await usageChangedInside(tx, poolDayOf(id))
    await tx.delete(usageSnapshots).where(eq(usageSnapshots.id, id))
    await note(tx, scope, { action: 'usage.remove', targetId: id, target: nameOf(before), before, after: null })
    return before
  })
  await shareSoon(scope, onDays(gone.date))
}
