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

test('the same days a year before stand beside, also where they have other groups, and the answer says which days', async () => {
  const { trpc, send, json } = await startHeliox()
  await send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd\n2027-02-28,aws,a100,10.00\n2027-03-01,aws,h100,5.00\n2028-02-27,aws,a100,7.00\n2028-02-29,gcp,h100,30.00\n',
  )
  const leap = { start: '2028-02-28', end: '2028-02-29', groupBy: 'gpu_type' as const, compare: 'year' as const }
  // The 29th is compared with the 28th, once: March 1 is no day of February.
  const answer = await trpc.analytics.explore.query(leap)
  expect(answer.previousDays).toEqual({ start: '2027-02-28', end: '2027-02-28' })
  expect([answer.totalCostUsd, answer.previousTotalCostUsd]).toEqual(['30.00', '10.00'])
  expect(answer.rows.map((row) => [row.names[0], row.totalCostUsd, row.previousTotalCostUsd])).toEqual([
    ['h100', '30.00', '0.00'],
    ['a100', '0.00', '10.00'],
  ])
  const before = await trpc.analytics.explore.query({ ...leap, compare: 'previous' })
  expect([before.previousDays, before.previousTotalCostUsd]).toEqual([
    { start: '2028-02-26', end: '2028-02-27' },
    '7.00',
  ])
  const path = '/api/v1/analytics/explore?start=2028-03-01&end=2028-03-31&group_by=month'
  expect(await json(`${path}&compare=year`)).toMatchObject({
    previous_total_cost_usd: '5.00',
    previous_days: { start: '2027-03-01', end: '2027-03-31' },
  })
  expect(await json(path)).toMatchObject({ previous_total_cost_usd: null, previous_days: null })
})

test('days compare with those just before, or with a year before if that is asked', async () => {
  const { trpc, send } = await startHeliox()
  await send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd\n2025-01-08,aws,a100,4.00\n2026-01-07,aws,a100,6.00\n2026-01-08,aws,a100,9.00\n',
  )
  const day = { start: '2026-01-08', end: '2026-01-08' }
  expect(await trpc.analytics.daily.query(day)).toMatchObject({
    previousTotalCostUsd: '6.00',
    previousDays: { start: '2026-01-07', end: '2026-01-07' },
  })
  expect(await trpc.analytics.daily.query({ ...day, compare: 'year' })).toMatchObject({
    previousTotalCostUsd: '4.00',
    previousDays: { start: '2025-01-08', end: '2025-01-08' },
  })
  expect(await trpc.analytics.daily.query({ ...day, compare: 'none' })).toMatchObject({
    previousTotalCostUsd: null,
    previousDays: null,
  })
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
