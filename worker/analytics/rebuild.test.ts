import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { tick } from '../monitoring/tick.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { rebuildLedger, rebuildOf, rebuildStep } from './rebuild.ts'
import { clear, costFile, estate, jobFile, NOW, window } from './testing.ts'
import { history, ledgerOf, live } from './testing-history.ts'

test('random estates with a history: the ledger made anew from the facts is the one that grew, byte for byte', async () => {
  const heliox = await startHeliox({ now: NOW })
  const happened = new Map<string, number>()
  let rows = 0
  await fc.assert(
    fc.asyncProperty(history, async (random) => {
      await clear(heliox)
      for (const what of await live(heliox, random)) happened.set(what, (happened.get(what) ?? 0) + 1)
      const before = await ledgerOf(heliox)
      const { recutCount } = await rebuildLedger(heliox.scope)
      expect(await ledgerOf(heliox)).toEqual(before)
      expect(recutCount).toBe(0)
      rows += before.ledger_rollups?.length ?? 0
    }),
    { numRuns: 80, seed: 20260301 },
  )
  expect(rows).toBeGreaterThan(1000)
  for (const what of ['files', 'bill', 'removeImport', 'removeJob', 'removeCost', 'removeTeam', 'editJob', 'moveJob'])
    expect([what, (happened.get(what) ?? 0) > 5]).toEqual([what, true])
  for (const what of ['editCost', 'time']) expect([what, (happened.get(what) ?? 0) > 5]).toEqual([what, true])
}, 240_000)

/** Ways to spoil what is derived, each in its own table. */
const DAMAGE = [
  'delete from ledger_rollups',
  'delete from ledger_cells',
  'delete from job_day_shares',
  'delete from pool_days',
  `delete from bill_days where bill_id in (select id from bills where status = 'current')`,
  'delete from owners',
  `update ledger_rollups set allocation_nano_usd = allocation_nano_usd + 7, cell_count = cell_count + 1`,
  `update ledger_cells set usage_nano_usd = usage_nano_usd + 7, gpu_ms = gpu_ms + 1`,
  `update job_day_shares set gpu_ms = gpu_ms + 1000, is_first = 1 - is_first`,
  `update job_day_shares set day = date(day, '+1 year')`,
  `update pool_days set cost_nano_usd = 1, idle_nano_usd = 5, held_gpu_ms = 3`,
  `update bill_days set effective_nano_usd = effective_nano_usd + 7
    where bill_id in (select id from bills where status = 'current')`,
  `insert into ledger_cells (day, pool_id, owner_id, allocation_nano_usd) values ('2020-01-01', 1, 1, 5)`,
  `insert into ledger_rollups (cube, period, pool_id, team_id, model_id, status, cell_count) values
    ('ts', '2020-05-01', 0, 1, 0, 1, 1), ('PM', '2020-07', 1, 0, 1, 0, 1)`,
]

test('whatever was spoiled of the ledger, a rebuild mends it', async () => {
  const heliox = await startHeliox({ now: NOW })
  let spoiled = 0
  await fc.assert(
    fc.asyncProperty(history, fc.subarray(DAMAGE, { minLength: 1, maxLength: 3 }), async (random, damage) => {
      await clear(heliox)
      await live(heliox, random)
      const before = await ledgerOf(heliox)
      await heliox.db.$client.execute('pragma foreign_keys = off')
      for (const statement of damage) spoiled += (await heliox.db.$client.execute(statement)).rowsAffected
      await rebuildLedger(heliox.scope)
      const after = await ledgerOf(heliox)
      // Owners that were lost come back under new numbers, if a job is theirs.
      if (!damage.includes('delete from owners')) expect(after).toEqual(before)
      else expect(after.pool_days).toEqual(before.pool_days)
    }),
    { numRuns: 50, seed: 20260302 },
  )
  expect(spoiled).toBeGreaterThan(500)
}, 240_000)

async function addsUp({ trpc, db }: TestHeliox): Promise<void> {
  const [bill] = await db.all<{ total: bigint }>(
    sql`select coalesce(sum(effective_nano_usd), 0) as total from ledger_costs`,
  )
  for (const basis of ['allocation', 'usage'] as const) {
    expect(await trpc.analytics.reconciliation.query({ ...window, basis })).toMatchObject({ differenceUsd: '0.00' })
    const { rows } = await trpc.analytics.byTeam.query({ ...window, basis })
    expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(bill?.total)
  }
}

test('beside imports, and after every step of it, every list adds up to the bill; cut off and taken up again it ends the same', async () => {
  const heliox = await startHeliox({ now: NOW })
  let steps = 0
  await fc.assert(
    fc.asyncProperty(history, estate, fc.nat({ max: 8 }), async (random, more, when) => {
      await clear(heliox)
      await live(heliox, random)
      let progress = rebuildOf()
      for (let step = 0; progress.phase !== 'done'; step += 1, steps += 1) {
        if (step === when) {
          if (more.costs.length > 0) await heliox.send('cost-csv', costFile(more))
          if (more.jobs.length > 0) await heliox.send('jobs-json', jobFile(more))
        }
        const next = await rebuildStep(heliox.scope, progress)
        // Kept as text between two runs; the same step once more changes nothing.
        progress = JSON.parse(JSON.stringify(next))
        if (step % 3 === 0) await rebuildStep(heliox.scope, progress)
        await addsUp(heliox)
      }
      await tick(heliox.scope)
      const before = await ledgerOf(heliox)
      await rebuildLedger(heliox.scope)
      expect(await ledgerOf(heliox)).toEqual(before)
    }),
    { numRuns: 15, seed: 20260303 },
  )
  expect(steps).toBeGreaterThan(100)
}, 240_000)

test('a window mends its own days and leaves the others', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T00:00:00Z' })
  await heliox.send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-31,aws,h100,10,24\n2026-02-01,aws,h100,20,24',
  )
  const job = (id: string, start: string, end: string) => ({
    job_id: id,
    team_name: 'a',
    provider: 'aws',
    gpu_type: 'h100',
    start_time: start,
    end_time: end,
    status: 'completed',
  })
  const jobs = [
    job('over', '2026-01-31T20:00:00Z', '2026-02-01T04:00:00Z'),
    job('before', '2026-01-31T00:00:00Z', '2026-01-31T01:00:00Z'),
  ]
  await heliox.send('jobs-json', JSON.stringify({ jobs }))
  const before = await ledgerOf(heliox)
  await heliox.db.run(sql`update ledger_cells set allocation_nano_usd = 1`)
  await heliox.db.run(sql`delete from job_day_shares`)
  const progress = await rebuildLedger(heliox.scope, { from: '2026-02-01' as Day, before: '2026-02-02' as Day })
  expect(progress).toMatchObject({ jobCount: 1, recutCount: 1, dayCount: 1, monthCount: 1 })
  const ofDay = ({ ledger_cells }: Record<string, unknown[]>, day: string) =>
    ledger_cells?.filter((row) => (row as unknown[])[0] === day)
  const after = await ledgerOf(heliox)
  expect(ofDay(after, '2026-02-01')).toEqual(ofDay(before, '2026-02-01'))
  expect(ofDay(after, '2026-01-31')).not.toEqual(ofDay(before, '2026-01-31')) // the job that only it held is missing
  await rebuildLedger(heliox.scope)
  expect(await ledgerOf(heliox)).toEqual(before)
})
