import type { TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { nextMonth } from '../analytics/periods.ts'
import type { Book } from './book.ts'
import type { Closed } from './document.ts'
import { owed } from './split.ts'

/** What a closed month's part of one team (null: of the company) is more or less than was charged for it so far. */
export type Adjustment = {
  month: string
  teamId: TeamId | null
  beforeNanoUsd: NanoUsd
  afterNanoUsd: NanoUsd
  amountNanoUsd: NanoUsd
}

/**
 * What closed months are now, by the decision each was closed with, minus what they were closed with, minus what later
 * closed months have taken of it already. Zero ones are left out. By month, teams by their ids, the company last.
 *
 * So Σ closed statements + Σ these = Σ bill of the closed months as it is now, whatever was restated when.
 */
export function pendingAdjustments({ closed, sums, teams }: Book): Adjustment[] {
  const there = new Set(teams.keys())
  return closed.flatMap((month) => {
    const now = sums.get(month.month)
    if (!now) return []
    const { teams: owedNow, keptNanoUsd } = owed(now, month.decision, there)
    const after = new Map<TeamId | null, bigint>([...owedNow, [null, keptNanoUsd]])
    const before = chargedSoFar(month, closed)
    return [...new Set([...before.keys(), ...after.keys()])]
      .sort(byTeam)
      .map((teamId) => ({ teamId, was: before.get(teamId) ?? 0n, is: after.get(teamId) ?? 0n }))
      .filter(({ was, is }) => was !== is)
      .map(({ teamId, was, is }) => ({
        ...{ month: month.month, teamId },
        ...{ beforeNanoUsd: nanoUsd(was), afterNanoUsd: nanoUsd(is), amountNanoUsd: nanoUsd(is - was) },
      }))
  })
}

/**
 * The month whose statement takes the adjustments: the first open one after the last that was closed, so that what is
 * handed out later puts right what was handed out before. Null while no month is closed.
 */
export function adjustingMonth({ closed, months }: Pick<Book, 'closed' | 'months'>): string | null {
  const last = closed.at(-1)?.month
  if (last === undefined) return null
  return months.find((month) => month > last) ?? nextMonth(last)
}

/** What a team was called in the newest closed month that charged or adjusted it. */
export function formerName({ closed }: Pick<Book, 'closed'>, teamId: TeamId): string | null {
  for (const { teams, taken } of closed.toReversed()) {
    const name = [...teams, ...taken].find((one) => one.teamId === teamId)?.name
    if (name) return name
  }
  return null
}

function chargedSoFar(month: Closed, closed: readonly Closed[]): Map<TeamId | null, bigint> {
  const before = new Map<TeamId | null, bigint>([[null, month.keptNanoUsd]])
  for (const { teamId, owedNanoUsd } of month.teams) before.set(teamId, owedNanoUsd)
  for (const { taken } of closed)
    for (const { month: of, teamId, amountNanoUsd } of taken)
      if (of === month.month) before.set(teamId, (before.get(teamId) ?? 0n) + amountNanoUsd)
  return before
}

/** Teams in the order of their rows, the company after them. */
function byTeam(a: TeamId | null, b: TeamId | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return Number(a.slice(5)) - Number(b.slice(5))
}
