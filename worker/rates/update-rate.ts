import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { currencyRates } from '../../db/schema/rates.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import { requireFreeDay } from './create-rate.ts'
import { nameOf, type Rate, type RateAlone, readRate } from './rate.ts'
import type { RateChange } from './rate-input.ts'

/**
 * Changes a rate, for files that are read from now on: what is stored keeps the rate it was stored with.
 *
 * @throws HelioxError not_found `rates.no_rate`; precondition `request.version_changed`; conflict `rates.day_taken`
 */
export async function updateRate(scope: Scope, input: z.output<typeof RateChange>): Promise<RateAlone> {
  allow(scope, 'bill-rules:write')
  const { id, version, source } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readRate(tx, id)
    requireVersion(before, version)
    const after: Rate = {
      ...before,
      currency: input.currency ?? before.currency,
      effectiveFrom: input.effectiveFrom ?? before.effectiveFrom,
      usdPerUnit: input.usdPerUnit ?? before.usdPerUnit,
      source: source === undefined ? before.source : (source ?? ''),
    }
    await requireFreeDay(tx, after, id)
    const { currency, effectiveFrom, usdPerUnit } = after
    await tx
      .update(currencyRates)
      .set({ currency, effectiveFrom, usdPerUnit, source: after.source })
      .where(eq(currencyRates.id, id))
    if (isChanged(before, after))
      await note(tx, scope, { action: 'rates.update', targetId: id, target: nameOf(after), before, after })
    return versioned(after)
  })
}
