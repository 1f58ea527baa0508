import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { formatShare } from '../format/change.ts'
import { formatCountOf, formatHours } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { formatUsd } from '../format/usd.ts'
import type { CostRow } from './cost-row.ts'
import { type DrawnSeries, sumUsd } from './series.ts'

/** So many names are said; the table has the others. */
const MOST_NAMED = 3
const REST = 'The table has every figure.'

/** A trend in words, for who cannot see it: how long, how much, when most, who most. Sums are exact. */
export function summariseTrend(trend: {
  days: readonly Day[]
  series: readonly DrawnSeries[]
  isAdditive: boolean
  full: (day: Day) => string
}): string {
  const { days, series, full } = trend
  if (days.length === 0 || series.length === 0) return 'Nothing to show.'
  const perDay = days.map((_, at) => sumUsd(series.map(({ costUsd }) => costUsd[at] ?? ('0.00' as UsdText))))
  const highest = perDay.reduce((best, cost, at) => (Number(cost) > Number(perDay[best]) ? at : best), 0)
  const totals = series.map((one) => ({ name: rowName(one), cost: sumUsd(one.costUsd) }))
  const total = formatUsd(sumUsd(perDay.map((cost) => cost ?? ('0.00' as UsdText))))
  return [
    `${formatCountOf(days.length, 'column')} from ${full(days[0]!)} to ${full(days.at(-1)!)}.`,
    trend.isAdditive && `${total} in total, most on ${full(days[highest]!)}: ${formatUsd(perDay[highest] ?? null)}.`,
    series.length > 1 && `${named(totals.map(({ name, cost }) => [name, Number(cost), formatUsd(cost)]))}.`,
    REST,
  ]
    .filter(Boolean)
    .join(' ')
}

/** Rows of one total in words: how many, and the dearest with their shares. */
export function summariseRows(rows: readonly CostRow[], totalCostUsd: UsdText, isAdditive: boolean): string {
  if (rows.length === 0) return 'Nothing to show.'
  const said = rows.map((row): Named => {
    const share = isAdditive ? formatShare(row.totalCostUsd, totalCostUsd) : null
    return [rowName(row), Number(row.totalCostUsd), formatUsd(row.totalCostUsd) + (share ? ` (${share})` : '')]
  })
  const total = isAdditive ? ` of ${formatUsd(totalCostUsd)} in total` : ''
  return `${formatCountOf(rows.length, 'row')}${total}. ${named(said)}. ${REST}`
}

/** Hours of each part over all days in words. */
export function summariseHours(
  days: readonly Day[],
  series: readonly { name: string; hours: readonly number[] }[],
  full: (day: Day) => string,
): string {
  if (days.length === 0 || series.length === 0) return 'Nothing to show.'
  const parts = series.map(({ name, hours }) => {
    const sum = hours.reduce((all, one) => all + one, 0)
    return `${name} ${formatHours(`${sum}`)} GPU-hours`
  })
  return `${formatCountOf(days.length, 'day')} from ${full(days[0]!)} to ${full(days.at(-1)!)}. ${parts.join(', ')}. ${REST}`
}

type Named = readonly [name: string, weight: number, words: string]

function named(all: readonly Named[]): string {
  const most = [...all].sort((a, b) => b[1] - a[1]).slice(0, MOST_NAMED)
  return `Largest: ${most.map(([name, , words]) => `${name} ${words}`).join(', ')}`
}
