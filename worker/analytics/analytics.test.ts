import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'

type Row = { total_cost_usd: string } & Record<string, unknown>
const FORTNIGHT = 'start=2026-01-01&end=2026-01-14'

async function documented() {
  const heliox = await startHeliox()
  for (const what of ['cost', 'jobs']) await heliox.fetch(`/api/v1/admin/ingest/${what}/mock`, { method: 'POST' })
  const rows = (path: string) => heliox.json<Row[]>(`/api/v1/analytics/${path}`)
  return { ...heliox, rows }
}

const sum = (rows: readonly Row[]) => rows.reduce((total, row) => total + nano(row.total_cost_usd), 0n)
const BILL = nano('52073.58')

test('the documented fortnight: lists by team and model end in their unallocated row and sum to 52,073.58', async () => {
  const { rows } = await documented()
  const teams = await rows(`cost/by-team?${FORTNIGHT}`)
  expect(teams.map(({ team_name, job_count }) => [team_name, job_count])).toEqual([
    ...[
      ['ai-platform', 10],
      ['ml-research', 10],
      ['data-science', 10],
    ],
    ['__unallocated__', 0],
  ])
  expect(sum(teams)).toBe(BILL)
  const models = await rows(`cost/by-model?${FORTNIGHT}`)
  expect(models.at(-1)).toMatchObject({
    model_name: '__unallocated__',
    start_date: '2026-01-01',
    end_date: '2026-01-14',
  })
  expect(sum(models)).toBe(BILL)
  // Pool-days without a job: A100 on 4, 6 and 12 January, H100 on 7 and 8.
  expect(models.at(-1)?.total_cost_usd).toBe(teams.at(-1)?.total_cost_usd)
})

test('on the usage basis a bill without GPU-hours is unmeasured, not idle and not a copy of the allocation', async () => {
  const { rows } = await documented()
  for (const path of ['by-team', 'by-model']) {
    const list = await rows(`cost/${path}?${FORTNIGHT}&basis=usage`)
    expect(list.at(-1)).toMatchObject({ kind: 'unmeasured', total_cost_usd: '52073.58' })
    expect(sum(list)).toBe(BILL)
  }
})

test('exposure gives each team every pool it touched, is marked as not adding up, and is never the default', async () => {
  const { rows, trpc } = await documented()
  const list = await rows(`cost/by-team?${FORTNIGHT}&basis=exposure`)
  expect(list.map((row) => [row.total_cost_usd, row.is_additive])).toEqual(Array(3).fill(['52073.58', false]))
  const asked = { start: '2026-01-01', end: '2026-01-14' }
  expect(await trpc.analytics.byTeam.query(asked)).toMatchObject({
    basis: 'allocation',
    isAdditive: true,
    totalCostUsd: '52073.58',
  })
})

test('every day of the range is there, zero days included; 2026-01-13 is 4,276.35', async () => {
  const { rows } = await documented()
  const days = await rows('cost/daily?start=2025-12-30&end=2026-01-16')
  expect(days).toHaveLength(18)
  expect(days[0]).toMatchObject({ date: '2025-12-30', total_cost_usd: '0.00' })
  expect(days.find(({ date }) => date === '2026-01-13')?.total_cost_usd).toBe('4276.35') // 1,487.23 + 2,789.12
  expect(sum(days)).toBe(BILL)
  for (const group of ['provider', 'gpu_type', 'team', 'model', 'account', 'region'])
    expect([group, sum(await rows(`cost/daily?${FORTNIGHT}&group_by=${group}`))]).toEqual([group, BILL])
})

test('a one-day range: groups and unallocated are that day’s entries', async () => {
  const { rows } = await documented()
  const list = await rows('cost/by-team?start=2026-01-04&end=2026-01-04')
  expect(list.at(-1)).toMatchObject({ team_name: '__unallocated__', total_cost_usd: '987.54' }) // the A100s of that day
  expect(await rows('cost/by-team?start=2027-01-01&end=2027-01-01')).toEqual([])
})

test('filters narrow every answer alike, case does not matter, and each is repeatable', async () => {
  const { rows, json, trpc } = await documented()
  const h100 = await rows(`cost/by-team?${FORTNIGHT}&gpu_type=H100&provider=AWS`)
  expect(sum(h100)).toBe(sum(await rows(`cost/by-gpu-type?${FORTNIGHT}&gpu_type=h100`)))
  expect(sum(await rows(`cost/by-team?${FORTNIGHT}&gpu_type=h100&gpu_type=a100`))).toBe(BILL)
  const { teams } = await json<{ teams: { id: string }[] }>('/api/v1/teams')
  const own = await rows(`cost/by-model?${FORTNIGHT}&team_id=${teams[0]?.id}`)
  const ofTeam = (await rows(`cost/by-team?${FORTNIGHT}`)).find(({ team_id }) => team_id === teams[0]?.id)
  expect(sum(own)).toBe(nano(ofTeam?.total_cost_usd ?? '0'))
  expect(sum(own)).toBeGreaterThan(0n)
  const both = await trpc.analytics.reconciliation.query({
    start: '2026-01-01',
    end: '2026-01-14',
    teamId: [teams[0]?.id ?? ''],
  })
  expect(nano(both.allocatedCostUsd)).toBe(sum(own))
  expect(both.differenceUsd).toBe('0.00')
})

