import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { costEntries } from '../../db/schema/costs.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { readCost } from './cost.ts'
import { nameOf, poolOf, shareInside } from './cost-fields.ts'

export const CostRemoval = z.object({ id: IdText('cost'), version: SeenVersion })

/**
 * Takes an entry away and shares its pool-day in the same transaction.
 *
 * @throws HelioxError not_found `costs.no_entry`; precondition `request.version_changed`
 */
export async function removeCost(scope: Scope, { id, version }: z.output<typeof CostRemoval>): Promise<void> {
  allow(scope, 'bills:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readCost(tx, scope, id)
    requireVersion(before, version)
    const poolId = await poolOf(tx, id)
    await tx.delete(costEntries).where(eq(costEntries.id, id))
    await shareInside(tx, [[before.date, poolId]], scope.now())
    await note(tx, scope, { action: 'costs.remove', targetId: id, target: nameOf(before), before, after: null })
  })
}
