import { and, asc, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { explore } from '../analytics/explore.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { exploreHref, questionOf } from './spend.ts'

const TeamBudget = z.object({
  teamId: AnsweredId('team'),
  name: z.string(),
  costNanoUsd: Usd,
  budgetNanoUsd: Usd.describe('Per calendar month'),
  percent: z.number().nullable().describe('Of the budget, to a tenth; null: the budget is 0'),
  href: z.string(),
})

/** The calendar month up to the digest's last day, beside the budgets of teams that have one. */
export const MonthToDate = z
  .object({
    start: AnsweredDay,
    end: AnsweredDay,
    costNanoUsd: Usd,
    budgets: z.array(TeamBudget).describe('Those that are nearest to their limit first'),
    href: z.string(),
  })
  .nullable()
  .describe('Null: nothing of the month has been billed')
export type MonthToDate = z.output<typeof MonthToDate>

/** What the month of `last` has cost up to that day, against the monthly budgets of the visible teams. */
export async function monthToDate(
  scope: Scope,
  last: Day,
  teamId: TeamId | null,
  billedThroughDay: Day | null,
): Promise<MonthToDate> {
  const start = `${last.slice(0, 7)}-01` as Day
  if (billedThroughDay === null || start > billedThroughDay) return null
  const window = { from: start, before: addDays(last, 1) }
  const every = {
    top: Number.POSITIVE_INFINITY,
    isCounted: false,
    groupBy: ['team'] as const,
    compare: 'none' as const,
  }
  const { rows, totalCostNanoUsd } = await explore(scope, { ...questionOf(window, teamId), ...every })
  const spent = new Map<TeamId, bigint>()
  for (const row of rows) if (row.teamId) spent.set(row.teamId, (spent.get(row.teamId) ?? 0n) + row.totalCostNanoUsd)
  const withBudget = await scope.db
    .select({ teamId: teams.id, name: teams.name, budgetNanoUsd: teams.budgetNanoUsd })
    .from(teams)
    .where(
      and(isNotNull(teams.budgetNanoUsd), teamId ? eq(teams.id, teamId) : undefined, ofVisibleTeams(scope, teams.id)),
    )
    .orderBy(asc(teams.name))
  const budgets = withBudget.map(({ teamId: id, name, budgetNanoUsd }) => {
    const [cost, budget] = [nanoUsd(spent.get(id) ?? 0n), budgetNanoUsd as NanoUsd]
    const percent = budget === 0n ? null : Number((cost * 1000n) / budget) / 10
    return { teamId: id, name, costNanoUsd: cost, budgetNanoUsd: budget, percent, href: exploreHref(window, id) }
  })
  const nearness = ({ percent }: { percent: number | null }) => percent ?? 100 // nothing may be spent
  budgets.sort((a, b) => nearness(b) - nearness(a))
  return { start, end: last, costNanoUsd: totalCostNanoUsd, budgets, href: exploreHref(window, teamId) }
}