test('dates that are missing, malformed, impossible or out of order are 400 and name the field', async () => {
  const { fetch } = await startHeliox()
  const asked = ['', 'start=2026-01-01', 'start=2026-1-1&end=2026-01-02', 'start=2026-02-30&end=2026-03-01']
  for (const query of [
    ...asked,
    'start=2026-01-02&end=2026-01-01',
    'start=2001-01-01&end=2026-01-01',
    `${FORTNIGHT}&basis=guess`,
  ]) {
    const response = await fetch(`/api/v1/analytics/cost/by-team?${query}`)
    expect([query, response.status]).toEqual([query, 400])
    const { error } = (await response.json()) as { error: { details: string[] } }
    expect(error.details.join()).toMatch(/start|end|basis/)
  }
})

test('any analytics answer comes as CSV, equal to the JSON to the digit, and a cell that a spreadsheet would run is made harmless', async () => {
  const heliox = await documented()
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,provider,gpu_type,start_time,end_time,status\nx,=1+1,aws,h100,2026-01-07T00:00:00Z,2026-01-07T01:00:00Z,completed',
  )
  const path = `/api/v1/analytics/cost/by-team?${FORTNIGHT}`
  const response = await heliox.fetch(path, { headers: { accept: 'text/csv' } })
  expect(response.headers.get('content-type')).toContain('text/csv')
  const [header = '', ...lines] = (await response.text()).trim().split('\r\n')
  const at = header.split(',').indexOf('total_cost_usd')
  const amounts = lines.map((line) => line.split(',')[at])
  expect(amounts).toEqual((await heliox.rows(path.slice('/api/v1/analytics/'.length))).map((row) => row.total_cost_usd))
  expect(lines.some((line) => line.startsWith("'=1+1,"))).toBe(true)
})

test('jobs and teams are paged as documented, and filters combine', async () => {
  const { json, fetch } = await documented()
  type Page = { jobs: { id: string; team_id: string }[]; total: number; skip: number; limit: number; has_more: boolean }
  expect(await json('/api/v1/jobs')).toMatchObject({ skip: 0, limit: 50, total: 30, has_more: false })
  const pages = await Promise.all([0, 10, 20].map((skip) => json<Page>(`/api/v1/jobs?skip=${skip}&limit=10`)))
  expect(pages.map(({ has_more }) => has_more)).toEqual([true, true, false])
  expect(new Set(pages.flatMap(({ jobs }) => jobs.map(({ id }) => id))).size).toBe(30)
  for (const limit of ['101', '0', '-1', 'x']) expect((await fetch(`/api/v1/jobs?limit=${limit}`)).status).toBe(400)
  const { teams } = await json<{ teams: { id: string; name: string; budget_usd: string }[] }>('/api/v1/teams')
  expect(teams.map(({ name, budget_usd }) => [name, budget_usd])).toEqual([
    ...[
      ['ml-research', '50000.00'],
      ['data-science', '75000.00'],
      ['ai-platform', '100000.00'],
    ],
  ])
  const narrowed = await json<Page>(`/api/v1/jobs?team_id=${teams[1]?.id}&status=COMPLETED&provider=AWS`)
  expect(narrowed.total).toBe(8)
  expect(narrowed.jobs.every(({ team_id }) => team_id === teams[1]?.id)).toBe(true)
  expect(await json('/api/v1/jobs?status=nope')).toMatchObject({ error: { code: 'request.invalid' } })
})

test('the stored figures are the documented ones: count 28, sum, average, minimum, maximum, newest rows', async () => {
  const { json, db } = await documented()
  expect(await json('/api/v1/costs/total?start=2026-01-01&end=2026-01-14')).toMatchObject({
    total_cost_usd: '52073.58',
    count: 28,
  })
  expect(await json('/api/v1/costs/total?start=2027-01-01')).toMatchObject({ total_cost_usd: '0.00', count: 0 })
  const { rows } = await db.$client.execute(`select count(*) n, sum(billed_nano_usd) s, min(billed_nano_usd) least,
    max(billed_nano_usd) most, sum(billed_nano_usd) / count(*) / 10000000 as cents from ledger_costs`)
  expect(Object.values(rows[0] ?? {}).slice(0, 5)).toEqual([28n, BILL, nano('987.54'), nano('2789.12'), 185977n])
  const { costs } = await json<{ costs: Record<string, unknown>[] }>('/api/v1/costs?limit=6')
  expect(costs.map(({ date, provider, gpu_type, cost_usd }) => [date, provider, gpu_type, cost_usd])).toEqual([
    ['2026-01-14', 'aws', 'a100', '1234.67'],
    ['2026-01-14', 'aws', 'h100', '2456.78'],
    ['2026-01-13', 'aws', 'a100', '1487.23'],
    ['2026-01-13', 'aws', 'h100', '2789.12'],
    ['2026-01-12', 'aws', 'a100', '1398.45'],
    ['2026-01-12', 'aws', 'h100', '2567.89'],
  ])
})

test('the latest data is the last day with a bill, not today of a job that runs', async () => {
  const heliox = await documented()
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,provider,gpu_type,start_time,end_time,status\nr,nlp,aws,h100,2026-01-10T00:00:00Z,,running',
  )
  expect(await heliox.trpc.analytics.extent.query()).toEqual({
    ...{ firstDay: '2026-01-01', lastDay: '2026-01-14', isPartial: false },
  })
})
