import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { costEntries } from '../../db/schema/costs.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { type CostAlone, readCost } from './cost.ts'
import { columnsOf, nameOf, requireFreeKey, saidInWords, shareInside } from './cost-fields.ts'
import { dayIn, hoursIn, type NewCost } from './cost-input.ts'
import { findOrCreatePool } from './pool.ts'

/**
 * Enters a cost and shares its pool-day in the same transaction. Amortised it is the same amount unless said.
 *
 * @throws HelioxError conflict `costs.entry_exists`; invalid `costs.too_much_money`, `ingest.reserved_source`
 */
export async function createCost(scope: Scope, input: z.output<typeof NewCost>): Promise<CostAlone> {
  allow(scope, 'bills:write')
  const { provider, gpuType, costUsd, effectiveCostUsd, source = '' } = input
  const date = dayIn(input)
  if (!date) throw new HelioxError('invalid', 'costs.no_day', 'Invalid request: date: a day is needed')
  requireOwnSource(source)
  return writeTransaction(scope.db, async (tx) => {
    const {
      billingAccount = '',
      account = '',
      region = '',
      sku = '',
      chargeCategory = '',
      pricingCategory = '',
    } = input
    const poolId = await findOrCreatePool(tx, input)
    const cost = {
      ...{ date, poolId, provider, gpuType, costNanoUsd: costUsd, effectiveCostNanoUsd: effectiveCostUsd ?? costUsd },
      ...{
        capacityGpuSeconds: hoursIn(input) ?? null,
        source,
        billingAccount,
        account,
        billingPeriod: '',
        region,
        sku,
      },
      ...{ chargeCategory, pricingCategory, service: '', item: '', instanceType: '', currency: 'USD', tags: '' },
      billId: 0,
    }
    await requireFreeKey(tx, cost)
    const [row] = await tx
      .insert(costEntries)
      .values(await columnsOf(tx, cost))
      .returning({ id: costEntries.id })
    if (!row) throw new Error('the entry was not stored')
    await shareInside(tx, [[date, poolId]], scope.now())
    const after = await readCost(tx, scope, row.id)
    await note(tx, scope, { action: 'costs.create', targetId: row.id, target: nameOf(after), after })
    return versioned(after)
  }).catch(saidInWords)
}
