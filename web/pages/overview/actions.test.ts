import { expect, test } from 'vitest'
import type { Filter } from '../../choice/choice.ts'
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
    gpus: { unheldUsd: '10.00', carriedUsd: '0.00', otherUsd: '0.00' } as const,
    budgets: [],
    uncostedGpuHours: undefined,
    latestImport: undefined,
    mayImport: true,
    seesWholeCompany: true,
  },
  asked: { range: { preset: '30d' }, filters: [{ name: 'status', value: 'completed' }] } as const,
}
const budget = (name: string, state: BudgetUse['state']): BudgetUse => ({
  ...{
    teamId: name,
    name,
    spentUsd: state === 'over' ? '1.25' : '0.50',
    budgetUsd: '1.00',
    share: 1,
    expectedUsd: state === 'fast' ? 1.5 : null,
    state,
  },
})

test('the dearest waste comes first, what is not there is not said, and each leads to its own rows', () => {
  const actions = actionsOf(known)
  expect(actions.map(({ key, amountUsd }) => [key, amountUsd])).toEqual([
    ['lost', '250.00'],
    ['unheld', '10.00'],
  ])
  expect(actions[0]?.href).toBe('/jobs?range=30d&status=failed&status=cancelled')
  expect(actions[1]?.href).toBe('/utilization?range=30d&status=completed&worth=pool#worth')
})

test('budgets in danger, use without a bill and refused rows are said too', () => {
  const actions = actionsOf({
    ...known,
    asked: { ...known.asked, filters: [] },
    budgets: [budget('vision', 'over'), budget('nlp', 'fast'), budget('speech', 'within')],
    uncostedGpuHours: '12.5',
    latestImport: { importId: 'imp_1', fileName: 'a.csv', status: 'partial_success', failed: 3 },
  })
  expect(actions.slice(2).map(({ title, words }) => `${title}: ${words}`)).toEqual([
    'Over budget this month: vision and 1 more team: above the budget by this much. Raise it or slow down.',
    'Used, but not billed yet: 12.5 GPU-hours have no bill and cost nothing here: import it.',
    'The last import refused rows: 3 rows of a.csv to correct.',
  ])
})

test('a budget says by how much it is passed, and leads to what it went on', () => {
  const [action] = actionsOf({
    ...known,
    asked: { ...known.asked, filters: [] },
    waste: undefined,
    budgets: [budget('team_1', 'fast')],
  })
  expect([action?.amountUsd, action?.href]).toEqual(['0.50', '/explore?range=this-month&team_id=team_1&by=model'])
})

test('what is no GPU cannot be given back, and what jobs carry is said', () => {
  const actions = actionsOf({ ...known, gpus: { unheldUsd: '1200.00', carriedUsd: '1000.00', otherUsd: '7.25' } })
  expect(actions.find(({ key }) => key === 'unheld')).toMatchObject({
    amountUsd: '1200.00',
    words:
      'Idle hours of GPUs and days without a job; by allocation jobs carry $1,000.00 of it. $7.25 for what is no GPU is not in it. Give GPUs back, or fill them.',
  })
})

test('where nothing is known there is nothing to do', () => {
  expect(actionsOf({ ...known, waste: undefined })).toEqual([])
})

test('advice is about what the page shows: a team’s budget, of a part of the costs none, and no file of all', () => {
  const asking = (filters: readonly Filter[]) =>
    actionsOf({
      ...known,
      waste: undefined,
      budgets: [budget('vision', 'over'), budget('nlp', 'fast')],
      latestImport: { importId: 'imp_1', fileName: 'a.csv', status: 'failed', failed: 0 },
      asked: { ...known.asked, filters },
    }).map(({ key, words }) => [key, words.split(':')[0]])
  expect(asking([])).toEqual([
    ['budgets', 'vision and 1 more team'],
    ['import', 'Nothing of a.csv was stored.'],
  ])
  expect(asking([{ name: 'team_id', value: 'nlp' }])).toEqual([['budgets', 'nlp']])
  expect(asking([{ name: 'gpu_type', value: 'h100' }])).toEqual([])
})
