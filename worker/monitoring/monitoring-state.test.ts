import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { noteRun } from './clock-runs.ts'
import { tick } from './tick.ts'

const BILL = 'date,provider,gpu_type,cost_usd\n2026-02-10,aws,h100,100\n'

test('the state of Heliox: checks, clock, queue, what is kept and how large it is', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  const empty = await heliox.trpc.monitoring.state.query()
  expect(empty).toMatchObject({
    ...{ stalePoolDays: 0, ledgerCheck: null },
    imports: { queued: 0, underWay: 0, interrupted: 0, failedKept: 0, oldestAt: null },
    answerCache: { hit: 0, miss: 0, notModified: 0, bytes: 0 },
  })
  expect(empty.clock.map(({ finishedAt }) => finishedAt)).toEqual([null, null, null, null, null])
  await heliox.send('cost-csv', BILL)
  await tick(heliox.scope)
  for (const _ of ['made', 'kept']) await heliox.fetch('/api/v1/analytics/extent')
  heliox.moveTo('2026-03-01T12:10:00Z')
  await heliox.write('POST', '/api/v1/uploads', { format: 'cost-csv', file_name: 'a.csv' })
  await heliox.db.$client.execute("update pool_days set is_stale = 1 where day = '2026-02-10'")
  const state = await heliox.json<Record<string, unknown>>('/api/v1/monitoring')
  expect(state).toMatchObject({
    health: { status: 'healthy', checks: expect.arrayContaining([expect.objectContaining({ name: 'clock' })]) },
    clock: [
      ...['tick', 'share', 'ledger_check'].map((task) => ({
        ...{ task, finished_at: '2026-03-01T12:00:00.000Z', ends: [{ finished_at: '2026-03-01T12:00:00.000Z' }] },
      })),
      { task: 'alerts', finished_at: null, ends: [] },
      { task: 'backup', finished_at: null, ends: [] },
    ],
    stale_pool_days: 1,
    ledger_check: { holds: true, is_sample: true },
    imports: { queued: 1, under_way: 0, oldest_at: '2026-03-01T12:10:00.000Z' },
    answer_cache: { hit: 1, miss: 1 },
  })
  expect(state.database_bytes).toBeGreaterThan(100_000)
})

test('the last 50 ends of each task of the clock are kept, those of one task apart from another’s', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T00:00:00Z' })
  await noteRun(heliox.scope, 'share')
  for (let round = 0; round < 60; round += 1) {
    const at = new Date(Date.UTC(2026, 2, 1) + round * 300_000).toISOString()
    heliox.moveTo(at)
    await noteRun(heliox.scope, 'tick')
    await noteRun(heliox.scope, 'tick') // of two that end at once one is kept
  }
  const { clock } = await heliox.trpc.monitoring.state.query()
  expect(clock.map(({ task, ends }) => [task, ends.length])).toEqual([
    ['tick', 50],
    ['share', 1],
    ['ledger_check', 0],
    ['alerts', 0],
    ['backup', 0],
  ])
  const [round] = clock
  expect([round?.finishedAt, round?.ends[0]?.finishedAt]).toEqual(Array(2).fill('2026-03-01T04:55:00.000Z'))
  expect(round?.ends.at(-1)?.finishedAt).toBe('2026-03-01T00:50:00.000Z')
})

test('requests are told by method and endpoint, with failures and times', async () => {
  const { fetch, stranger, trpc, db } = await startHeliox()
  for (const _ of [1, 2]) await fetch('/api/v1/teams')
  await stranger('/metrics') // what this isolate has counted is in the database after it
  await db.$client.execute(
    `insert into metric_cells values ('api_requests_total', '["GET","/api/v1/teams","500"]', '', 2, 0)`,
  )
  const { traffic } = await trpc.monitoring.state.query()
  expect(traffic).toMatchObject({ requestCount: 4, errorCount: 2 })
  expect(traffic.endpoints).toEqual([
    expect.objectContaining({ method: 'GET', endpoint: '/api/v1/teams', requestCount: 4, errorCount: 2 }),
  ])
  expect(traffic.endpoints[0]?.p95Seconds).toBeGreaterThan(0)
  expect(traffic.database.roundTripCount).toBeGreaterThan(0)
})

test('the size of a database that does not tell is not known', async () => {
  const { scope, callerWith, trpc } = await startHeliox()
  expect((await trpc.monitoring.state.query()).databaseBytes).toBeGreaterThan(0)
  const execute = scope.db.$client.execute.bind(scope.db.$client)
  scope.db.$client.execute = ((statement: { sql: string }) => {
    if (statement.sql.includes('pragma')) throw new Error('not authorized')
    return execute(statement)
  }) as typeof execute
  const admin = callerWith({ 'x-api-key': 'an-admin-key-of-this-test' })
  expect((await admin.trpc.monitoring.state.query()).databaseBytes).toBeNull()
})
