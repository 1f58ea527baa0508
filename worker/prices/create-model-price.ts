import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { dayOf } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { columnsOf, nameOf, requireFreeDay, requireLikely } from './model-price.ts'
import { type ModelPriceAlone, priceRow, ratesIn, variantsIn } from './price-fields.ts'
import type { NewModelPrice } from './price-input.ts'

/**
 * Dates a price of a model. Calls that start from now on use it from its first day on; what was billed keeps its amount
 * until it is priced again on purpose, see `reprice`.
 *
 * @throws HelioxError conflict `prices.day_taken`, `prices.jump`
 */
export async function createModelPrice(scope: Scope, input: z.output<typeof NewModelPrice>): Promise<ModelPriceAlone> {
  allow(scope, 'prices:write')
  const { model, effectiveFrom = dayOf(scope.now()), variants = [], source, confirm } = input
  const price = { model, effectiveFrom, rates: ratesIn(input), variants: variantsIn(variants) }
  return writeTransaction(scope.db, async (tx) => {
    await requireFreeDay(tx, model, effectiveFrom)
    await requireLikely(tx, price, confirm)
    const [row] = await tx
      .insert(modelPrices)
      .values({ model, effectiveFrom, ...columnsOf(price), source: source || 'by hand', createdAtMs: scope.now() })
      .returning()
    if (!row) throw new Error('the price was not stored')
    const made = priceRow(row)
    await note(tx, scope, { action: 'prices.create', targetId: made.id, target: nameOf(made), after: made })
    return versioned(made)
  })
}
