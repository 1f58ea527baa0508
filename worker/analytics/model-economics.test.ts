import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

/** 1 Feb: 100 over 4 GPU-hours, 3 of bert and 1 of sam that failed. 2 Feb: 20 that nobody held. 31 Jan: 60, all bert's. */
const COSTS = `date,provider,gpu_type,cost_usd,gpu_hours
2026-01-31,aws,a100,60,24
2026-02-01,aws,a100,100,24
2026-02-02,aws,a100,20,24
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
0,nlp,bert,aws,a100,1,2026-01-31T00:00:00Z,2026-01-31T01:00:00Z,completed
1,nlp,bert,aws,a100,1,2026-02-01T00:00:00Z,2026-02-01T02:00:00Z,completed
2,nlp,bert,aws,a100,1,2026-02-01T03:00:00Z,2026-02-01T04:00:00Z,cancelled
3,vision,sam,aws,a100,1,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,failed
4,vision,sam,own,h100,1,2026-02-01T00:00:00Z,2026-02-01T06:00:00Z,completed
`
const CALLS = `request_id,timestamp,team,provider,model,prompt_tokens,completion_tokens,cost_usd
a,2026-02-01T00:00:00Z,nlp,self,bert,400000,100000,2.50
b,2026-02-01T10:00:00Z,vision,openai,gpt-5,900,100,0.25
c,2026-02-01T11:00:00Z,vision,openai,gpt-5,1000,0,
`
const ASKED = { start: '2026-02-01', end: '2026-02-02' }

async function withModels() {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', COSTS)
  await heliox.send('jobs-csv', JOBS)
  await heliox.send('requests-csv', CALLS)
  return heliox
}

test('each model says what it cost, and one job, GPU-hour and million tokens of it; the rows sum to the bill', async () => {
  const { trpc } = await withModels()
  const answer = await trpc.analytics.models.query(ASKED)
  expect(answer).toMatchObject({ totalCostUsd: '120.00', previousTotalCostUsd: '60.00', areTokensKnown: true })
  expect(answer.periods).toEqual(['2026-02-01', '2026-02-02'])
  const [bert, sam, nobody] = answer.rows
  // 75 over two jobs and three hours; one hour of it cancelled; 75 × 2 for a million of half a million tokens
  expect(bert).toMatchObject({
    ...{ name: 'bert', totalCostUsd: '75.00', previousTotalCostUsd: '60.00', jobCount: 2, gpuHours: '3' },
    ...{ costPerJobUsd: '37.50', costPerGpuHourUsd: '25.00', lostJobCount: 1, lostCostUsd: '25.00' },
    ...{ totalTokens: 500_000, costPerMillionTokensUsd: '150.00', meteredCostPerMillionTokensUsd: '5.00' },
    costUsd: ['75.00', '0.00'],
  })
  // 25 for one hour; the six hours without a bill make it no cheaper
  expect(sam).toMatchObject({
    ...{ name: 'sam', totalCostUsd: '25.00', jobCount: 2, gpuHours: '7', costedGpuHours: '1' },
    ...{ costPerGpuHourUsd: '25.00', lostJobCount: 1, lostCostUsd: '25.00', totalTokens: null },
    costPerMillionTokensUsd: null,
  })
  expect(nobody).toMatchObject({ kind: 'unallocated', totalCostUsd: '20.00', jobCount: null, costPerJobUsd: null })
  expect(answer.rows).toHaveLength(3)
  // of 2000 tokens 1000 have a price
  expect(answer.meteredOnly).toEqual([
    {
      ...{ name: 'gpt-5', totalTokens: 2000, meteredCostUsd: '0.25', unpricedTokens: 1000 },
      meteredCostPerMillionTokensUsd: '250.00',
    },
  ])
})

test('on the usage basis the rows and idle sum to the same bill', async () => {
  const { trpc } = await withModels()
  const { rows, totalCostUsd } = await trpc.analytics.models.query({ ...ASKED, basis: 'usage' })
  // 3 of 24 hours of 100, 1 of 24, the rest idle, and all of the second day
  expect(rows.map(({ name, totalCostUsd: cost }) => [name, cost])).toEqual([
    ['bert', '12.50'],
    ['sam', '4.166666667'],
    ['__idle__', '103.333333333'],
  ])
  expect(rows.reduce((sum, row) => sum + Number(row.totalCostUsd), 0)).toBeCloseTo(120, 6)
  expect(totalCostUsd).toBe('120.00')
})

test('beyond the dearest, models are one row, and every sum stays', async () => {
  const { trpc, send } = await withModels()
  const more = ['x', 'y'].map(
    (name) => `${name},nlp,${name},aws,a100,1,2026-02-02T00:00:00Z,2026-02-02T01:00:00Z,failed`,
  )
  await send('jobs-csv', `${JOBS.split('\n')[0]}\n${more.join('\n')}\n`)
  const { rows, totalCostUsd } = await trpc.analytics.models.query({ ...ASKED, top: 1 })
  expect(rows.map(({ name, kind, modelCount, totalCostUsd: cost }) => [name, kind, modelCount, cost])).toEqual([
    ['bert', 'owner', 1, '75.00'],
    ['__other__', 'other', 3, '45.00'],
  ])
  expect(rows[1]).toMatchObject({ jobCount: 4, lostJobCount: 3, lostCostUsd: '45.00', costUsd: ['25.00', '20.00'] })
  expect(totalCostUsd).toBe('120.00')
})

test('what a meter cannot be narrowed by leaves tokens unknown, and what the bill alone knows is refused', async () => {
  const { trpc, fetch } = await withModels()
  const { areTokensKnown, rows, meteredOnly } = await trpc.analytics.models.query({ ...ASKED, provider: ['aws'] })
  expect([areTokensKnown, rows[0]?.totalTokens, meteredOnly]).toEqual([false, null, []])
  expect((await fetch('/api/v1/analytics/models?start=2026-02-01&end=2026-02-02&account=1')).status).toBe(400)
})

test('who sees a team gets its models and its tokens', async () => {
  const heliox = await withModels()
  const team = (await heliox.trpc.teams.list.query({})).teams.find(({ name }) => name === 'vision')!
  const viewer = await heliox.as('viewer', [team.id])
  const { rows, totalCostUsd, meteredOnly, isPartial } = await viewer.trpc.analytics.models.query(ASKED)
  expect([rows.map(({ name }) => name), totalCostUsd, isPartial]).toEqual([['sam'], '25.00', true])
  expect(meteredOnly.map(({ name }) => name)).toEqual(['gpt-5'])
})

test('REST says the same, and CSV is its rows', async () => {
  const { json, fetch } = await withModels()
  const path = '/api/v1/analytics/models?start=2026-02-01&end=2026-02-02'
  const answer = await json<{ rows: Record<string, unknown>[] }>(path)
  expect(answer.rows[0]).toMatchObject({ name: 'bert', cost_per_job_usd: '37.50', cost_usd: ['75.00', '0.00'] })
  const text = await (await fetch(path, { headers: { accept: 'text/csv' } })).text()
  const [head, first] = text.trim().split(/\r?\n/)
  expect(head).toContain('cost_per_gpu_hour_usd')
  expect(first).toMatch(/^bert,owner,1,75\.00,/)
  expect(text.trim().split(/\r?\n/)).toHaveLength(4)
})
