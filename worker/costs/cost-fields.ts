import { and, eq, ne, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { costEntries } from '../../db/schema/costs.ts'
import type { Day, EpochMs } from '../../db/units/time.ts'
import { shareStatements } from '../analytics/share.ts'
import { HelioxError } from '../errors.ts'
import { isTooMuch, tooMuchMoney } from '../ingest/tally.ts'
import type { Cost } from './cost.ts'
import { type Dimension, findOrCreateDimension } from './dimension.ts'

type Stored = Omit<Cost, 'id'> & { poolId: number }

/** The texts of an entry that make its dimension. */
function dimensionOf(cost: Stored): Dimension {
  const { source, billingAccount, account, billingPeriod, region, service, sku, item } = cost
  const { instanceType, chargeCategory, pricingCategory, currency, tags } = cost
  return {
    ...{ source, billingAccount, account, billingPeriod, region, service, sku, item },
    ...{ instanceType, chargeCategory, pricingCategory, currency, tags },
  }
}

/** The columns of an entry; its dimension is made if it is new. */
export async function columnsOf(tx: Tx, cost: Stored) {
  return {
    ...{ entryDate: cost.date, poolId: cost.poolId, billId: cost.billId },
    dimensionId: await findOrCreateDimension(tx, dimensionOf(cost)),
    ...{ billedNanoUsd: cost.costNanoUsd, effectiveNanoUsd: cost.effectiveCostNanoUsd },
    ...{ capacityGpuSeconds: cost.capacityGpuSeconds },
  }
}

/** For an entry that is new or gets another key. @throws HelioxError conflict `costs.entry_exists` */
export async function requireFreeKey(tx: Tx, cost: Stored, except?: Cost['id']): Promise<void> {
  const dimensionId = await findOrCreateDimension(tx, dimensionOf(cost))
  const [other] = await tx
    .select({ id: costEntries.id })
    .from(costEntries)
    .where(
      and(
        ...[
          eq(costEntries.entryDate, cost.date),
          eq(costEntries.poolId, cost.poolId),
          eq(costEntries.billId, cost.billId),
        ],
        ...[eq(costEntries.dimensionId, dimensionId), except && ne(costEntries.id, except)],
      ),
    )
  if (!other) return
  const message = `There is an entry for ${cost.date}, ${cost.provider} and ${cost.gpuType} already: ${other.id}`
  throw new HelioxError('conflict', 'costs.entry_exists', message)
}

/** Shares pool-days anew, in the transaction that changed an entry of theirs. */
export async function shareInside(tx: Tx, poolDays: readonly (readonly [Day, number])[], now: EpochMs): Promise<void> {
  const keys = sql`select value ->> 0, value ->> 1 from json_each(${JSON.stringify(poolDays)}) where true`
  for (const statement of shareStatements(keys, now)) await tx.run(statement)
}

/** The pool of a stored entry. */
export async function poolOf(tx: Tx, id: Cost['id']): Promise<number> {
  const [row] = await tx.select({ poolId: costEntries.poolId }).from(costEntries).where(eq(costEntries.id, id))
  if (!row) throw new Error(`no entry ${id}`)
  return row.poolId
}

/** "2026-01-13 aws/h100", for the log. */
export function nameOf({ date, provider, gpuType }: Pick<Cost, 'date' | 'provider' | 'gpuType'>): string {
  return `${date} ${provider}/${gpuType}`
}

/** A sum that would leave 64 bits, said in words; any other error as it is. @throws HelioxError invalid `costs.too_much_money` */
export function saidInWords(error: unknown): never {
  if (!isTooMuch(error)) throw error
  throw new HelioxError('invalid', 'costs.too_much_money', tooMuchMoney('this entry').message)
}
