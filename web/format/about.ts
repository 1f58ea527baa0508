import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { formatDays } from './day.ts'
import { formatUsd } from './usd.ts'

/** What a saved drawing says below its title: "By team, Nov 9 – 22, 2026, by allocation, total $1.50". No total is not $0. */
export function aboutOf(
  what: string,
  days: { readonly start: Day; readonly end: Day },
  basis: string,
  totalCostUsd: UsdText | undefined,
): string {
  const parts = [what, formatDays(days.start, days.end), `by ${basis}`]
  return [...parts, ...(totalCostUsd === undefined ? [] : [`total ${formatUsd(totalCostUsd)}`])].join(', ')
}
