import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { budgets } from '../../db/schema/budgets.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { addDays, type Day, dayOf, daysIn } from '../../db/units/time.ts'
import { selectBudgets } from '../budgets/budget.ts'
import { conditionOf } from '../gateway/meter/read-budgets.ts'
import { mayI } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { fromFirst, type Histories, type History, histories } from './history.ts'
import { MOST_HISTORY } from './project.ts'

/** A budget of a month, and the days that count in it. */
export type MonthBudget = {
  kind: 'company' | 'team' | 'gateway'
  id: string
  name: string
  teamId: TeamId | null
  limitNanoUsd: bigint
  /** Null: nothing was ever spent of it. */
  history: Pick<History, 'amounts' | 'start'> | null
  /** The last complete day of its history; null: nothing is known. */
  end: Day | null
  /** Of today, which is no history yet but spent. */
  todayNanoUsd: bigint
  href: string
}

/** Budgets that the actor sees: of teams, of all those teams together, and of the gateway, in this order. */
export async function budgetsOfMonth(scope: Scope): Promise<MonthBudget[]> {
  const found = await ofTeams(scope)
  return [...found, ...(mayI(scope, 'requests:read') ? await ofGateway(scope) : [])]
}

async function ofTeams(scope: Scope): Promise<MonthBudget[]> {
  const rows = await scope.db
    .select({ id: teams.id, name: teams.name, budget: teams.budgetNanoUsd })
    .from(teams)
    .where(and(isNotNull(teams.budgetNanoUsd), ofVisibleTeams(scope, teams.id)))
    .orderBy(teams.id)
  if (rows.length === 0) return []
  const question = { measure: 'cost', groupBy: 'team', basis: 'allocation', cost: 'effective' } as const
  const known = await histories(
    scope,
    { ...question, filters: { ...NO_FILTERS, teamId: rows.map(({ id }) => id) } },
    Infinity,
  )
  const all = rows.map(({ id, name, budget }): MonthBudget => {
    const mine = known.histories.filter(({ teamId }) => teamId === id)
    return {
      ...{ kind: 'team', id, name, teamId: id, limitNanoUsd: budget ?? 0n, todayNanoUsd: 0n, end: known.end },
      history: together(mine, known),
      href: `/explore?range=this-month&team_id=${id}&by=model`,
    }
  })
  if (scope.actor.teamIds !== null || all.length < 2) return all
  const limitNanoUsd = all.reduce((sum, one) => sum + one.limitNanoUsd, 0n)
  const company: MonthBudget = {
    ...{
      kind: 'company',
      id: 'company',
      name: 'All teams with a budget',
      teamId: null,
      limitNanoUsd,
      todayNanoUsd: 0n,
    },
    ...{ history: together(known.histories, known), end: known.end, href: '/explore?range=this-month&by=team' },
  }
  return [company, ...all]
}

const NO_FILTERS = {
  ...{ teamId: null, modelName: null, provider: null, gpuType: null, status: null, account: null },
  ...{ region: null, service: null, sku: null, chargeCategory: null, tag: null },
}

/** Histories that end on the same day, added up. */
function together(all: readonly History[], { end }: Histories): MonthBudget['history'] {
  const longest = Math.max(0, ...all.map(({ amounts }) => amounts.length))
  if (end === null || longest === 0) return null
  const amounts = Array.from({ length: longest }, (_, at) =>
    all.reduce((sum, one) => sum + (one.amounts[at - longest + one.amounts.length] ?? 0n), 0n),
  )
  return { start: addDays(end, 1 - longest), amounts }
}

/** Budgets in dollars a month, by the gateway's sums of days; today's part of them is spent, and no history. */
async function ofGateway(scope: Scope): Promise<MonthBudget[]> {
  const stored = await selectBudgets(scope.db, scope, and(eq(budgets.period, 'month'), isNotNull(budgets.limitNanoUsd)))
  const today = dayOf(scope.now())
  const window = { from: addDays(today, -MOST_HISTORY), before: today }
  const days = daysIn(window)
  return Promise.all(
    stored.map(async (budget): Promise<MonthBudget> => {
      const rows = await scope.db.all<{ day: string; cost: bigint }>(sql`
        select day, coalesce(sum(cost_nano_usd), 0) as cost from gateway_days
        where day >= ${window.from} and day <= ${today} and ${conditionOf({ ...budget, scopeId: budget.scopeId ?? '' })}
        group by day`)
      const costs = new Map(rows.map(({ day, cost }) => [day, BigInt(cost)]))
      const amounts = days.map((day) => costs.get(day) ?? 0n)
      const whose =
        budget.scope === 'company' ? 'the company' : `${budget.scope} ${budget.name ?? budget.scopeId ?? ''}`
      return {
        ...{ kind: 'gateway', id: budget.id, name: `Calls of ${whose}`, limitNanoUsd: budget.limitNanoUsd ?? 0n },
        teamId: budget.scope === 'team' ? (budget.scopeId as TeamId) : null,
        history: amounts.some((amount) => amount !== 0n) ? fromFirst({ ...ALONE, start: window.from, amounts }) : null,
        ...{ end: addDays(today, -1), todayNanoUsd: costs.get(today) ?? 0n, href: '/budgets' },
      }
    }),
  )
}

const ALONE = { name: '', kind: 'total', teamId: null } as const
