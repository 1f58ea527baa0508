import { z } from 'zod'
import { addDays } from '../../db/units/time.ts'
import { anomaliesCsv } from '../anomalies/anomalies-csv.ts'
import { Anomalies, AnomaliesQuestion } from '../anomalies/anomaly-fields.ts'
import { anomalies } from '../anomalies/find-anomalies.ts'
import { decideAnomaly, SaidOf, undoAnomaly } from '../anomalies/verdict.ts'
import { VerdictNamed, VerdictSaid } from '../anomalies/verdict-input.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import { BudgetOutlooks, budgetOutlook } from '../forecast/budget-outlook.ts'
import { forecast } from '../forecast/forecast.ts'
import { forecastCsv } from '../forecast/forecast-csv.ts'
import { Forecast, ForecastAsked } from '../forecast/forecast-fields.ts'
import { NodeCostAsked } from '../node-split/asked.ts'
import { listMethods, MethodsListed } from '../node-split/list-methods.ts'
import { nodeCost } from '../node-split/node-cost.ts'
import { NodeCost } from '../node-split/node-cost-fields.ts'
import { rest } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { EconomicsAsked, UnitEconomics, unitEconomics } from '../unit-economics/unit-economics.ts'
import { WhatIf, WhatIfAsked, whatIf } from '../unit-economics/what-if.ts'
import { BillLines, BillLinesQuestion, billLines } from './bill-lines.ts'
import { costByJob, JobsCost, JobsCostQuestion } from './by-job.ts'
import { DAILY_GROUPS, DailySeries, dailySpend } from './daily-spend.ts'
import type { Name } from './dimensions.ts'
import { Explanation, explain, FigureQuestion } from './explain.ts'
import { EXPLORER_FIELDS, Explored, explore } from './explore.ts'
import { exploredCsv } from './explored-csv.ts'
import { Extent, extent } from './extent.ts'
import { ModelEconomics, ModelsQuestion, modelEconomics, modelsCsv } from './model-economics.ts'
import { Reconciliation, reconciliation } from './reconciliation.ts'
import { AnswerBasis, SpendRow, spendBy } from './spend-by.ts'
import { UtilizationRows, utilizationRows } from './utilization.ts'
import { WASTE_GROUPS, Waste, waste } from './waste.ts'
import { CostQuestion, questionWith } from './window.ts'

/** The documented rows: a bare list, the group under its own name, the dates on each row. */
function by(path: string, summary: string, group: Name, nameKey: string) {
  const { name, teamId, ...figures } = SpendRow.shape
  const Row = z.object({
    [nameKey]: name,
    ...(group === 'team' ? { teamId } : {}),
    ...{ ...figures, ...AnswerBasis, startDate: AnsweredDay, endDate: AnsweredDay },
  })
  const options = { summary, input: CostQuestion, cached: true, answers: z.array(Row) }
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
      cached: true,
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
    { summary: 'Cost per job', input: JobsCostQuestion, cached: true, answers: JobsCost },
    costByJob,
  ),
  rest(
    'GET',
    '/analytics/explain',
    { summary: 'What a figure is made of: its pool-days', input: FigureQuestion, cached: true, answers: Explanation },
    explain,
  ),
  rest(
    'GET',
    '/analytics/explain/lines',
    { summary: 'The bill lines behind pool-days', input: BillLinesQuestion, cached: true, answers: BillLines },
    billLines,
  ),
  rest(
    'GET',
    '/analytics/reconciliation',
    {
      summary: 'Both sides of the bill',
      input: CostQuestion,
      cached: true,
      answers: Reconciliation,
      csvRows: (row) => [row],
    },
    reconciliation,
  ),
  rest(
    'GET',
    '/analytics/explore',
    {
      summary: 'Cost by one or two names and times',
      ...{ input: questionWith(EXPLORER_FIELDS), cached: true, answers: Explored, csvRows: exploredCsv },
    },
    explore,
  ),
  rest(
    'GET',
    '/analytics/models',
    {
      summary: 'What models cost, and one job, GPU-hour and million tokens of each',
      ...{ input: ModelsQuestion, answers: ModelEconomics, csvRows: modelsCsv },
    },
    modelEconomics,
  ),
  rest(
    'GET',
    '/analytics/unit-economics',
    {
      summary: 'What a million tokens of a model cost on own GPUs, beside its list price',
      ...{ input: EconomicsAsked, answers: UnitEconomics },
    },
    unitEconomics,
  ),
  rest(
    'GET',
    '/analytics/unit-economics/what-if',
    { summary: 'The same days at another price, utilisation or API', input: WhatIfAsked, answers: WhatIf },
    whatIf,
  ),
  rest(
    'GET',
    '/analytics/node-cost',
    { summary: 'What nodes cost, and what of it their GPUs', input: NodeCostAsked, cached: true, answers: NodeCost },
    nodeCost,
  ),
  rest(
    'GET',
    '/analytics/node-split-methods',
    { summary: 'The ways to split a node’s cost', input: z.object({}), cached: true, answers: MethodsListed },
    listMethods,
  ),
  rest(
    'GET',
    '/analytics/waste',
    {
      summary: 'What the cost was worth: useful, idle, lost, not measured, held by nobody',
      input: questionWith({ groupBy: z.enum(WASTE_GROUPS).default('none') }),
      cached: true,
      answers: Waste,
    },
    waste,
  ),
  rest(
    'GET',
    '/analytics/utilization',
    {
      summary: 'GPU time held and busy against capacity, per pool and day',
      input: CostQuestion,
      cached: true,
      answers: UtilizationRows,
    },
    utilizationRows,
  ),
  rest(
    'GET',
    '/analytics/anomalies',
    {
      summary: 'Days that cost more or less than expected, and why',
      ...{ input: AnomaliesQuestion, answers: Anomalies, csvRows: anomaliesCsv },
    },
    anomalies,
  ),
  rest(
    'POST',
    '/analytics/anomalies/verdict',
    { summary: 'Say what an anomaly was', input: VerdictSaid, answers: SaidOf, document: { errors: ['not_found'] } },
    decideAnomaly,
  ),
  rest(
    'DELETE',
    '/analytics/anomalies/verdict',
    {
      summary: 'Take back what was said of an anomaly',
      ...{ input: VerdictNamed, status: 204, document: { errors: ['not_found'] } },
    },
    undoAnomaly,
  ),
  rest(
    'GET',
    '/analytics/forecast',
    {
      summary: 'What the next days and the month will cost, with limits, and how well that did on the past',
      ...{ input: ForecastAsked, answers: Forecast, csvRows: forecastCsv },
    },
    forecast,
  ),
  rest(
    'GET',
    '/analytics/budget-outlook',
    {
      summary: 'How likely each monthly budget is passed before its month is over, and when',
      ...{ input: z.object({}), answers: BudgetOutlooks },
    },
    budgetOutlook,
  ),
  rest(
    'GET',
    '/analytics/extent',
    { summary: 'The first and last day with a bill', input: z.object({}), cached: true, answers: Extent },
    extent,
  ),
]
