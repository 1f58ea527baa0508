import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { closedMonths } from '../../db/schema/statements.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { readBook } from './book.ts'
import { statementOf } from './document.ts'
import { drawUp } from './draw-up.ts'
import { MonthText } from './month.ts'
import { narrowed } from './narrowed.ts'
import { Statement } from './statement-fields.ts'

export const StatementAsked = z.object({
  month: MonthText,
  teamId: IdText('team').optional().describe('One team’s statement; without it all that you see'),
})

export const StatementAlone = Statement.extend({ version: Version })
export type StatementAlone = z.output<typeof StatementAlone>

/**
 * The chargeback statement of a month. A closed month is answered from its document, byte for byte the same for ever; an
 * open one from the ledger as it is now, all of one instant, with the adjustments of closed months if it is the one that
 * takes them. Σ teams + company = bill + adjustments, with a difference of 0, which the statement says. Who does not see
 * the whole company gets their teams' lines alone.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`; `auth.other_team` for a team outside
 * @throws HelioxError not_found `statements.no_part`: that team has no line in that month
 */
export async function statement(
  scope: Scope,
  { month, teamId }: z.output<typeof StatementAsked>,
): Promise<StatementAlone> {
  allow(scope, 'ledger:read')
  if (teamId !== undefined) requireTeam(scope, teamId)
  return versioned(forAsker(scope, await companys(scope, month), teamId))
}

/** The month's lines, for who wants rows: the same as those of the statement. */
export async function statementLines(scope: Scope, asked: z.output<typeof StatementAsked>) {
  return (await statement(scope, asked)).lines
}

/** What of a month's statement is for who asks. @throws HelioxError not_found `statements.no_part` */
export function forAsker(scope: Pick<Scope, 'actor'>, whole: Statement, teamId?: TeamId): Statement {
  const visible = visibleTeams(scope)
  if (teamId === undefined) return visible === null ? whole : narrowed(whole, visible, true)
  if (!whole.teams.some((team) => team.teamId === teamId))
    throw new HelioxError('not_found', 'statements.no_part', `${teamId} has no part in ${whole.month}`)
  return narrowed(whole, [teamId], visible !== null)
}

async function companys(scope: Scope, month: string): Promise<Statement> {
  const { db } = scope
  const [closed] = await db.select().from(closedMonths).where(eq(closedMonths.month, month))
  if (closed) return statementOf(closed.document)
  return drawUp(await readBook(scope, { detail: month }), month).statement
}
