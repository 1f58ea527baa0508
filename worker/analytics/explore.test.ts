import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'

const FORTNIGHT = { start: '2026-01-01', end: '2026-01-14' }

async function documented() {
  const heliox = await startHeliox()
  for (const what of ['cost', 'jobs']) await heliox.fetch(`/api/v1/admin/ingest/${what}/mock`, { method: 'POST' })
  return heliox
}

test('weeks and months are dense, and the rows of any two names sum to 52,073.58', async () => {
  const { trpc } = await documented()
  const weeks = await trpc.analytics.explore.query({ ...FORTNIGHT, groupBy: ['week', 'team'], compare: 'previous' })
  expect(weeks.periods).toEqual(['2025-12-29', '2026-01-05', '2026-01-12'])
  expect(weeks.totalCostUsd).toBe('52073.58')
  expect(weeks.previousTotalCostUsd).toBe('0.00')
  for (const row of weeks.rows)
    expect(row.costUsd?.reduce((sum, cost) => sum + nano(cost), 0n)).toBe(nano(row.totalCostUsd))
  const pairs = await trpc.analytics.explore.query({ ...FORTNIGHT, groupBy: ['gpu_type', 'team'], top: 2 })
  expect(pairs.rows.map(({ kind, groupCount }) => [kind, groupCount])).toEqual([
    ['owner', 1],
    ['owner', 1],
    ['other', 4],
    ['unallocated', 1],
    ['unallocated', 1],
  ])
  expect(pairs.rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(nano('52073.58'))
})

test('the explorer as JSON and as CSV, equal to the digit', async () => {
  const { json, fetch } = await documented()
  const path = '/api/v1/analytics/explore?start=2026-01-01&end=2026-01-14&group_by=month&group_by=account'
  expect(await json(path)).toMatchObject({
    ...{ group_by: ['month', 'account'], periods: ['2026-01'], total_cost_usd: '52073.58' },
    rows: [{ names: [''], job_count: null, cost_usd: ['52073.58'] }],
  })
  const csv = await (await fetch(path, { headers: { accept: 'text/csv' } })).text()
  expect(csv.split('\r\n').slice(0, 2)).toEqual([
    'month,account,kind,cost_usd,basis,cost,is_additive,is_partial',
    '2026-01,,owner,52073.58,allocation,effective,true,false',
  ])
})
