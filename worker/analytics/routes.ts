import { z } from 'zod'
import { addDays } from '../../db/units/time.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import { rest } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { BillLines, BillLinesQuestion, billLines } from './bill-lines.ts'
import { costByJob, JobsCost, JobsCostQuestion } from './by-job.ts'
import { DAILY_GROUPS, DailySeries, dailySpend } from './daily-spend.ts'
import type { Name } from './dimensions.ts'
import { Explanation, explain, FigureQuestion } from './explain.ts'
import { Extent, extent } from './extent.ts'
import { Reconciliation, reconciliation } from './reconciliation.ts'
import { AnswerBasis, SpendRow, spendBy } from './spend-by.ts'
import { CostQuestion, questionWith } from './window.ts'

/** The documented rows: a bare list, the group under its own name, the dates on each row. */
function by(path: string, summary: string, group: Name, nameKey: string) {
  const { name, teamId, ...figures } = SpendRow.shape
  const Row = z.object({
    [nameKey]: name,
    ...(group === 'team' ? { teamId } : {}),
    ...{ ...figures, ...AnswerBasis, startDate: AnsweredDay, endDate: AnsweredDay },
  })
  const options = { summary, input: CostQuestion, answers: z.array(Row) }
  return rest('GET', `/analytics/cost/${path}`, options, async (scope: Scope, asked) => {
    const { rows, totalCostNanoUsd, ...about } = await spendBy(scope, asked, group)
    const dates = { startDate: asked.window.from, endDate: addDays(asked.window.before, -1) }
    return rows.map(({ name: groupName, teamId: ofTeam, ...row }) => ({
      [nameKey]: groupName,
      ...(group === 'team' ? { teamId: ofTeam } : {}),
      ...{ ...row, ...about, ...dates },
    }))
  })
}

const DailyRow = z.object({
  date: AnsweredDay,
  groupBy: z.enum(DAILY_GROUPS).optional().describe('Absent where nothing is grouped, as are group and kind'),
  group: z.string().optional(),
  kind: DailySeries.shape.kind.optional(),
  totalCostNanoUsd: Usd,
  ...AnswerBasis,
})

export const analyticsRoutes = [
  rest(
    'GET',
    '/analytics/cost/daily',
    {
      summary: 'Cost per day, zero days included',
      input: questionWith({ groupBy: z.enum(DAILY_GROUPS).default('none') }),
      answers: z.array(DailyRow),
    },
    async (scope, asked) => {
      const { days, series, basis, cost, isAdditive, isPartial } = await dailySpend(scope, asked)
      return days.flatMap((date, index) =>
        series.map(({ name, kind, costNanoUsd }) => ({
          date,
          ...(asked.groupBy === 'none' ? {} : { groupBy: asked.groupBy, group: name, kind }),
          ...{ totalCostNanoUsd: costNanoUsd[index], basis, cost, isAdditive, isPartial },
        })),
      )
    },
  ),
  by('by-model', 'Cost per model', 'model', 'modelName'),
  by('by-team', 'Cost per team', 'team', 'teamName'),
  by('by-provider', 'Cost per provider', 'provider', 'provider'),
  by('by-gpu-type', 'Cost per GPU type', 'gpu_type', 'gpuType'),
  rest(
    'GET',
    '/analytics/cost/by-job',
    { summary: 'Cost per job', input: JobsCostQuestion, answers: JobsCost },
    costByJob,
  ),
  rest(
    'GET',
    '/analytics/explain',
    { summary: 'What a figure is made of: its pool-days', input: FigureQuestion, answers: Explanation },
    explain,
  ),
  rest(
    'GET',
    '/analytics/explain/lines',
    { summary: 'The bill lines behind pool-days', input: BillLinesQuestion, answers: BillLines },
    billLines,
  ),
  rest(
    'GET',
    '/analytics/reconciliation',
    { summary: 'Both sides of the bill', input: CostQuestion, answers: Reconciliation },
    reconciliation,
  ),
  rest(
    'GET',
    '/analytics/extent',
    { summary: 'The first and last day with a bill', input: z.object({}), answers: Extent },
    extent,
  ),
]
