import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { allocate, type NanoUsd, nanoUsd } from '../../db/units/money.ts'

/** How what no job and no rule was charged is split over teams. */
export const METHODS = ['none', 'even', 'weighted', 'proportional'] as const
export type Method = (typeof METHODS)[number]

/** Raised when a method comes to mean something else: a closed month says by which it was made. */
export const VERSION = 1

/** A method in words, as it stands on statements. */
export const METHOD_WORDS: Record<Method, { title: string; formula: string }> = {
  none: { title: 'Not shared', formula: 'What no job and no rule was charged stays with the company.' },
  even: { title: 'Shared evenly', formula: 'Every team that takes part gets the same part.' },
  weighted: { title: 'Shared by weight', formula: 'A team’s part = shared cost × its weight ÷ all weights.' },
  proportional: {
    title: 'Shared in proportion',
    formula:
      'A team’s part = shared cost × what it was charged this month ÷ what all that take part were; who was charged nothing, or less, gets none.',
  },
}

/** What the company has decided. `teams` null: all that were charged anything in the month. */
export type Decision = {
  method: Method
  teams: TeamId[] | null
  weights: { teamId: TeamId; weight: string }[] | null
}

/** What a month is made of: what each team was charged by its jobs and by rules, and what nobody was. */
export type Sums = { charged: ReadonlyMap<TeamId, NanoUsd>; potNanoUsd: NanoUsd }

/** Who takes part, in the order of their ids, and with which weight (billionths). */
export type Sharers = readonly { teamId: TeamId; weight: bigint }[]

/** A weight of a decision in billionths; null for text that is none. */
export function weightOf(text: string): bigint | null {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text)
  return match && BigInt((match[1] ?? '0') + (match[2] ?? '').padEnd(9, '0'))
}

/** Who shares a month's pot. Teams that are not `there` any more take no part; empty: the company keeps it. */
export function sharersOf({ charged }: Sums, decision: Decision, there: ReadonlySet<TeamId>): Sharers {
  const { method, teams, weights } = decision
  if (method === 'none') return []
  const chargedTeams = [...charged].filter(([, amount]) => amount !== 0n).map(([teamId]) => teamId)
  const asked =
    method === 'weighted'
      ? (weights ?? []).map(({ teamId, weight }) => ({ teamId, weight: weightOf(weight) ?? 0n }))
      : (teams ?? chargedTeams).map((teamId) => ({
          teamId,
          weight: method === 'even' ? 1_000_000_000n : positive(charged.get(teamId) ?? nanoUsd(0n)),
        }))
  return asked
    .filter(({ teamId, weight }) => there.has(teamId) && weight > 0n)
    .sort((a, b) => (rowOf('team', a.teamId) ?? 0) - (rowOf('team', b.teamId) ?? 0))
}

/** Each sharer's part of the pot: they sum to it exactly, a credit's too. Without sharers there is none. */
export function partsOfPot({ potNanoUsd }: Pick<Sums, 'potNanoUsd'>, sharers: Sharers): Map<TeamId, NanoUsd> {
  if (sharers.length === 0) return new Map()
  const parts = allocate(
    potNanoUsd,
    sharers.map(({ weight }) => weight),
  )
  return new Map(sharers.map(({ teamId }, index) => [teamId, parts[index] ?? nanoUsd(0n)]))
}

/** What each team owes of a month by a decision, and what the company keeps: together Σ charged + pot. */
export function owed(sums: Sums, decision: Decision, there: ReadonlySet<TeamId>) {
  const sharers = sharersOf(sums, decision, there)
  const teams = new Map<TeamId, NanoUsd>(sums.charged)
  for (const [teamId, part] of partsOfPot(sums, sharers)) teams.set(teamId, nanoUsd((teams.get(teamId) ?? 0n) + part))
  return { teams, keptNanoUsd: sharers.length === 0 ? sums.potNanoUsd : nanoUsd(0n) }
}

function positive(amount: NanoUsd): bigint {
  return amount > 0n ? amount : 0n
}
