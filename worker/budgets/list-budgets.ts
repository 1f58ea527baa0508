import { count } from 'drizzle-orm'
import { z } from 'zod'
import { budgets } from '../../db/schema/budgets.ts'
import type { BudgetId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { Paging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Budget, readBudget, selectBudgets, visibleBudgets } from './budget.ts'
import { withStanding } from './standing.ts'

export const BudgetsAsked = z.object(Paging)
export const BudgetPage = PageOf('budgets', Budget)

/** Budgets and how they stand, oldest first. People of teams see those of their teams, of their teams' keys, and their own. */
export async function listBudgets(
  scope: Scope,
  { skip, limit }: z.output<typeof BudgetsAsked>,
  meter: MeterHandle | null,
): Promise<z.output<typeof BudgetPage>> {
  allow(scope, 'requests:read')
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(budgets)
    .where(visibleBudgets(scope))
  const rows = await selectBudgets(scope.db, scope, undefined, { skip, limit })
  const isPartial = visibleTeams(scope) !== null
  return pageOf('budgets', await withStanding(scope, rows, meter), all?.total ?? 0, { skip, limit }, isPartial)
}

/** One budget. @throws HelioxError not_found `budgets.no_budget` */
export async function oneBudget(scope: Scope, { id }: { id: BudgetId }, meter: MeterHandle | null): Promise<Budget> {
  allow(scope, 'requests:read')
  const [budget] = await withStanding(scope, [await readBudget(scope.db, scope, id)], meter)
  return budget as Budget
}
