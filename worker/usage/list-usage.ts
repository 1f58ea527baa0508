import { and, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { usageSnapshots } from '../../db/schema/costs.ts'
import { pools } from '../../db/schema/pools.ts'
import { GpuTime, PageOf, pageOf } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayOrRange, daysInOrder, windowOf } from '../day-range.ts'
import { NormalName, Paging, TablePaging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { selectUsage, Usage } from './usage.ts'

const filters = { ...DayOrRange, provider: NormalName.optional(), gpuType: NormalName.optional() }

/** What narrows a total of usage: all that is given together. */
export const UsageNarrowed = z.object(filters).refine(daysInOrder, DAYS_IN_ORDER)
type UsageNarrowed = z.output<typeof UsageNarrowed>

export const UsageAsked = z.object({ ...Paging, ...filters }).refine(daysInOrder, DAYS_IN_ORDER)

/** The same for the dashboard, whose files are the whole list in few questions. */
export const UsageTableAsked = z.object({ ...TablePaging, ...filters }).refine(daysInOrder, DAYS_IN_ORDER)

export const UsagePage = PageOf('usage', Usage)

export const UsageTotal = z.object({ gpuSeconds: GpuTime, count: z.number().int(), isPartial: z.boolean() })

/** Measured GPU time, the newest day first. Who sees teams only sees none, and is told that the list is partial. */
export async function listUsage(scope: Scope, asked: z.output<typeof UsageAsked>): Promise<z.output<typeof UsagePage>> {
  allow(scope, 'ledger:read')
  if (visibleTeams(scope) !== null) return pageOf('usage', [], 0, asked, true)
  const where = narrowed(asked)
  const rows = await selectUsage(scope.db)
    .where(where)
    .orderBy(desc(usageSnapshots.entryDate), pools.provider, pools.gpuType, usageSnapshots.id)
    .limit(asked.limit)
    .offset(asked.skip)
  const { count: total } = await summed(scope, where)
  return pageOf('usage', rows, total, asked, false)
}

/** Σ of what was measured, 0 where nothing was, or nothing that the actor sees. */
export async function totalUsage(scope: Scope, asked: UsageNarrowed): Promise<z.output<typeof UsageTotal>> {
  allow(scope, 'ledger:read')
  if (visibleTeams(scope) !== null) return { gpuSeconds: 0, count: 0, isPartial: true }
  return { ...(await summed(scope, narrowed(asked))), isPartial: false }
}

async function summed({ db }: Scope, where: SQL | undefined): Promise<{ gpuSeconds: number; count: number }> {
  const [row] = await db
    .select({
      gpuSeconds: sql`coalesce(sum(${usageSnapshots.gpuSeconds}), 0)`.mapWith(Number),
      count: count().mapWith(Number),
    })
    .from(usageSnapshots)
    .innerJoin(pools, eq(pools.id, usageSnapshots.poolId))
    .where(where)
  return row ?? { gpuSeconds: 0, count: 0 }
}

function narrowed({ provider, gpuType, ...days }: UsageNarrowed): SQL | undefined {
  const window = windowOf(days)
  return and(
    window ? gte(usageSnapshots.entryDate, window.from) : undefined,
    window ? lt(usageSnapshots.entryDate, window.before) : undefined,
    provider === undefined ? undefined : eq(pools.provider, provider),
    gpuType === undefined ? undefined : eq(pools.gpuType, gpuType),
  )
}
