import { eq } from 'drizzle-orm'
import { teams } from '../../../db/schema/teams.ts'
import type { TeamId } from '../../../db/units/ids.ts'
import type { NanoUsd } from '../../../db/units/money.ts'
import type { Scope } from '../../scope.ts'

/** Teams with their monthly budgets, null where none is set: one of them, or all. */
export async function teamBudgets(
  { db }: Pick<Scope, 'db'>,
  teamId: TeamId | null,
): Promise<{ id: TeamId; name: string; budgetNanoUsd: NanoUsd | null }[]> {
  const found = db.select({ id: teams.id, name: teams.name, budgetNanoUsd: teams.budgetNanoUsd }).from(teams)
  return teamId ? found.where(eq(teams.id, teamId)) : found.orderBy(teams.id)
}
