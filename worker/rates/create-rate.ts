import { and, eq, ne } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { currencyRates } from '../../db/schema/rates.ts'
import type { Id } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { nameOf, type Rate, type RateAlone } from './rate.ts'
import type { NewRate } from './rate-input.ts'

/**
 * Dates a rate. Files that are read from now on use it, and so do quarantined rows that are read again; what is stored
 * keeps the rate that it was stored with.
 *
 * @throws HelioxError conflict `rates.day_taken`
 */
export async function createRate(scope: Scope, input: z.output<typeof NewRate>): Promise<RateAlone> {
  allow(scope, 'bill-rules:write')
  return writeTransaction(scope.db, async (tx) => {
    await requireFreeDay(tx, input)
    const [made] = await tx
      .insert(currencyRates)
      .values({ ...input, source: input.source ?? '', createdAtMs: scope.now() })
      .returning()
    if (!made) throw new Error('the rate was not stored')
    await note(tx, scope, { action: 'rates.create', targetId: made.id, target: nameOf(made), after: made })
    return versioned(made)
  })
}

/** One rate a day and currency. @throws HelioxError conflict `rates.day_taken` */
export async function requireFreeDay(
  tx: Tx,
  { currency, effectiveFrom }: Pick<Rate, 'currency' | 'effectiveFrom'>,
  except?: Id<'rate'>,
): Promise<void> {
  const sameDay = and(eq(currencyRates.currency, currency), eq(currencyRates.effectiveFrom, effectiveFrom))
  const [other] = await tx
    .select({ id: currencyRates.id })
    .from(currencyRates)
    .where(and(sameDay, except && ne(currencyRates.id, except)))
  if (!other) return
  const message = `${currency} has a rate from ${effectiveFrom} already, ${other.id}: change that one`
  throw new HelioxError('conflict', 'rates.day_taken', message)
}
