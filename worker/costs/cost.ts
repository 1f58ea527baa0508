import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { costEntries } from '../../db/schema/costs.ts'
import { pools } from '../../db/schema/pools.ts'
import type { Id } from '../../db/units/ids.ts'
import { AnsweredDay, AnsweredId, GpuTime, Usd, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'

/** What was paid for one day, as fine as its source knows: what it does not know is ''. */
export const Cost = z.object({
  id: AnsweredId('cost'),
  date: AnsweredDay,
  provider: z.string(),
  gpuType: z.string().describe('Empty: not GPU cost'),
  costNanoUsd: Usd.describe('What the invoice says'),
  effectiveCostNanoUsd: Usd.describe('Amortised: what analytics split'),
  capacityGpuSeconds: GpuTime.nullable().describe('GPU time that the amount bought; null: not known'),
  source: z.string().describe('Which bill it is from; empty: the documented files'),
  billingAccount: z.string(),
  account: z.string(),
  billingPeriod: z.string().describe("First day of the invoice's period"),
  region: z.string(),
  sku: z.string(),
  chargeCategory: z.string(),
  pricingCategory: z.string(),
})
export type Cost = z.output<typeof Cost>

export const CostAlone = Cost.extend({ version: Version })
export type CostAlone = z.output<typeof CostAlone>

const columns = {
  ...{ id: costEntries.id, date: costEntries.entryDate, provider: pools.provider, gpuType: pools.gpuType },
  ...{ costNanoUsd: costEntries.billedNanoUsd, effectiveCostNanoUsd: costEntries.effectiveNanoUsd },
  ...{ capacityGpuSeconds: costEntries.capacityGpuSeconds, source: costEntries.source },
  ...{ billingAccount: costEntries.billingAccount, account: costEntries.account },
  ...{ billingPeriod: costEntries.billingPeriod, region: costEntries.region, sku: costEntries.sku },
  ...{ chargeCategory: costEntries.chargeCategory, pricingCategory: costEntries.pricingCategory },
}

/** Entries as they are answered, still to be narrowed and ordered. */
export function selectCosts(reader: Pick<Scope['db'], 'select'>) {
  return reader.select(columns).from(costEntries).innerJoin(pools, eq(pools.id, costEntries.poolId))
}

/**
 * One entry.
 *
 * @throws HelioxError not_found `costs.no_entry`, also for who sees teams only: the bill is the company's
 */
export async function cost(scope: Scope, { id }: { id: Id<'cost'> }): Promise<CostAlone> {
  allow(scope, 'ledger:read')
  return versioned(await readCost(scope.db, scope, id))
}

/** The stored entry, if the actor may see it. @throws HelioxError not_found `costs.no_entry` */
export async function readCost(
  reader: Pick<Scope['db'], 'select'>,
  scope: Pick<Scope, 'actor'>,
  id: Id<'cost'>,
): Promise<Cost> {
  const [row] = visibleTeams(scope) === null ? await selectCosts(reader).where(eq(costEntries.id, id)) : []
  if (!row) throw new HelioxError('not_found', 'costs.no_entry', `There is no cost entry ${id}`)
  return row
}
