import { and, eq, isNotNull, ne } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { budgets } from '../../db/schema/budgets.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import { users } from '../../db/schema/users.ts'
import type { BudgetScope } from '../../db/units/budget-scopes.ts'
import type { BudgetId, KeyId, TeamId, UserId } from '../../db/units/ids.ts'
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
 * @throws HelioxError not_found `budgets.no_subject`: the team, person or key that it names; conflict `budgets.twin`
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
    await requireNoTwin(tx, row)
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

type Decided = Pick<
  typeof budgets.$inferSelect,
  'scope' | 'scopeId' | 'period' | 'mode' | 'limitNanoUsd' | 'limitTokens'
>

/**
 * Of two budgets of the same calls, period, unit and mode the greater one would never count: it is the other that somebody meant
 * to change.
 *
 * @throws HelioxError conflict `budgets.twin`
 */
export async function requireNoTwin(tx: Tx, budget: Decided, own?: BudgetId): Promise<void> {
  const { scope, scopeId, period, mode, limitNanoUsd } = budget
  const [twin] = await tx
    .select({ id: budgets.id })
    .from(budgets)
    .where(
      and(
        ...[eq(budgets.scope, scope), eq(budgets.scopeId, scopeId), eq(budgets.period, period), eq(budgets.mode, mode)],
        limitNanoUsd === null ? isNotNull(budgets.limitTokens) : isNotNull(budgets.limitNanoUsd),
        own && ne(budgets.id, own),
      ),
    )
  if (!twin) return
  const words = `${mode} budget in ${limitNanoUsd === null ? 'tokens' : 'dollars'}`
  const message = `There is already a ${words} of the same calls and period: change ${twin.id}`
  throw new HelioxError('conflict', 'budgets.twin', message)
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
