import { z } from 'zod'
import { usdText } from '../../../db/units/money.ts'
import { dayOf } from '../../../db/units/time.ts'
import { type BudgetOutlook, budgetOutlook } from '../../forecast/budget-outlook.ts'
import type { AlertKind, Finding } from './kind.ts'

const Params = z.object({
  probability: z.coerce.number<number>().min(0.05).max(1).default(0.8).meta({
    title: 'Probability',
    description: 'From 0.05 to 1: how likely the budget is passed before its month is over',
  }),
})

/**
 * A monthly budget that will probably be passed: said before it is. It holds until the month is over or the outlook is
 * better, and its key carries budget and month, so that it is one alert a month.
 */
export const budgetOutlookKind: AlertKind<z.output<typeof Params>> = {
  name: 'budget_outlook',
  title: 'Budget outlook',
  describes:
    'Monthly budgets of teams, of all teams together and of the gateway that will probably be passed before the month is over.',
  params: Params,
  of: ['company', 'team'],
  everyMinutes: 60,
  async look(scope, { params, teamId }) {
    const { outlooks } = await budgetOutlook(scope)
    const thisMonth = dayOf(scope.now()).slice(0, 7)
    const mine = outlooks.filter((one) => teamId === null || one.teamId === teamId)
    return mine
      .filter(({ month, breachProbability }) => month >= thisMonth && (breachProbability ?? 0) >= params.probability)
      .map(findingOf)
  },
}

function findingOf(outlook: BudgetOutlook): Finding {
  const { kind, id, name, teamId, month, state, breachDay, breachEarliest, breachLatest } = outlook
  const percent = Math.round((outlook.breachProbability ?? 0) * 100)
  const title =
    state === 'over'
      ? `${name} is over its budget of ${month}`
      : `${name} will be over its budget of ${month} with ${percent} % probability`
  const when =
    breachDay === null || state === 'over'
      ? ''
      : `Expected on ${breachDay}${breachEarliest && breachLatest ? `, probably between ${breachEarliest} and ${breachLatest}` : ''}. `
  const facts = [
    { name: 'Budget', value: dollars(outlook.budgetNanoUsd) },
    { name: `Spent through ${outlook.spentThrough ?? ''}`, value: dollars(outlook.spentNanoUsd) },
    ...(outlook.expectedNanoUsd === null ? [] : [{ name: 'Expected', value: dollars(outlook.expectedNanoUsd) }]),
  ]
  return {
    groupKey: `${kind}:${id}:${month}`,
    teamId,
    title,
    text: `${when}${outlook.why}`,
    facts,
    href: '/forecast#budgets',
  }
}

/** To the cent, for people. */
function dollars(amount: BudgetOutlook['budgetNanoUsd']): string {
  const [whole = '0', fraction = ''] = usdText(amount).split('.')
  return `$${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${fraction.slice(0, 2).padEnd(2, '0')}`
}
