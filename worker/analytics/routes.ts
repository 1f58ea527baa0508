import { z } from 'zod'
import { addDays } from '../../db/units/time.ts'
import { rest } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { dailySpend } from './daily-spend.ts'
import { GROUPS, type Group } from './ledger.ts'
import { extent, reconciliation } from './reconciliation.ts'
import { spendBy } from './spend-by.ts'
import { CostQuestion, questionWith } from './window.ts'

/** The documented rows: a bare list, the group under its own name, the dates on each row. */
function by(path: string, summary: string, group: Group, nameKey: string) {
  return rest('GET', `/analytics/cost/${path}`, { summary, input: CostQuestion }, async (scope: Scope, asked) => {
    const { rows, basis, isAdditive } = await spendBy(scope, asked, group)
    const dates = { startDate: asked.window.from, endDate: addDays(asked.window.before, -1) }
    return rows.map(({ name, kind, teamId, totalCostNanoUsd, jobCount, gpuSeconds, unmeasuredGpuSeconds }) => ({
      [nameKey]: name,
      ...(group === 'team' ? { teamId } : {}),
      ...{ totalCostNanoUsd, jobCount, gpuSeconds, unmeasuredGpuSeconds, kind, basis, isAdditive, ...dates },
    }))
  })
}

export const analyticsRoutes = [
  rest(
    'GET',
    '/analytics/cost/daily',
    { summary: 'Cost per day, zero days included', input: questionWith({ groupBy: z.enum(GROUPS).default('none') }) },
    async (scope, asked) => {
      const { days, series, basis, isAdditive } = await dailySpend(scope, asked)
      return days.flatMap((date, index) =>
        series.map(({ name, kind, costNanoUsd }) => ({
          date,
          ...(asked.groupBy === 'none' ? {} : { groupBy: asked.groupBy, group: name, kind }),
          ...{ totalCostNanoUsd: costNanoUsd[index], basis, isAdditive },
        })),
      )
    },
  ),
  by('by-model', 'Cost per model', 'model', 'modelName'),
  by('by-team', 'Cost per team', 'team', 'teamName'),
  by('by-provider', 'Cost per provider', 'provider', 'provider'),
  by('by-gpu-type', 'Cost per GPU type', 'gpu_type', 'gpuType'),
  rest('GET', '/analytics/reconciliation', { summary: 'Both sides of the bill', input: CostQuestion }, reconciliation),
  rest('GET', '/analytics/extent', { summary: 'The first and last day with a bill', input: z.object({}) }, extent),
]
