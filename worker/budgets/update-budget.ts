import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { budgets } from '../../db/schema/budgets.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { type Budget, readBudget, type StoredBudget } from './budget.ts'
import type { BudgetChange, BudgetRemoval } from './budget-input.ts'
import { budgetWords } from './budget-words.ts'
import { requireNoTwin } from './create-budget.ts'
import { withStanding } from './standing.ts'

/**
 * Changes a budget's limit, its unit with it, or whether it refuses. What was spent stays spent.
 *
 * @throws HelioxError not_found `budgets.no_budget`; precondition `request.version_changed`; invalid `budgets.no_limit`;
 *   conflict `budgets.twin`
 */
export async function updateBudget(
  scope: Scope,
  { id, version, limitUsd, limitTokens, mode }: z.output<typeof BudgetChange>,
  meter: MeterHandle | null,
): Promise<Budget> {
  allow(scope, 'budgets:write')
  const stored = await writeTransaction(scope.db, async (tx) => {
    const before = await readBudget(tx, scope, id)
    requireVersion(before, version)
    // A limit in one unit takes the place of one in the other.
    const inUsd = limitUsd === undefined ? (typeof limitTokens === 'number' ? null : before.limitNanoUsd) : limitUsd
    const inTokens =
      limitTokens === undefined ? (typeof limitUsd === 'bigint' ? null : before.limitTokens) : limitTokens
    if ((inUsd === null) === (inTokens === null))
      throw new HelioxError('invalid', 'budgets.no_limit', 'A budget has a limit in dollars or in tokens', {
        details: ['limit_usd: give limit_usd or limit_tokens, one of the two'],
      })
    const after: StoredBudget = { ...before, limitNanoUsd: inUsd, limitTokens: inTokens, mode: mode ?? before.mode }
    if (!isChanged(before, after)) return before
    await requireNoTwin(tx, { ...after, scopeId: after.scopeId ?? '' }, id)
    const fields = { limitNanoUsd: after.limitNanoUsd, limitTokens: after.limitTokens, mode: after.mode }
    await tx.update(budgets).set(fields).where(eq(budgets.id, id))
    const target = budgetWords(after, after.name ?? '')
    await note(tx, scope, { action: 'budgets.update', targetId: id, target, before, after })
    return after
  })
  const [budget] = await withStanding(scope, [stored], meter)
  return budget as Budget
}

/**
 * Takes a budget away, and what was told of it. Calls are as free as if it had never been.
 *
 * @throws HelioxError not_found `budgets.no_budget`; precondition `request.version_changed`
 */
export async function removeBudget(scope: Scope, { id, version }: z.output<typeof BudgetRemoval>): Promise<void> {
  allow(scope, 'budgets:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readBudget(tx, scope, id)
    requireVersion(before, version)
    await tx.delete(budgets).where(eq(budgets.id, id))
    const target = budgetWords(before, before.name ?? '')
    await note(tx, scope, { action: 'budgets.remove', targetId: id, target, before, after: null })
  })
}
