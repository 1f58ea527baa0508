import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { demoStatus, removeDemo } from './demo.ts'
import { fillDemo } from './load-demo.ts'

async function withDemo() {
  const heliox = await startHeliox()
  const load = () => fillDemo(heliox.scope)
  const counts = async () => {
    const [row] = await heliox.db.all<Record<string, bigint>>(sql`select
      (select count(*) from ledger_costs) as entries, (select count(*) from jobs) as jobs,
      (select count(*) from teams) as teams, (select count(*) from requests) as requests, (select count(*) from token_usage) as metered,
      (select count(*) from gateway_days) as gateway, (select count(*) from api_keys) as keys, (select count(*) from budgets) as budgets,
      (select count(*) from model_prices) as prices, (select count(*) from deployments) as deployments, (select count(*) from bills where status = 'current' and id > 0) as bills, (select count(*) from usage_snapshots) as usage, (select count(*) from job_day_shares) as shares,
      (select coalesce(sum(billed_nano_usd), 0) from ledger_costs) as billed,
      (select coalesce(sum(cost_nano_usd), 0) from pool_days) as shared, (select count(*) from pool_days) as days`)
    return row as Record<string, bigint>
  }
  return { ...heliox, load, counts }
}

test('the demo is loaded through the door of every file, adds up, and a second load changes nothing', async () => {
  const { load, counts, scope, trpc } = await withDemo()
  await load()
  const first = await counts()
  expect(first.teams).toBe(6n) // five, and the one that serves
  expect(first.jobs).toBeGreaterThan(1_000n)
  expect(first.usage).toBeGreaterThan(100n)
  expect(first.shared).toBe(first.billed)
  expect(await demoStatus(scope)).toEqual({ isLoaded: true })
  for (const basis of ['allocation', 'usage'] as const)
    expect(
      (await trpc.analytics.reconciliation.query({ start: '2025-11-01', end: '2026-03-31', basis })).differenceUsd,
    ).toBe('0.00')
  const { total, findings } = await trpc.analytics.waste.query({ start: '2025-11-01', end: '2026-03-31' })
  for (const share of [total.usefulShare, total.allocatedIdleShare, total.lostWorkShare, total.notMeasuredShare])
    expect(share).toBeGreaterThan(0.02)
  expect(total.unallocatedShare).toBeGreaterThan(0.1)
  expect(findings?.measuredMoreThanHeldPoolDays).toBe(0)
  await load()
  expect(await counts()).toEqual(first)
})

test('the demo has accounts, SKUs, hours, lines without a GPU and one that waits for a rule', async () => {
  const { load, trpc } = await withDemo()
  await load()
  const asked = { start: '2025-11-01', end: '2026-03-31' }
  const { costs } = await trpc.costs.list.query({ limit: 5_000, source: 'demo' })
  const has = (test: (line: (typeof costs)[number]) => boolean) => costs.some(test)
  expect(new Set(costs.map(({ account }) => account).filter(Boolean)).size).toBe(2)
  expect(has(({ gpuType, sku }) => gpuType === '' && sku === 'S3STD')).toBe(true)
  expect(has(({ gpuType, capacityGpuHours }) => gpuType === 'l40s' && Number(capacityGpuHours) > 0)).toBe(true)
  const { lines } = await trpc.gpuRules.unrecognised.query(asked)
  expect(lines.map(({ sku }) => sku)).toContain('SMNBGPU')
  expect(costs.filter(({ date }) => date >= '2026-01-01' && date <= '2026-01-14')).toEqual([])
})

test('removing the demo takes all of it, and twice is once', async () => {
  const { load, counts, scope, db } = await withDemo()
  const empty = await counts()
  await load()
  for (let time = 0; time < 2; time += 1) {
    expect(await removeDemo(scope)).toEqual({ isLoaded: false })
    expect(await counts()).toEqual(empty)
    expect(await demoStatus(scope)).toEqual({ isLoaded: false })
    expect(await db.all(sql`select count(*) as n from cost_entries`)).toEqual([{ n: 0n }])
    expect(await db.all(sql`select count(*) as n from bills where id > 0`)).toEqual([{ n: 0n }])
  }
})

