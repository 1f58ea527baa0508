import { and, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { ledgerCosts } from '../../db/schema/costs.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { PageOf, pageOf, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayOrRange, daysInOrder, windowOf } from '../day-range.ts'
import { NormalName, Paging, TablePaging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { selectCosts } from './cost.ts'
import { ListedCost, withOrigins } from './listed-cost.ts'

const filters = {
  ...DayOrRange,
  provider: NormalName.optional(),
  gpuType: NormalName.optional(),
  source: z.string().max(100).optional(),
}

/** What narrows a total of costs: all that is given together. */
export const CostsNarrowed = z.object(filters).refine(daysInOrder, DAYS_IN_ORDER)
type CostsNarrowed = z.output<typeof CostsNarrowed>

export const CostsAsked = z.object({ ...Paging, ...filters }).refine(daysInOrder, DAYS_IN_ORDER)

/** The same for the dashboard, whose files are the whole list in few questions. */
export const CostTableAsked = z.object({ ...TablePaging, ...filters }).refine(daysInOrder, DAYS_IN_ORDER)

export const CostsPage = PageOf('costs', ListedCost)

export const CostsTotal = z.object({
  totalCostNanoUsd: Usd.describe('Σ of what invoices say'),
  effectiveCostNanoUsd: Usd.describe('Σ of the amortised amounts'),
  count: z.number().int(),
  isPartial: z.boolean(),
})

/**
 * Cost entries, the newest day first. They belong to the company: who sees teams only sees none, and is told that the list
 * is partial.
 */
export async function listCosts(scope: Scope, asked: z.output<typeof CostsAsked>): Promise<z.output<typeof CostsPage>> {
  allow(scope, 'ledger:read')
  if (visibleTeams(scope) !== null) return pageOf('costs', [], 0, asked, true)
  const where = narrowed(asked)
  const costs = await selectCosts(scope.db)
    .where(where)
    .orderBy(desc(ledgerCosts.entryDate), ledgerCosts.provider, ledgerCosts.gpuType, ledgerCosts.id)
    .limit(asked.limit)
    .offset(asked.skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(ledgerCosts)
    .where(where)
  return pageOf('costs', await withOrigins(scope, costs), all?.total ?? 0, asked, false)
}

/** Σ of what was billed and of what it amounts to amortised, 0 where nothing was, or nothing that the actor sees. */
export async function totalCost(scope: Scope, asked: CostsNarrowed): Promise<z.output<typeof CostsTotal>> {
  allow(scope, 'ledger:read')
  const isPartial = visibleTeams(scope) !== null
  const zero = nanoUsd(0n)
  if (isPartial) return { totalCostNanoUsd: zero, effectiveCostNanoUsd: zero, count: 0, isPartial }
  const [row] = await scope.db
    .select({
      total: sql<NanoUsd>`coalesce(sum(${ledgerCosts.billedNanoUsd}), 0)`,
      effective: sql<NanoUsd>`coalesce(sum(${ledgerCosts.effectiveNanoUsd}), 0)`,
      count: count().mapWith(Number),
    })
    .from(ledgerCosts)
    .where(narrowed(asked))
  const { total, effective, count: entryCount } = row ?? { total: zero, effective: zero, count: 0 }
  return { totalCostNanoUsd: total, effectiveCostNanoUsd: effective, count: entryCount, isPartial }
}

function narrowed({ provider, gpuType, source, ...days }: CostsNarrowed): SQL | undefined {
  const window = windowOf(days)
  return and(
    window ? gte(ledgerCosts.entryDate, window.from) : undefined,
    window ? lt(ledgerCosts.entryDate, window.before) : undefined,
    provider === undefined ? undefined : eq(ledgerCosts.provider, provider),
    gpuType === undefined ? undefined : eq(ledgerCosts.gpuType, gpuType),
    source === undefined ? undefined : eq(ledgerCosts.source, source),
  )
}
