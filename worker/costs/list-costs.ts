import { and, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { costEntries } from '../../db/schema/costs.ts'
import { pools } from '../../db/schema/pools.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Window } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

export type CostFilters = { window: Window | null; provider?: string | undefined; gpuType?: string | undefined }

/** Cost entries, the newest day first, narrowed by every filter that is given. `costNanoUsd` is what was billed. */
export async function listCosts({ db }: Scope, asked: CostFilters & { skip: number; limit: number }) {
  const { skip, limit } = asked
  const costs = await db
    .select({
      ...{ id: costEntries.id, date: costEntries.entryDate, provider: pools.provider, gpuType: pools.gpuType },
      ...{ costNanoUsd: costEntries.billedNanoUsd, effectiveCostNanoUsd: costEntries.effectiveNanoUsd },
      ...{
        capacityGpuSeconds: costEntries.capacityGpuSeconds,
        source: costEntries.source,
        account: costEntries.account,
      },
      ...{ region: costEntries.region, sku: costEntries.sku, chargeCategory: costEntries.chargeCategory },
      pricingCategory: costEntries.pricingCategory,
    })
    .from(costEntries)
    .innerJoin(pools, eq(pools.id, costEntries.poolId))
    .where(narrowed(asked))
    .orderBy(desc(costEntries.entryDate), pools.provider, pools.gpuType, costEntries.id)
    .limit(limit)
    .offset(skip)
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(costEntries)
    .innerJoin(pools, eq(pools.id, costEntries.poolId))
    .where(narrowed(asked))
  const total = all?.total ?? 0
  return { costs, total, skip, limit, hasMore: skip + costs.length < total }
}

/** Σ of what was billed and of what it amounts to amortised, 0 where nothing was. */
export async function totalCost({ db }: Scope, asked: CostFilters) {
  const [row] = await db
    .select({
      total: sql<NanoUsd>`coalesce(sum(${costEntries.billedNanoUsd}), 0)`,
      effective: sql<NanoUsd>`coalesce(sum(${costEntries.effectiveNanoUsd}), 0)`,
      count: count().mapWith(Number),
    })
    .from(costEntries)
    .innerJoin(pools, eq(pools.id, costEntries.poolId))
    .where(narrowed(asked))
  const { total, effective, count: entryCount } = row ?? { total: nanoUsd(0n), effective: nanoUsd(0n), count: 0 }
  return { totalCostNanoUsd: total, effectiveCostNanoUsd: effective, count: entryCount }
}

function narrowed({ window, provider, gpuType }: CostFilters): SQL | undefined {
  return and(
    window ? gte(costEntries.entryDate, window.from) : undefined,
    window ? lt(costEntries.entryDate, window.before) : undefined,
    provider ? eq(pools.provider, provider) : undefined,
    gpuType ? eq(pools.gpuType, gpuType) : undefined,
  )
}
