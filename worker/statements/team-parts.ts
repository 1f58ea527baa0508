import type { TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Book } from './book.ts'
import type { StatementLine, TeamPart } from './statement-fields.ts'

/** Each team's month as the sums of its lines, the dearest first; equal ones by name. */
export function teamParts(lines: readonly StatementLine[], teams: Book['teams']): TeamPart[] {
  const byTeam = new Map<TeamId, StatementLine[]>()
  for (const line of lines) {
    if (line.teamId === null) continue
    const own = byTeam.get(line.teamId)
    if (own) own.push(line)
    else byTeam.set(line.teamId, [line])
  }
  return [...byTeam]
    .map(([teamId, own]) => partOf(teamId, own, teams.get(teamId)?.budgetNanoUsd ?? null))
    .sort((a, b) =>
      a.totalNanoUsd === b.totalNanoUsd ? (a.teamName < b.teamName ? -1 : 1) : a.totalNanoUsd > b.totalNanoUsd ? -1 : 1,
    )
}

function partOf(teamId: TeamId, lines: readonly StatementLine[], budgetNanoUsd: NanoUsd | null): TeamPart {
  const of = (kind: StatementLine['kind']) =>
    sumOf(lines.filter((line) => line.kind === kind).map(({ amountNanoUsd }) => amountNanoUsd))
  const total = sumOf(lines.map(({ amountNanoUsd }) => amountNanoUsd))
  return {
    ...{ teamId, teamName: lines[0]?.teamName ?? '' },
    ...{ jobsNanoUsd: of('jobs'), assignedNanoUsd: of('assigned'), sharedNanoUsd: of('shared') },
    ...{ adjustmentsNanoUsd: of('adjustment'), totalNanoUsd: total },
    // Whole GPU-milliseconds, so that a sum of thousandths stays one.
    gpuSeconds: lines.reduce((sum, { gpuSeconds }) => sum + Math.round(gpuSeconds * 1000), 0) / 1000,
    jobCount: lines.reduce((sum, { jobCount }) => sum + jobCount, 0),
    ...{ budgetNanoUsd, budgetUsedShare: shareOf(total, budgetNanoUsd) },
  }
}

/** To the hundredth of a percent. */
function shareOf(total: NanoUsd, budget: NanoUsd | null): number | null {
  return budget === null || budget <= 0n ? null : Number((total * 10_000n) / budget) / 10_000
}

/** Σ amounts. */
export function sumOf(amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(amounts.reduce((sum: bigint, amount) => sum + amount, 0n))
}
