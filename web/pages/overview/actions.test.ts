import { expect, test } from 'vitest'
import { actionsOf } from './actions.ts'
import type { BudgetUse } from './budgets.ts'
import type { Waste } from './insight-queries.ts'

const waste = {
  ...{
    unallocatedCostUsd: '10.00',
    allocatedIdleCostUsd: '0.00',
    lostWorkCostUsd: '250.00',
    notMeasuredCostUsd: '-1.00',
  },
} as unknown as Waste['total']
const known = {
  ...{
    waste,
    budgets: [],
    uncostedGpuHours: undefined,
    latestImport: undefined,
    mayImport: true,
    seesWholeCompany: true,
  },
  asked: 'start=2026-01-01&end=2026-01-14&basis=usage&status=completed',
}
const budget = (name: string, state: BudgetUse['state']): BudgetUse => ({
  ...{ teamId: name, name, spentUsd: '1.00', budgetUsd: '1.00', share: 1, expectedUsd: null, state },
})

test('the dearest waste comes first, what is not there is not said, and each leads to its own rows', () => {
  const actions = actionsOf(known)
  expect(actions.map(({ key, amountUsd }) => [key, amountUsd])).toEqual([
    ['lost', '250.00'],
    ['unheld', '10.00'],
  ])
  expect(actions[0]?.href).toBe('/jobs?start=2026-01-01&end=2026-01-14&basis=usage&status=failed&status=cancelled')
})

test('budgets in danger, use without a bill and refused rows are said after the dollars', () => {
  const actions = actionsOf({
    ...known,
    budgets: [budget('vision', 'over'), budget('nlp', 'fast'), budget('speech', 'within')],
    uncostedGpuHours: '12.5',
    latestImport: { importId: 'imp_1', fileName: 'a.csv', status: 'partial_success', failed: 3 },
  })
  expect(actions.slice(2).map(({ title, words }) => `${title}: ${words}`)).toEqual([
    'Over budget this month: vision and 1 more team: raise the budget or slow down.',
    'Used, but not billed yet: 12.5 GPU-hours have no bill and cost nothing here: import it.',
    'The last import refused rows: 3 rows of a.csv to correct.',
  ])
})

test('where nothing is known there is nothing to do', () => {
  expect(actionsOf({ ...known, waste: undefined })).toEqual([])
})
