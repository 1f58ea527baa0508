import { z } from 'zod'
import { daysIn } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { ComparedDays, type Comparison } from './compared-days.ts'
import { NAMES } from './dimensions.ts'
import { explore } from './explore.ts'
import { KINDS } from './ledger.ts'
import { AnswerBasis } from './spend-by.ts'
import type { Question } from './window.ts'

/** One group's cost on each of `days`, zero days included. */
export const DailySeries = z.object({
  name: z.string(),
  kind: z.enum(['total', ...KINDS]),
  teamId: AnsweredId('team').nullable().describe('Null where it is not of one team'),
  costNanoUsd: z.array(Usd),
})
export type DailySeries = z.output<typeof DailySeries>

export const DailySpend = z.object({
  days: z.array(AnsweredDay),
  series: z.array(DailySeries),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable().describe('Of previous_days; null: there are none'),
  previousDays: ComparedDays,
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
 * `exposure` by team or model. Who does not see the whole company gets the part of their teams, in the days before as well. `compare`: with the days just before unless it says otherwise.
 *
 * @throws HelioxError what `explore` throws
 */
export async function dailySpend(
  scope: Scope,
  asked: Question & { groupBy: DailyGroup; compare?: Comparison },
): Promise<DailySpend> {
  const { groupBy, compare = 'previous', ...question } = asked
  const every = { top: Number.POSITIVE_INFINITY, compare, isTotalCompared: true, isCounted: false } as const
  const answer = await explore(scope, {
    ...{ ...question, ...every },
    groupBy: groupBy === 'none' ? ['day'] : ['day', groupBy],
  })
  const { rows, totalCostNanoUsd, previousTotalCostNanoUsd, previousDays } = answer
  const { basis, cost, isAdditive, isPartial, isProvisional } = answer
  return {
    days: daysIn(asked.window),
    // No group is beyond the top: none is in `other`.
    series: rows.flatMap(({ names, kind, teamId, costNanoUsd }) =>
      kind === 'other' ? [] : [{ name: names[0] ?? 'total', kind, teamId, costNanoUsd: costNanoUsd ?? [] }],
    ),
    totalCostNanoUsd,
    previousTotalCostNanoUsd,
    previousDays,
    ...{ basis, cost, isAdditive, isPartial, isProvisional },
  }
}
