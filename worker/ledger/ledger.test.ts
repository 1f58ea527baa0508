import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { rebuildOf } from '../analytics/rebuild.ts'
import { ledgerOf } from '../analytics/testing-history.ts'
import { detailedHealth } from '../monitoring/detailed-health.ts'
import { tick } from '../monitoring/tick.ts'
import { lastDue } from '../sources/schedule.ts'
import { startHeliox } from '../testing.ts'
import { checkNightly } from './check-now.ts'
import { keepRebuild, lastCheck } from './kept.ts'

const BILL = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,50,24'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
over,vision,vit,aws,h100,1,2026-02-10T12:00:00Z,2026-02-11T06:00:00Z,completed
short,nlp,bert,aws,h100,1,2026-02-10T12:00:00Z,2026-02-10T13:00:00Z,failed`

async function withEstate() {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  await heliox.send('cost-csv', BILL)
  await heliox.send('jobs-csv', JOBS)
  await tick(heliox.scope)
  const spoil = () => heliox.db.run(sql`update ledger_rollups set allocation_nano_usd = 5 where cube = 'ts'`)
  const audited = () =>
    heliox.db.all<{ action: string; actor: string; after: string }>(
      sql`select action, actor, after_json as after from audit_log where action like 'ledger.%' order by id`,
    )
  const ledger = async () => {
    const { checks } = await detailedHealth(heliox.scope, true)
    const { status, message } = checks.find(({ name }) => name === 'ledger') ?? {}
    return [status, message]
  }
  return { ...heliox, spoil, audited, ledger }
}

test('a broken ledger is told on both wires, mended by a rebuild, and both are in the audit log', async () => {
  const { write, trpc, spoil, audited, db } = await withEstate()
  const before = await ledgerOf({ db })
  expect((await write('POST', '/api/v1/ledger/check')).body).toMatchObject({
    ...{ holds: true, is_sample: true, start_date: '2026-02-10', end_date: '2026-02-11', job_count: 2, findings: [] },
  })
  await spoil()
  const full = await trpc.ledger.check.mutate({ full: true })
  expect(full).toMatchObject({
    holds: false,
    isSample: false,
    findings: [
      { rule: 'rollup_ts', count: 3 },
      { rule: 'rollup_TS', count: 2 },
    ],
  })
  const of = await write('POST', '/api/v1/ledger/check', { start: '2026-02-11', end: '2026-02-11' })
  expect(of.body.findings).toMatchObject([{ rule: 'rollup_ts', count: 1 }, { rule: 'rollup_TS' }])
  const made = await write('POST', '/api/v1/ledger/rebuild')
  expect([made.status, made.body]).toMatchObject([
    202,
    { is_done: true, phase: 'done', start_date: null, job_count: 2, recut_count: 0, day_count: 2, month_count: 1 },
  ])
  expect(await ledgerOf({ db })).toEqual(before)
  expect((await trpc.ledger.check.mutate({})).holds).toBe(true)
  expect((await write('GET', '/api/v1/ledger')).body).toMatchObject({
    check: { holds: true, is_sample: true },
    rebuild: { is_done: true, finished_at: '2026-03-01T12:00:00.000Z', started_by: 'admin key' },
  })
  expect((await audited()).map(({ action }) => action)).toEqual([
    ...['ledger.check', 'ledger.check', 'ledger.check', 'ledger.rebuild', 'ledger.check'],
  ])
  expect((await audited())[1]?.after).toContain('rollup_ts: 3')
})

test('a rebuild that one call did not finish goes on with the clock, and by asking again; other days have to wait', async () => {
  const heliox = await withEstate()
  const begun = { startedAtMs: heliox.now(), startedBy: 'ann@example.com', finishedAtMs: null }
  const before = await ledgerOf(heliox)
  for (const goOn of [() => tick(heliox.scope), () => heliox.write('POST', '/api/v1/ledger/rebuild')]) {
    await heliox.spoil()
    await keepRebuild(heliox.scope, { ...rebuildOf(), ...begun, phase: 'days', at: '2026-02-11', dayCount: 1 })
    const other = await heliox.write('POST', '/api/v1/ledger/rebuild', { start: '2026-02-01' })
    expect([other.status, other.body.error.code]).toEqual([409, 'ledger.rebuild_under_way'])
    await goOn()
    expect((await heliox.trpc.ledger.state.query()).rebuild).toMatchObject({
      ...{ isDone: true, dayCount: 2, startedBy: 'ann@example.com', finishedAt: '2026-03-01T12:00:00.000Z' },
    })
    // It had passed the first day: what was spoiled there is for the next one.
    expect(await ledgerOf(heliox)).not.toEqual(before)
  }
  await heliox.write('POST', '/api/v1/ledger/rebuild')
  expect(await ledgerOf(heliox)).toEqual(before)
})

test('once a night the clock checks; what it finds is in the health, in the log of errors and in the audit log', async () => {
  const heliox = await withEstate()
  const checked = async () => (await lastCheck(heliox.scope))?.finishedAtMs
  expect(await checked()).toBe(Date.parse('2026-03-01T12:00:00Z')) // the first round of all
  await heliox.spoil()
  heliox.moveTo('2026-03-02T01:59:00Z')
  const round = () => tick(heliox.scope, null, 2)
  await round()
  expect(await heliox.ledger()).toEqual(['healthy', 'Costs are shared out'])
  heliox.moveTo('2026-03-02T02:00:00Z')
  const logged: [string, unknown][] = []
  const log = { ...heliox.scope.log, error: (event: string, fields: unknown) => void logged.push([event, fields]) }
  await tick({ ...heliox.scope, log } as typeof heliox.scope, null, 2)
  expect(logged).toMatchObject([['ledger.broken', { findings: [{ rule: 'rollup_ts' }, { rule: 'rollup_TS' }] }]])
  expect(await heliox.ledger()).toEqual([
    'degraded',
    'The check of 2026-03-02T02:00:00.000Z found that the ledger does not hold. The sums per team and status and day are those of the pool-days: not in 3. The sums per team and status and month are those of its days: not in 2',
  ])
  heliox.moveTo('2026-03-02T02:05:00Z')
  await round()
  expect(await checked()).toBe(lastDue(heliox.now(), 2)) // once
  expect((await heliox.audited()).map(({ action, actor }) => [action, actor])).toEqual([['ledger.broken', 'test']])
  await heliox.write('POST', '/api/v1/ledger/rebuild')
  await round() // looks again after a rebuild
  expect(await heliox.ledger()).toEqual(['healthy', 'Costs are shared out'])
})

test('a check that cannot be made stops nothing else, and is tried again', async () => {
  const heliox = await withEstate()
  await heliox.db.run(sql`alter table bill_days rename to bill_days_gone`)
  heliox.moveTo('2026-03-02T03:00:00Z')
  const logged: string[] = []
  const log = { ...heliox.scope.log, error: (event: string) => void logged.push(event) }
  await checkNightly({ ...heliox.scope, log } as typeof heliox.scope, 2)
  expect(logged).toEqual(['ledger.check_failed'])
  await heliox.db.run(sql`alter table bill_days_gone rename to bill_days`)
  await tick(heliox.scope)
  expect((await lastCheck(heliox.scope))?.finishedAtMs).toBe(heliox.now())
})

test.each([
  ['an end before the start', { start: '2026-02-02', end: '2026-02-01' }],
  ['no day', { start: 'yesterday' }],
])('%s is refused', async (_what, body) => {
  const { write } = await startHeliox()
  for (const what of ['check', 'rebuild'])
    expect((await write('POST', `/api/v1/ledger/${what}`, body)).status).toBe(400)
})
