import { formatDays } from '../format/day.ts'
import { BASES, type Choice, TEAM_BASES } from './choice.ts'
import type { CostKind } from './explain-address.ts'
import type { Days } from './range.ts'

const PRICES = {
  effective: 'What the current bills charge, as last imported; commitments are spread over the days they cover.',
  billed: 'As the current bills invoice it, commitments on the day they were paid.',
  list: 'List prices, as the bills say them.',
} as const satisfies Record<CostKind, string>

export type Fact = readonly [name: string, value: string]

/** The days that a figure is of, for the box that says how it was computed. */
export function daysFact({ start, end }: Days, zone = 'UTC'): Fact {
  return ['Days', `${formatDays(start, end)}, ${zone === 'UTC' ? 'UTC' : zone.replaceAll('_', ' ')}`]
}

/** What every cost rests on: days, basis and prices. `isPartial`: for a reader of some teams. `cost`: which amount of the bills. */
export function costFacts(
  { basis, zone }: Pick<Choice, 'basis' | 'zone'>,
  days: Days,
  { isPartial = false, cost = 'effective' }: { isPartial?: boolean; cost?: CostKind } = {},
): Fact[] {
  const [name, meaning] = isPartial && basis !== 'exposure' ? TEAM_BASES[basis] : BASES[basis]
  return [daysFact(days, zone), ['Basis', `${name}. ${meaning}`], ['Prices', PRICES[cost]]]
}
