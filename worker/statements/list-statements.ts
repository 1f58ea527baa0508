import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { Instant, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow, mayI, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Adjustment, adjustingMonth, pendingAdjustments } from './adjustments.ts'
import { type Book, readBook } from './book.ts'
import { whyNotClosable } from './closable.ts'
import { owed } from './split.ts'

const StatementMonth = z
  .object({
    month: z.string().meta({ pattern: '^\\d{4}-\\d{2}$', examples: ['2026-01'] }),
    state: z.enum(['open', 'closed']),
    closedAtMs: Instant.nullable(),
    closedBy: z.string().nullable().describe('null: open, or not for the asker to know'),
    costNanoUsd: Usd.describe('Of the month itself: the bill, or what the asker’s teams were charged of it'),
    adjustmentsNanoUsd: Usd.describe('Of earlier closed months, that stand on its statement'),
    totalNanoUsd: Usd.describe('The total of its statement'),
    pendingCount: z.number().int().describe('Of a closed month: parts that are not as they were, and in no closed one'),
    pendingNanoUsd: Usd.describe('By how much they changed the month’s sum; 0 if they only moved between teams'),
    isClosable: z.boolean().describe('The asker may close it now'),
    whyNot: z.string().nullable().describe('Why it cannot be closed, for who may close months'),
  })
  .meta({ id: 'StatementMonth' })
export const StatementMonths = PageOf('months', StatementMonth)
type Month = z.output<typeof StatementMonth>

export const StatementsAsked = z.object(Paging)

/**
 * Every month with anything billed or run, and the one that takes adjustments, newest first: what is closed, what may be,
 * and what changed since. Who does not see the whole company gets the sums of their teams.
 */
export async function listStatements(
  scope: Scope,
  paging: z.output<typeof StatementsAsked>,
): Promise<z.output<typeof StatementMonths>> {
  allow(scope, 'ledger:read')
  const all = await monthsOf(scope)
  const shown = all.slice(paging.skip, paging.skip + paging.limit)
  const book = await readBook(scope, { months: shown })
  const pending = pendingAdjustments(book)
  const rows = shown.map((month) => rowOf(scope, book, pending, month))
  return pageOf('months', rows, all.length, paging, visibleTeams(scope) !== null)
}

/** Newest first. */
async function monthsOf(scope: Scope): Promise<string[]> {
  const book = await readBook(scope)
  const { closed, months } = book
  const adjusting = pendingAdjustments(book).length > 0 ? adjustingMonth(book) : null
  const all = new Set([...months, ...closed.map(({ month }) => month), ...(adjusting ? [adjusting] : [])])
  return [...all].sort().reverse()
}

function rowOf(scope: Scope, book: Book, pending: readonly Adjustment[], month: string): Month {
  const visible = visibleTeams(scope)
  const isVisible = (teamId: TeamId | null) => visible === null || (teamId !== null && visible.includes(teamId))
  const sum = (amounts: readonly { teamId: TeamId | null; amountNanoUsd: bigint }[]) =>
    nanoUsd(amounts.filter(({ teamId }) => isVisible(teamId)).reduce((all, one) => all + one.amountNanoUsd, 0n))
  const closed = book.closed.find((one) => one.month === month)
  const adjustments = closed ? closed.taken : adjustingMonth(book) === month ? pending : []
  const [cost, adjusted] = [sum(partsOf(book, month)), sum(adjustments)]
  const changed = pending.filter((one) => one.month === month && isVisible(one.teamId))
  return {
    ...{ month, state: closed ? 'closed' : 'open' },
    closedAtMs: closed ? (closed.closedAtMs as EpochMs) : null,
    closedBy: closed && visible === null ? closed.closedBy : null,
    ...{ costNanoUsd: cost, adjustmentsNanoUsd: adjusted, totalNanoUsd: nanoUsd(cost + adjusted) },
    ...{ pendingCount: changed.length, pendingNanoUsd: sum(changed) },
    ...closing(scope, book, month),
  }
}

function closing(scope: Scope, book: Book, month: string): Pick<Month, 'isClosable' | 'whyNot'> {
  if (!mayI(scope, 'statements:close')) return { isClosable: false, whyNot: null }
  const reason = whyNotClosable(book, month, scope.now())
  return { isClosable: reason === null, whyNot: reason?.message ?? null }
}

/** What of the month itself is whose: as it was closed, or as it is now. */
function partsOf(book: Book, month: string): { teamId: TeamId | null; amountNanoUsd: bigint }[] {
  const closed = book.closed.find((one) => one.month === month)
  if (closed) {
    const teams = closed.teams.map(({ teamId, owedNanoUsd }) => ({ teamId, amountNanoUsd: owedNanoUsd }))
    return [...teams, { teamId: null, amountNanoUsd: closed.keptNanoUsd }]
  }
  const sums = book.sums.get(month)
  if (!sums) return []
  const { teams, keptNanoUsd } = owed(sums, book.decision, new Set(book.teams.keys()))
  const parts = [...teams].map(([teamId, amountNanoUsd]) => ({ teamId, amountNanoUsd }))
  return [...parts, { teamId: null, amountNanoUsd: keptNanoUsd }]
}
