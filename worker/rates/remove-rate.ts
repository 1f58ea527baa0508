import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { currencyRates } from '../../db/schema/rates.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { nameOf, readRate } from './rate.ts'

export const RateRemoval = z.object({ id: IdText('rate'), version: SeenVersion })

/**
 * Takes a rate away: from now on the one before it holds. What is stored keeps the rate it was stored with.
 *
 * @throws HelioxError not_found `rates.no_rate`; precondition `request.version_changed`
 */
export async function removeRate(scope: Scope, { id, version }: z.output<typeof RateRemoval>): Promise<void> {
  allow(scope, 'bill-rules:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readRate(tx, id)
    requireVersion(before, version)
    await tx.delete(currencyRates).where(eq(currencyRates.id, id))
    await note(tx, scope, { action: 'rates.remove', targetId: id, target: nameOf(before), before, after: null })
  })
}
