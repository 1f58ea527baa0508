import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { note } from '../audit/note.ts'
import { RATE_NAMES } from '../gateway/pricing/price.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import { requireUnused } from './in-use.ts'
import { columnsOf, nameOf, readModelPrice, requireFreeDay, requireLikely } from './model-price.ts'
import { factsOf, type ModelPriceAlone, ratesIn, variantsIn } from './price-fields.ts'
import type { ModelPriceChange } from './price-input.ts'

/**
 * Changes a price that no call was billed with yet. Of one that was, only who says so may change.
 *
 * @throws HelioxError not_found `prices.no_price`; precondition `request.version_changed`; conflict `prices.in_use`,
 * `prices.day_taken`, `prices.jump`
 */
export async function updateModelPrice(
  scope: Scope,
  input: z.output<typeof ModelPriceChange>,
): Promise<ModelPriceAlone> {
  allow(scope, 'prices:write')
  const { id, version, confirm } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readModelPrice(tx, id)
    requireVersion(before, version)
    const fields = RATE_NAMES.map((name) => {
      const field = `${name}UsdPerMillion` as const
      return [field, input[field] === undefined ? before[field] : input[field]]
    })
    const price = {
      ...{ id, model: input.model ?? before.model, effectiveFrom: input.effectiveFrom ?? before.effectiveFrom },
      rates: ratesIn(Object.fromEntries(fields)),
      variants: variantsIn(input.variants ?? before.variants),
    }
    const source = input.source === undefined ? before.source : input.source || 'by hand'
    const after = { ...before, ...factsOf({ ...price, source }) }
    if (isChanged({ ...before, source: '' }, { ...after, source: '' })) {
      await requireUnused(tx, before)
      await requireFreeDay(tx, price.model, price.effectiveFrom, id)
      await requireLikely(tx, price, confirm)
    }
    const { model, effectiveFrom } = price
    await tx
      .update(modelPrices)
      .set({ model, effectiveFrom, source, ...columnsOf(price) })
      .where(eq(modelPrices.id, id))
    if (isChanged(before, after))
      await note(tx, scope, { action: 'prices.update', targetId: id, target: nameOf(after), before, after })
    return versioned(after)
  })
}

export const ModelPriceRemoval = z.object({ id: IdText('price'), version: SeenVersion })

/**
 * Takes a price away that no call was billed with: the one before it holds, else the catalogue's.
 *
 * @throws HelioxError not_found `prices.no_price`; precondition `request.version_changed`; conflict `prices.in_use`
 */
export async function removeModelPrice(
  scope: Scope,
  { id, version }: z.output<typeof ModelPriceRemoval>,
): Promise<void> {
  allow(scope, 'prices:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readModelPrice(tx, id)
    requireVersion(before, version)
    await requireUnused(tx, before)
    await tx.delete(modelPrices).where(eq(modelPrices.id, id))
    await note(tx, scope, { action: 'prices.remove', targetId: id, target: nameOf(before), before, after: null })
  })
}
