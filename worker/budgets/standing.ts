import { inArray } from 'drizzle-orm'
import { budgetAlerts } from '../../db/schema/budgets.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Day, EpochMs } from '../../db/units/time.ts'
import { rootCause } from '../errors.ts'
import { periodEndMs, periodKey, periodStart } from '../gateway/meter/budget-book.ts'
import type { BudgetStanding } from '../gateway/meter/messages.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { readSpent } from '../gateway/meter/read-budgets.ts'
import type { Scope } from '../scope.ts'
import { versionOf } from '../versions.ts'
import type { Budget, StoredBudget } from './budget.ts'
import { refusedBy } from './refused-by.ts'

/** Budgets with how they stand now: by the meter, which knows of calls under way; what it does not know by the sums of days. */
export async function withStanding(
  scope: Scope,
  stored: readonly StoredBudget[],
  meter: MeterHandle | null,
): Promise<Budget[]> {
  if (stored.length === 0) return []
  const nowMs = scope.now()
  const known = await metered(scope, meter)
  const others = stored.filter((one) => !isOfNow(known.get(one.id), one, nowMs))
  if (others.length > 0 && meter) await meter.flush().catch(() => undefined) // what waits is in the sums after it
  const spent = await readSpent(
    scope.db,
    others.map((one) => ({ ...one, scopeId: one.scopeId ?? '' })),
    nowMs,
  )
  const ids = stored.map(({ id }) => id)
  const alerts = await scope.db.select().from(budgetAlerts).where(inArray(budgetAlerts.budgetId, ids))
  const refused = await refusedBy(scope.db, stored, nowMs)
  return stored.map((budget) => {
    const start = periodStart(budget, nowMs)
    const one = known.get(budget.id)
    const sums = isOfNow(one, budget, nowMs) ? one : undefined
    const summed = spent.get(periodKey(budget, nowMs))
    const spentNanoUsd = (sums ? BigInt(sums.spentNanoUsd) : (summed?.costNanoUsd ?? 0n)) as NanoUsd
    const spentTokens = sums?.spentTokens ?? summed?.tokens ?? 0
    return {
      ...budget,
      ...{ spentNanoUsd, heldNanoUsd: BigInt(sums?.heldNanoUsd ?? '0') as NanoUsd },
      ...{ spentTokens, heldTokens: sums?.heldTokens ?? 0 },
      spentPercent: percentOf(budget, spentNanoUsd, spentTokens),
      periodStart: start as Day,
      beginsAgainAtMs: periodEndMs(budget, nowMs) as EpochMs,
      alerts: alerts
        .filter((alert) => alert.budgetId === budget.id && alert.periodStart === start)
        .map(({ percent, atMs }) => ({ percent, toldAtMs: atMs }))
        .sort((a, b) => a.percent - b.percent),
      refused: refused.get(budget.id) ?? null,
      version: versionOf(budget),
    }
  })
}

async function metered(scope: Scope, meter: MeterHandle | null): Promise<Map<string, BudgetStanding>> {
  try {
    const standing = await meter?.standing()
    return new Map((standing?.budgets ?? []).map((one) => [one.budget, one]))
  } catch (error) {
    scope.log.warn('the meter did not say how budgets stand', { error: String(rootCause(error)) })
    return new Map()
  }
}

function isOfNow(standing: BudgetStanding | undefined, budget: StoredBudget, nowMs: number): boolean {
  return standing?.periodStart === periodStart(budget, nowMs)
}

/** To a tenth. */
function percentOf({ limitNanoUsd, limitTokens }: StoredBudget, spentNanoUsd: bigint, spentTokens: number) {
  if (limitNanoUsd !== null) return limitNanoUsd === 0n ? null : Number((spentNanoUsd * 1000n) / limitNanoUsd) / 10
  return limitTokens ? Math.floor((spentTokens / limitTokens) * 1000) / 10 : null
}
