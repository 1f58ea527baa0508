import { z } from 'zod'
import { daysIn } from '../../db/units/time.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { NAMES } from './dimensions.ts'
import { explore } from './explore.ts'
import { KINDS } from './ledger.ts'
import { AnswerBasis } from './spend-by.ts'
import type { Question } from './window.ts'

/** One group's cost on each of `days`, zero days included. */
export const DailySeries = z.object({ name: z.string(), kind: z.enum(['total', ...KINDS]), costNanoUsd: z.array(Usd) })
export type DailySeries = z.output<typeof DailySeries>

export const DailySpend = z.object({
  days: z.array(AnsweredDay),
  series: z.array(DailySeries),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable().describe(
    'The same number of days just before the window; null: they cannot be told in the time zone',
  ),
  ...AnswerBasis,
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
})
export type DailySpend = z.output<typeof DailySpend>

/** What a daily series is grouped by. */
export const DAILY_GROUPS = ['none', ...NAMES] as const
export type DailyGroup = (typeof DAILY_GROUPS)[number]

/**
 * What each day of the window cost, every day of it, in one series (`none`) or one per group; dearest group first, then
 * idle, unmeasured and unallocated: the explorer's answer by day, with every group. Σ series = total, except under
 * `exposure` by team or model. Who does not see the whole company gets the part of their teams, in the days before as well.
 *
 * @throws HelioxError what `explore` throws
 */
export async function dailySpend(scope: Scope, asked: Question & { groupBy: DailyGroup }): Promise<DailySpend> {
  const { groupBy, ...question } = asked
  const every = { top: Number.POSITIVE_INFINITY, compare: 'total', isCounted: false } as const
  const { rows, totalCostNanoUsd, previousTotalCostNanoUsd, basis, cost, isAdditive, isPartial, isProvisional } =
    await explore(scope, { ...question, ...every, groupBy: groupBy === 'none' ? ['day'] : ['day', groupBy] })
  return {
    days: daysIn(asked.window),
    // No group is beyond the top: none is in `other`.
    series: rows.flatMap(({ names, kind, costNanoUsd }) =>
      kind === 'other' ? [] : [{ name: names[0] ?? 'total', kind, costNanoUsd: costNanoUsd ?? [] }],
    ),
    totalCostNanoUsd,
    previousTotalCostNanoUsd,
    ...{ basis, cost, isAdditive, isPartial, isProvisional },
  }
}
