import type { UsdText } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'

export type BudgetUse = {
  teamId: string
  name: string
  spentUsd: UsdText
  budgetUsd: UsdText
  /** Spent ÷ budget; null for a budget of nothing. */
  share: number | null
  /** What the month comes to at the pace of the days that are billed, an estimate; null while none is. */
  expectedUsd: number | null
  state: 'over' | 'fast' | 'within'
}

type Spent = Answers['analytics']['byTeam']['rows']
type Teams = Answers['teams']['list']['teams']

/**
 * How far each team with a budget is in it this month, the one in most trouble first. `billedDay` is the last day with a
 * bill: days after it have cost nothing yet only because nobody has said what.
 */
export function budgetUse(teams: Teams, spent: Spent, today: string, billedDay: string | null): BudgetUse[] {
  const month = today.slice(0, 7)
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate()
  const last = billedDay !== null && billedDay < today ? billedDay : today
  const billedDays = billedDay !== null && last.slice(0, 7) === month ? Number(last.slice(8)) : 0
  const uses = teams.flatMap(({ id, name, budgetUsd }): BudgetUse[] => {
    if (budgetUsd === null) return []
    const spentUsd = spent.find(({ teamId }) => teamId === id)?.totalCostUsd ?? '0.00'
    const [cost, budget] = [Number(spentUsd), Number(budgetUsd)]
    const expectedUsd = billedDays > 0 ? (cost / billedDays) * days : null
    const state = cost > budget ? 'over' : expectedUsd !== null && expectedUsd > budget ? 'fast' : 'within'
    return [{ teamId: id, name, spentUsd, budgetUsd, share: budget > 0 ? cost / budget : null, expectedUsd, state }]
  })
  const strain = ({ share, expectedUsd, budgetUsd, spentUsd }: BudgetUse) =>
    share === null
      ? Number(spentUsd) > 0
        ? Number.POSITIVE_INFINITY
        : 0
      : Math.max(share, (expectedUsd ?? 0) / Number(budgetUsd))
  return uses.sort((a, b) => strain(b) - strain(a) || (a.name < b.name ? -1 : 1))
}
