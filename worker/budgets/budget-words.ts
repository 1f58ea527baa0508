import type { budgets } from '../../db/schema/budgets.ts'
import { usdText } from '../../db/units/money.ts'

type Named = Pick<typeof budgets.$inferSelect, 'scope' | 'period' | 'limitNanoUsd' | 'limitTokens'>

/** What people call a budget, whoever may read how much it is: "the monthly budget of team vision". */
export function budgetName({ scope, period }: Pick<Named, 'scope' | 'period'>, name: string): string {
  const whose = scope === 'company' ? 'the company' : `${scope} ${name}`
  return `the ${period === 'day' ? 'daily' : 'monthly'} budget of ${whose}`
}

/** The same with its limit: "the monthly budget of team vision, $10.00". `name`: of the team, person, key or model. */
export function budgetWords(budget: Named, name: string): string {
  const { limitNanoUsd, limitTokens } = budget
  const limit =
    limitNanoUsd === null ? `${(limitTokens ?? 0).toLocaleString('en-US')} tokens` : `$${usdText(limitNanoUsd)}`
  return `${budgetName(budget, name)}, ${limit}`
}