test('removing the demo leaves real rows untouched: same pools, same days, a team of the same name', async () => {
  const { load, counts, scope, send, db, trpc } = await withDemo()
  const costs = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,500.25,240\n2026-02-11,own,h100,1,\n'
  const header = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
  const jobs = `${header}mine,VISION,m,aws,h100,4,2026-02-10T00:00:00Z,2026-02-10T06:00:00Z,completed\n`
  const asked = { start: '2026-02-01', end: '2026-02-28' }
  const answers = async () => [
    await trpc.analytics.byTeam.query(asked),
    await trpc.analytics.byTeam.query({ ...asked, basis: 'usage' }),
    await db.all(sql`select entry_date, billed_nano_usd, source from ledger_costs order by id`),
    await db.all(sql`select day, cost_nano_usd, capacity_gpu_seconds, held_gpu_ms, unallocated_nano_usd, idle_nano_usd
      from pool_days order by day, pool_id`),
    await counts(),
  ]
  const alone = await startHeliox()
  await alone.send('cost-csv', costs)
  await alone.send('jobs-csv', jobs)
  const expected = (await alone.trpc.analytics.byTeam.query(asked)).totalCostUsd
  expect(expected).toBe('501.25')

  await load()
  await send('cost-csv', costs)
  await send('jobs-csv', jobs)
  await send('usage-csv', 'date,provider,gpu_type,gpu_hours\n2026-02-10,aws,h100,12\n') // over the demo's
  await removeDemo(scope)
  const [byTeam, byTeamUsage, entries] = await answers()
  expect(byTeam).toMatchObject({
    totalCostUsd: '501.25',
    rows: [
      { name: 'vision', totalCostUsd: '500.25' },
      { name: '__unallocated__', totalCostUsd: '1.00' },
    ],
  })
  // 4 × 6 h of 240 h bought: a tenth of 500.25; the rest idle; the other pool's hours are not known
  expect(byTeamUsage).toMatchObject({
    rows: [
      { name: 'vision', totalCostUsd: '50.025' },
      { name: '__idle__', totalCostUsd: '450.225' },
      { name: '__unmeasured__', totalCostUsd: '1.00' },
    ],
  })
  expect(entries).toHaveLength(2)
  expect(await counts()).toMatchObject({ entries: 2n, jobs: 1n, teams: 1n, shares: 1n, usage: 1n })
  // half of vision's 24 h were busy, which cost 50.025; nobody measured the other pool, nor did a job hold it
  expect((await trpc.analytics.waste.query(asked)).total).toMatchObject({
    ...{ usefulCostUsd: '25.0125', allocatedIdleCostUsd: '25.0125', notMeasuredCostUsd: '0.00' },
    ...{ unallocatedCostUsd: '451.225', carriedCostUsd: '450.225' },
  })
  expect(await db.all(sql`select name, is_demo from teams`)).toEqual([{ name: 'vision', is_demo: 0n }])
})

test('only administrators remove the demo, on both wires; everybody signed in sees that it is there; it is noted once', async () => {
  const { load, counts, as, json, write, db, stranger } = await withDemo()
  await load()
  const loaded = await counts()
  for (const role of ['finance', 'developer', 'viewer'] as const) {
    const person = await as(role)
    expect(await person.json('/api/v1/demo')).toEqual({ is_loaded: true })
    expect(await person.trpc.demo.status.query()).toEqual({ isLoaded: true })
    expect((await person.write('DELETE', '/api/v1/demo')).body.error.code).toBe('auth.role')
    await expect(person.trpc.demo.remove.mutate()).rejects.toThrow('admin')
  }
  expect((await stranger('/api/v1/demo')).status).toBe(401)
  expect(await counts()).toEqual(loaded)
  const admin = await as('admin')
  for (let time = 0; time < 2; time += 1) expect((await admin.write('DELETE', '/api/v1/demo')).status).toBe(204)
  expect(await admin.trpc.demo.remove.mutate()).toEqual({ status: 'success' })
  expect(await json('/api/v1/demo')).toEqual({ is_loaded: false })
  const noted = await db.all(
    sql`select actor, before_json as b, after_json as a from audit_log where action = 'demo.remove'`,
  )
  expect(noted).toEqual([{ actor: admin.email, b: '{"isLoaded":true}', a: '{"isLoaded":false}' }])
  expect((await write('DELETE', '/api/v1/demo')).body).toBeNull()
})
