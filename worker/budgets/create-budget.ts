import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { budgets } from '../../db/schema/budgets.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import { users } from '../../db/schema/users.ts'
import type { BudgetScope } from '../../db/units/budget-scopes.ts'
import type { KeyId, TeamId, UserId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Budget, readBudget } from './budget.ts'
import type { NewBudget } from './budget-input.ts'
import { budgetWords } from './budget-words.ts'
import { withStanding } from './standing.ts'

/**
 * Sets a budget. It counts from the next call on, with all that was spent in the running period before.
 *
 * @throws HelioxError not_found `budgets.no_subject`: the team, person or key that it names
 */
export async function createBudget(
  scope: Scope,
  input: z.output<typeof NewBudget>,
  meter: MeterHandle | null,
): Promise<Budget> {
  allow(scope, 'budgets:write')
  const { scope: of, scopeId, period, mode, limitUsd = null, limitTokens = null } = input
  const stored = await writeTransaction(scope.db, async (tx) => {
    await requireSubject(tx, of, scopeId ?? '')
    const row = { scope: of, scopeId: scopeId ?? '', period, mode, limitNanoUsd: limitUsd, limitTokens }
    const [made] = await tx
      .insert(budgets)
      .values({ ...row, createdAtMs: scope.now() })
      .returning({ id: budgets.id })
    if (!made) throw new Error('no budget was stored')
    const after = await readBudget(tx, scope, made.id)
    const target = budgetWords(row, after.name ?? '')
    await note(tx, scope, { action: 'budgets.create', targetId: made.id, target, before: null, after })
    return after
  })
  const [budget] = await withStanding(scope, [stored], meter)
  return budget as Budget
}

async function requireSubject(tx: Tx, of: BudgetScope, id: string): Promise<void> {
  const found =
    of === 'team'
      ? await tx
          .select({ id: teams.id })
          .from(teams)
          .where(eq(teams.id, id as TeamId))
      : of === 'user'
        ? await tx
            .select({ id: users.id })
            .from(users)
            .where(eq(users.id, id as UserId))
        : of === 'key'
          ? await tx
              .select({ id: apiKeys.id })
              .from(apiKeys)
              .where(eq(apiKeys.id, id as KeyId))
          : [id]
  if (found.length > 0) return
  throw new HelioxError('not_found', 'budgets.no_subject', `There is no ${of === 'user' ? 'person' : of} ${id}`)
}
