import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { costEntries } from '../../db/schema/costs.ts'
import { note } from '../audit/note.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import { type Cost, type CostAlone, readCost } from './cost.ts'
import { columnsOf, nameOf, poolOf, requireFreeKey, saidInWords, shareInside } from './cost-fields.ts'
import { type CostChange, dayIn, hoursIn } from './cost-input.ts'
import { findOrCreatePool } from './pool.ts'

/**
 * Changes an entry and shares the pool-days that it left and that it is on, in one transaction: sums move by exactly the
 * difference. Its file brings it back to what the file says when it is sent again.
 *
 * @throws HelioxError not_found `costs.no_entry`; precondition `request.version_changed`; conflict `costs.entry_exists`;
 *   invalid `costs.too_much_money`, `ingest.reserved_source`
 */
export async function updateCost(scope: Scope, input: z.output<typeof CostChange>): Promise<CostAlone> {
  allow(scope, 'bills:write')
  const { id, version } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readCost(tx, scope, id)
    requireVersion(before, version)
    const cost = changed(before, input)
    requireOwnSource(cost.source, before.source)
    const [poolBefore, poolId] = [await poolOf(tx, id), await findOrCreatePool(tx, cost)]
    await requireFreeKey(tx, { ...cost, poolId }, id)
    await tx
      .update(costEntries)
      .set({ ...(await columnsOf(tx, { ...cost, poolId })), changedBy: 0 })
      .where(eq(costEntries.id, id))
    await shareInside(
      tx,
      [
        [before.date, poolBefore],
        [cost.date, poolId],
      ],
      scope.now(),
    )
    const after = await readCost(tx, scope, id)
    if (isChanged(before, after))
      await note(tx, scope, { action: 'costs.update', targetId: id, target: nameOf(after), before, after })
    return versioned(after)
  }).catch(saidInWords)
}

function changed(before: Cost, input: z.output<typeof CostChange>): Cost {
  const { effectiveCostUsd } = input
  const gpuHours = hoursIn(input)
  const costNanoUsd = input.costUsd ?? before.costNanoUsd
  const isOneAmount = effectiveCostUsd === null || before.effectiveCostNanoUsd === before.costNanoUsd
  const kept = {
    ...{ source: input.source ?? before.source, billingAccount: input.billingAccount ?? before.billingAccount },
    ...{
      account: input.account ?? before.account,
      region: input.region ?? before.region,
      sku: input.sku ?? before.sku,
    },
    chargeCategory: input.chargeCategory ?? before.chargeCategory,
    pricingCategory: input.pricingCategory ?? before.pricingCategory,
  }
  return {
    ...{ ...before, ...kept, costNanoUsd, date: dayIn(input) ?? before.date },
    ...{ provider: input.provider ?? before.provider, gpuType: input.gpuType ?? before.gpuType },
    effectiveCostNanoUsd: effectiveCostUsd ?? (isOneAmount ? costNanoUsd : before.effectiveCostNanoUsd),
    capacityGpuSeconds: gpuHours === undefined ? before.capacityGpuSeconds : gpuHours,
  }
}
