import { formatDays } from '../format/day.ts'
import { BASES, type Choice } from './choice.ts'
import type { Days } from './range.ts'

/** What every cost rests on, for the box that says how a figure was computed. */
export function costFacts(
  choice: Pick<Choice, 'basis' | 'zone'>,
  days: Days,
): (readonly [name: string, value: string])[] {
  const [name, meaning] = BASES[choice.basis]
  return [
    [
      'Days',
      `${formatDays(days.start, days.end)}, ${choice.zone === 'UTC' ? 'UTC' : choice.zone.replaceAll('_', ' ')}`,
    ],
    ['Basis', `${name}. ${meaning}`],
    ['Prices', 'What the bills charge, in the version that was imported last. No list price stands in for a bill.'],
  ]
}
