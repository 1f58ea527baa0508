import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { ledgerCosts } from '../../db/schema/costs.ts'
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
  service: z.string(),
  sku: z.string(),
  item: z.string().describe('What the SKU is called on the bill'),
  instanceType: z.string(),
  chargeCategory: z.string(),
  pricingCategory: z.string(),
  currency: z.string().describe('Of the bill; amounts are US dollars'),
  tags: z.string().describe('JSON object; empty without tags'),
  billId: z.number().int().describe('The bill that it stands on; 0: none'),
})
export type Cost = z.output<typeof Cost>

export const CostAlone = Cost.extend({ version: Version })
export type CostAlone = z.output<typeof CostAlone>

const columns = {
  ...{ id: ledgerCosts.id, date: ledgerCosts.entryDate, provider: ledgerCosts.provider, gpuType: ledgerCosts.gpuType },
  ...{ costNanoUsd: ledgerCosts.billedNanoUsd, effectiveCostNanoUsd: ledgerCosts.effectiveNanoUsd },
  ...{ capacityGpuSeconds: ledgerCosts.capacityGpuSeconds, source: ledgerCosts.source },
  ...{ billingAccount: ledgerCosts.billingAccount, account: ledgerCosts.account },
  ...{ billingPeriod: ledgerCosts.billingPeriod, region: ledgerCosts.region, sku: ledgerCosts.sku },
  ...{ service: ledgerCosts.service, item: ledgerCosts.item, instanceType: ledgerCosts.instanceType },
  ...{ chargeCategory: ledgerCosts.chargeCategory, pricingCategory: ledgerCosts.pricingCategory },
  ...{ currency: ledgerCosts.currency, tags: ledgerCosts.tags, billId: ledgerCosts.billId },
}

/** Entries as they are answered, still to be narrowed and ordered. */
export function selectCosts(reader: Pick<Scope['db'], 'select'>) {
  return reader.select(columns).from(ledgerCosts)
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
  const [row] = visibleTeams(scope) === null ? await selectCosts(reader).where(eq(ledgerCosts.id, id)) : []
  if (!row) throw new HelioxError('not_found', 'costs.no_entry', `There is no cost entry ${id}`)
  return row
}
