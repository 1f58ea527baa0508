import { z } from 'zod'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { breachOf } from './breach.ts'
import { budgetsOfMonth, type MonthBudget } from './budgets-of-month.ts'
import { actualOfMonth, daysToMonthEnd, outlookOf } from './forecast.ts'
import { sumLimits } from './paths.ts'
import { LEAST_DAYS } from './run-rate.ts'

/** over: passed already. likely from 80 %, possible from 20 %. unknown: too little history to say. */
export const OUTLOOK_STATES = ['over', 'likely', 'possible', 'unlikely', 'unknown'] as const

export const BudgetOutlook = z.object({
  kind: z.enum(['company', 'team', 'gateway']).describe('company: the budgets of all teams together, and their cost'),
  id: z.string().meta({ examples: ['team_3'] }),
  name: z.string(),
  teamId: AnsweredId('team').nullable(),
  month: z.string().meta({ examples: ['2026-01'] }),
  state: z.enum(OUTLOOK_STATES),
  budgetNanoUsd: Usd,
  spentNanoUsd: Usd.describe('Of the month, up to spent_through and, of calls of the gateway, today'),
  spentThrough: AnsweredDay.nullable(),
  expectedNanoUsd: Usd.nullable().describe('At the end of the month; null: unknown'),
  low80NanoUsd: Usd.nullable(),
  high80NanoUsd: Usd.nullable(),
  breachProbability: z.number().nullable().describe('0–1; null: unknown'),
  breachDay: AnsweredDay.nullable().describe(
    'First day on which half of the paths are above it; null: within the month none',
  ),
  breachEarliest: AnsweredDay.nullable().describe(
    'With breach_latest: where four in five of the paths that pass it do so',
  ),
  breachLatest: AnsweredDay.nullable(),
  why: z.string(),
  href: z.string().describe('Where its cost is'),
})
export type BudgetOutlook = z.output<typeof BudgetOutlook>
export const BudgetOutlooks = z.object({ outlooks: z.array(BudgetOutlook), isPartial: z.boolean() })

const LIKELY = 0.8
const POSSIBLE = 0.2

/**
 * How likely each monthly budget is passed before its month is over, and when: of teams, of all of them together, and of the
 * gateway; most likely first. By the same paths as the forecast of the month. The month is that of the first day not yet
 * known. Who does not see the whole company gets the budgets of their teams.
 */
export async function budgetOutlook(scope: Scope): Promise<z.output<typeof BudgetOutlooks>> {
  allow(scope, 'ledger:read')
  const all = await budgetsOfMonth(scope)
  const outlooks = all.map(outlookOfBudget)
  const rank = ({ breachProbability, state }: BudgetOutlook) => (state === 'over' ? 2 : (breachProbability ?? -1))
  outlooks.sort((a, b) => rank(b) - rank(a))
  return { outlooks, isPartial: visibleTeams(scope) !== null }
}

export function outlookOfBudget(budget: MonthBudget): BudgetOutlook {
  const { kind, id, name, teamId, limitNanoUsd, history, end, todayNanoUsd, href } = budget
  const about = { kind, id, name, teamId, budgetNanoUsd: nanoUsd(limitNanoUsd), href }
  if (history === null || end === null) {
    const why = 'Nothing was ever spent of it.'
    return { ...about, ...UNKNOWN, month: '', spentNanoUsd: nanoUsd(todayNanoUsd), spentThrough: end, why }
  }
  const { amount, days: known } = actualOfMonth(history, end)
  const spent = amount + todayNanoUsd
  const first = addDays(end, 1)
  const month = first.slice(0, 7)
  const said = { ...about, month, spentNanoUsd: nanoUsd(spent), spentThrough: end }
  if (spent > limitNanoUsd)
    return { ...said, ...over(known === 0 ? [] : history.amounts.slice(-known), limitNanoUsd, budget) }
  if (history.amounts.length < LEAST_DAYS)
    return {
      ...said,
      ...UNKNOWN,
      why: `Not enough history: ${history.amounts.length} complete days, need ${LEAST_DAYS}.`,
    }
  const rest = daysToMonthEnd(end)
  const { points, paths, why } = outlookOf(history, rest, { end, future: { steps: [], assumes: [] } })
  const breach = breachOf(paths, rest, Number(amount), Number(limitNanoUsd), first)
  const sums = sumLimits(paths, rest)
  const { probability } = breach
  const whole = (value: number) => storable(amount + BigInt(Math.round(value)))
  return {
    ...said,
    state: probability >= LIKELY ? 'likely' : probability >= POSSIBLE ? 'possible' : 'unlikely',
    expectedNanoUsd: storable(points.reduce((sum, point) => sum + point, amount)),
    ...{ low80NanoUsd: whole(sums.low80), high80NanoUsd: whole(sums.high80) },
    breachProbability: Math.round(probability * 1000) / 1000,
    ...{ breachDay: breach.day, breachEarliest: breach.earliest, breachLatest: breach.latest, why },
  }
}

const UNKNOWN = {
  ...{ state: 'unknown' as const, expectedNanoUsd: null, low80NanoUsd: null, high80NanoUsd: null },
  ...{ breachProbability: null, breachDay: null, breachEarliest: null, breachLatest: null },
}

/** What is only expected may be more than can be stored; it is said as the most that can be. */
function storable(amount: bigint): NanoUsd {
  return nanoUsd(amount > MOST ? MOST : amount < -MOST ? -MOST : amount)
}
const MOST = 2n ** 63n - 1n

/** Passed already: the day on which it was is known. */
function over(days: readonly bigint[], limit: bigint, { end, history, todayNanoUsd }: MonthBudget) {
  let sum = 0n
  const at = days.findIndex((amount) => {
    sum += amount
    return sum > limit
  })
  const last = end as NonNullable<typeof end>
  const day = addDays(last, at === -1 ? 1 : at + 1 - days.length)
  const rest = daysToMonthEnd(last)
  const spent = days.reduce((all, amount) => all + amount, 0n)
  const isTold = history !== null && history.amounts.length >= LEAST_DAYS
  const next = isTold ? outlookOf(history, rest, { end: last, future: { steps: [], assumes: [] } }) : null
  const sums = next && sumLimits(next.paths, rest)
  const whole = (value: number) => storable(spent + BigInt(Math.round(value)))
  return {
    ...{ state: 'over' as const, breachProbability: 1, breachDay: day, breachEarliest: day, breachLatest: day },
    expectedNanoUsd: next && storable(next.points.reduce((all, point) => all + point, spent)),
    low80NanoUsd: sums && whole(sums.low80),
    high80NanoUsd: sums && whole(sums.high80),
    why: `It was passed on ${day}${todayNanoUsd > 0n && at === -1 ? ', today' : ''}.`,
  }
}
