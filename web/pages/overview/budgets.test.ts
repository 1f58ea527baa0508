import { expect, test } from 'vitest'
import { budgetUse } from './budgets.ts'

const team = (id: `team_${number}`, budgetUsd: `${number}` | null) => ({
  ...{ id, name: id, description: '', budgetUsd, isDemo: false, createdAt: '' },
})
const spent = (teamId: `team_${number}`, totalCostUsd: `${number}`) => ({
  ...{ name: teamId, kind: 'owner' as const, teamId, totalCostUsd, jobCount: 1 },
  ...{ gpuHours: '1' as const, unmeasuredGpuHours: '0' as const },
})

test('a team is over its budget, on the way over it, or within; the one in most trouble first', () => {
  const teams = [team('team_1', '1000'), team('team_2', '300'), team('team_3', '50'), team('team_4', null)]
  const rows = [spent('team_1', '100.00'), spent('team_2', '110.00'), spent('team_3', '60.00')]
  const uses = budgetUse(teams, rows, '2026-06-12', '2026-06-10')
  // 10 of 30 days are billed: three times what was spent
  expect(uses.map(({ teamId, state, expectedUsd }) => [teamId, state, Math.round(expectedUsd!)])).toEqual([
    ['team_3', 'over', 180],
    ['team_2', 'fast', 330],
    ['team_1', 'within', 300],
  ])
})

test('where this month has no bill yet nobody knows a pace', () => {
  const [use] = budgetUse([team('team_1', '10')], [], '2026-06-02', '2026-05-31')
  expect(use).toMatchObject({ spentUsd: '0.00', expectedUsd: null, share: 0, state: 'within' })
})
