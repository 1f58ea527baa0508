import type { TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Cell } from '../analytics/ledger.ts'
import { type Adjustment, adjustingMonth, formerName, pendingAdjustments } from './adjustments.ts'
import type { Book } from './book.ts'
import type { Settled } from './document.ts'
import { METHOD_WORDS, owed, partsOfPot, type Sums, sharersOf, VERSION } from './split.ts'
import type { Statement, StatementLine } from './statement-fields.ts'
import { sumOf, teamParts } from './team-parts.ts'

/**
 * The statement of a month that is open, from the book and its detail of that month; and what later months will need of
 * it once it is closed. Teams stand dearest first, their lines by kind and then dearest first.
 */
export function drawUp(book: Book, month: string): { statement: Statement; settled: Settled } {
  const { cells = [], billNanoUsd = nanoUsd(0n), isProvisional = false, stalePoolDays = 0 } = book.detail ?? {}
  const pot = cells.filter(({ teamId }) => teamId === null)
  const sums: Sums = { charged: chargedOf(cells), potNanoUsd: sumOf(pot.map(({ costNanoUsd }) => costNanoUsd)) }
  const there = new Set(book.teams.keys())
  const sharers = sharersOf(sums, book.decision, there)
  const adjustments = adjustingMonth(book) === month ? pendingAdjustments(book) : []
  const nameOf = (teamId: TeamId) => book.teams.get(teamId)?.name ?? formerName(book, teamId) ?? teamId
  const lineOf = (
    teamId: TeamId | null,
    more: Partial<StatementLine> & Pick<StatementLine, 'kind' | 'amountNanoUsd'>,
  ) => ({
    ...{ month, teamId, teamName: teamId === null ? '' : nameOf(teamId), kind: more.kind },
    ...EMPTY_LINE,
    ...more,
  })
  const lines: StatementLine[] = [
    ...cells.filter(({ teamId }) => teamId !== null).map((cell) => lineOf(cell.teamId, ofCell(cell))),
    ...[...partsOfPot(sums, sharers)]
      .filter(([, part]) => part !== 0n)
      .map(([teamId, part]) => lineOf(teamId, { kind: 'shared', amountNanoUsd: part })),
    ...(sharers.length === 0 ? pot.map((cell) => lineOf(null, ofCell(cell))) : []),
    ...adjustments.map((one) => lineOf(one.teamId, ofAdjustment(one))),
  ]
  const teams = teamParts(lines, book.teams)
  const { method, teams: listed, weights } = book.decision
  const own = lines.filter(({ teamId }) => teamId === null)
  const kept = sumOf(own.filter(({ kind }) => kind === 'kept').map(({ amountNanoUsd }) => amountNanoUsd))
  const company = sumOf(own.map(({ amountNanoUsd }) => amountNanoUsd))
  const teamsTotal = sumOf(teams.map(({ totalNanoUsd }) => totalNanoUsd))
  const adjusted = sumOf(adjustments.map(({ amountNanoUsd }) => amountNanoUsd))
  const settled = owed(sums, book.decision, there)
  return {
    statement: {
      ...{ month, state: 'open', closedAtMs: null, closedBy: null, isPartial: false, isProvisional, stalePoolDays },
      split: { method, version: VERSION, ...METHOD_WORDS[method], teams: listed, weights },
      teams,
      company: {
        pot: pot
          .map(({ names, costNanoUsd }) => ({
            ...{ provider: names[1] ?? '', gpuType: names[2] ?? '', amountNanoUsd: costNanoUsd },
          }))
          .sort((a, b) => compare(b.amountNanoUsd, a.amountNanoUsd)),
        ...{ potNanoUsd: sums.potNanoUsd, sharedNanoUsd: nanoUsd(sums.potNanoUsd - kept), keptNanoUsd: kept },
        ...{ adjustmentsNanoUsd: nanoUsd(company - kept), totalNanoUsd: company },
      },
      check: {
        ...{ billNanoUsd, adjustmentsNanoUsd: adjusted, teamsNanoUsd: teamsTotal, companyNanoUsd: company },
        differenceNanoUsd: nanoUsd(billNanoUsd + adjusted - teamsTotal - company),
      },
      lines: inOrder(
        lines,
        teams.map(({ teamId }) => teamId),
      ),
    },
    settled: {
      decision: book.decision,
      teams: [...settled.teams].map(([teamId, owedNanoUsd]) => ({ teamId, name: nameOf(teamId), owedNanoUsd })),
      keptNanoUsd: settled.keptNanoUsd,
      taken: adjustments.map(({ month: of, teamId, amountNanoUsd }) => ({
        ...{ month: of, teamId, amountNanoUsd },
        ...(teamId === null ? {} : { name: nameOf(teamId) }), // it may be gone when a later month takes it back
      })),
    },
  }
}

const EMPTY_LINE = {
  ...{ provider: '', gpuType: '', modelName: '', adjustedMonth: null, gpuSeconds: 0, jobCount: 0 },
  ...{ beforeNanoUsd: null, afterNanoUsd: null },
} as const

/** A cell by team, provider, GPU type and model. */
function ofCell({ kind, names, costNanoUsd, gpuSeconds, jobCount }: Cell) {
  const [, provider = '', gpuType = '', model = ''] = names
  const line = { provider, gpuType, gpuSeconds: gpuSeconds ?? 0, jobCount: jobCount ?? 0, amountNanoUsd: costNanoUsd }
  if (kind === 'owner') return { ...line, kind: 'jobs' as const, modelName: model }
  return { ...line, kind: kind === 'assigned' ? ('assigned' as const) : ('kept' as const) }
}

function ofAdjustment({ month, beforeNanoUsd, afterNanoUsd, amountNanoUsd }: Adjustment) {
  return { kind: 'adjustment' as const, adjustedMonth: month, beforeNanoUsd, afterNanoUsd, amountNanoUsd }
}

function chargedOf(cells: readonly Cell[]): Map<TeamId, NanoUsd> {
  const charged = new Map<TeamId, NanoUsd>()
  for (const { teamId, costNanoUsd } of cells)
    if (teamId !== null) charged.set(teamId, nanoUsd((charged.get(teamId) ?? 0n) + costNanoUsd))
  return charged
}

const KIND_ORDER = ['jobs', 'assigned', 'shared', 'kept', 'adjustment']

function inOrder(lines: readonly StatementLine[], teamIds: readonly TeamId[]): StatementLine[] {
  const place = new Map<TeamId | null, number>([...teamIds.entries()].map(([index, teamId]) => [teamId, index]))
  const placeOf = ({ teamId }: StatementLine) => place.get(teamId) ?? teamIds.length
  const text = (line: StatementLine) =>
    [line.adjustedMonth ?? '', line.provider, line.gpuType, line.modelName].join('\u0000')
  return lines.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
      (a.kind === 'adjustment' ? 0 : compare(b.amountNanoUsd, a.amountNanoUsd)) ||
      (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0),
  )
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
