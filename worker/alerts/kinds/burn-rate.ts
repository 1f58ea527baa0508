import { z } from 'zod'
import type { TeamId } from '../../../db/units/ids.ts'
import { addDays, addMonths, type Day, dayOf, daysIn, type Window } from '../../../db/units/time.ts'
import { HelioxError } from '../../errors.ts'
import { addressOf, costByTeam, costOf, daysInWords, lastCompleteDay } from './days.ts'
import { DollarsOrNone, decimal, nanoOf, whole } from './fields.ts'
import type { AlertKind, AlertScope, Finding } from './kind.ts'
import { teamBudgets } from './team-budgets.ts'
import { dollars } from './words.ts'

const Params = z.object({
  budgetUsd: DollarsOrNone.default('').meta({
    ...{ title: 'Monthly budget, USD', examples: ['20000'] },
    description: 'Empty: the budget of the team; for the company, of every team that has one',
  }),
  slowFactor: decimal(0.1, 100)
    .default(1.1)
    .meta({ title: 'Slow: times the pace', description: 'Of the month so far; 1 is a budget used up at its end' }),
  fastFactor: decimal(0.1, 100).default(1.5).meta({ title: 'Fast: times the pace', description: 'Of the last days' }),
  fastDays: whole(1, 14).default(2).meta({ title: 'Fast: last days' }),
})
type Params = z.output<typeof Params>

/** A budget, and whose it is. */
type Held = { teamId: TeamId | null; name: string; budget: bigint }

/**
 * Spend of the month so far against the pace of a budget that is used up evenly, in two windows: both the month so far
 * (it matters) and the last days (it still goes on) burn faster than their factors, so that it ends soon after the burning
 * does. Multi-window burn rates: Google, The Site Reliability Workbook, chapter 5, "Alerting on SLOs".
 */
export const burnRate: AlertKind<Params> = {
  name: 'burn_rate',
  title: 'Burn rate of a monthly budget',
  describes:
    'Spend of the month so far and of the last complete days, each as a multiple of the pace at which the budget lasts until the end of the month. Both must be above their factor.',
  params: Params,
  of: ['company', 'team'],
  async look(scope, { params, teamId }) {
    const windows = await windowsOf(scope, params.fastDays)
    if (!windows) return []
    const held = await budgetsOf(scope, params, teamId)
    if (held.length === 0) return []
    const [slow, fast] = [await spentBy(scope, windows.slow, held), await spentBy(scope, windows.fast, held)]
    return held.flatMap((one) => findingOf(one, params, windows, slow(one), fast(one)))
  },
}

type Windows = { slow: Window; fast: Window; daysInMonth: number; month: string }

/**
 * The complete days of this month, and the last of them. Null on its first day: nothing of it is complete.
 * @throws HelioxError unavailable `alerts.no_bill`: none of this month has come
 */
async function windowsOf(scope: AlertScope, fastDays: number): Promise<Windows | null> {
  const today = dayOf(scope.now())
  const from = `${today.slice(0, 7)}-01` as Day
  if (today === from) return null
  const before = addDays(await lastCompleteDay(scope), 1)
  if (before <= from) throw new HelioxError('unavailable', 'alerts.no_bill', 'There is no bill of this month yet')
  const first = addDays(before, -fastDays)
  const daysInMonth = daysIn({ from, before: addMonths(from, 1) }).length
  return {
    slow: { from, before },
    fast: { from: first > from ? first : from, before },
    daysInMonth,
    month: today.slice(0, 7),
  }
}

async function budgetsOf(scope: AlertScope, { budgetUsd }: Params, teamId: TeamId | null): Promise<Held[]> {
  const own = budgetUsd === '' ? null : nanoOf(budgetUsd)
  if (own !== null && teamId === null) return [{ teamId, name: 'The company', budget: own }]
  const teams = await teamBudgets(scope, teamId)
  if (own !== null) return teams.map(({ id, name }) => ({ teamId: id, name, budget: own }))
  return teams.flatMap(({ id, name, budgetNanoUsd }) =>
    budgetNanoUsd === null || budgetNanoUsd === 0n ? [] : [{ teamId: id, name, budget: budgetNanoUsd }],
  )
}

/** One question for one budget, one for all teams together. */
async function spentBy(scope: AlertScope, window: Window, held: readonly Held[]): Promise<(one: Held) => bigint> {
  const [only] = held
  if (held.length === 1 && only) {
    const spent = await costOf(scope, window, only.teamId)
    return () => spent
  }
  const byTeam = await costByTeam(scope, window)
  return ({ teamId }) => (teamId && byTeam.get(teamId)) || 0n
}

function findingOf(
  { teamId, name, budget }: Held,
  { slowFactor, fastFactor }: Params,
  { slow, fast, daysInMonth, month }: Windows,
  slowSpent: bigint,
  fastSpent: bigint,
): Finding[] {
  // A multiple of the pace for people to read and to compare; the dollars beside it are exact.
  const times = (spent: bigint, window: Window) =>
    (Number(spent) * daysInMonth) / (Number(budget) * daysIn(window).length)
  const [slowTimes, fastTimes] = [times(slowSpent, slow), times(fastSpent, fast)]
  if (slowTimes < slowFactor || fastTimes < fastFactor) return []
  const fastCount = daysIn(fast).length
  return [
    {
      ...{ groupKey: `${teamId ?? 'company'} ${month}`, teamId, href: addressOf('/explore', slow, teamId) },
      title: `${name} burns its budget ${slowTimes.toFixed(1)} times as fast as it lasts`,
      text: `${dollars(slowSpent)} of ${dollars(budget)} in ${daysInWords(slow)}; the last ${fastCount === 1 ? 'day' : `${fastCount} days`} at ${fastTimes.toFixed(1)} times the pace.`,
      facts: [
        { name: 'Spent this month', value: dollars(slowSpent) },
        { name: 'Budget', value: dollars(budget) },
        { name: 'Month so far', value: `${slowTimes.toFixed(2)} × (rule: ${slowFactor})` },
        {
          name: `Last ${fastCount === 1 ? 'day' : `${fastCount} days`}`,
          value: `${fastTimes.toFixed(2)} × (rule: ${fastFactor})`,
        },
      ],
    },
  ]
}
