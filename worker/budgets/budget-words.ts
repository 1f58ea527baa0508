import type { budgets } from '../../db/schema/budgets.ts'
import { usdText } from '../../db/units/money.ts'

type Named = Pick<typeof budgets.$inferSelect, 'scope' | 'period' | 'limitNanoUsd' | 'limitTokens'>

/** What people call a budget: "the monthly budget of team vision, $10.00". `name`: of the team, person, key or model. */
export function budgetWords({ scope, period, limitNanoUsd, limitTokens }: Named, name: string): string {
  const limit =
    limitNanoUsd === null ? `${(limitTokens ?? 0).toLocaleString('en-US')} tokens` : `$${usdText(limitNanoUsd)}`
  const whose = scope === 'company' ? 'the company' : `${scope} ${name}`
  return `the ${period === 'day' ? 'daily' : 'monthly'} budget of ${whose}, ${limit}`
}
