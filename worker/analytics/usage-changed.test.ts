import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox, type TestHeliox } from '../testing.ts'

const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,100,20\n2026-02-02,aws,h100,100,20\n'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,ml,m,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T10:00:00Z,completed
b,ml,m,aws,h100,1,2026-02-02T00:00:00Z,2026-02-02T10:00:00Z,completed
`
const HEADER = 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n'
const WINDOW = { start: '2026-02-01', end: '2026-02-02' }

/** Each day: 10 of 20 GPU-hours held, which cost 50.00. */
async function started() {
  const heliox = await startHeliox({ now: '2026-02-10T00:00:00Z' })
  await heliox.send('cost-csv', COSTS)
  await heliox.send('jobs-csv', JOBS)
  return {
    ...heliox,
    /** Useful, idle and not measured, of what is shared by now: nothing may wait. */
    worth: async () => {
      expect(await heliox.db.all(sql`select 1 from pool_days where is_stale = 1`)).toEqual([])
      const { total } = await heliox.trpc.analytics.waste.query(WINDOW)
      expect(total.totalCostUsd).toBe('200.00')
      return [total.usefulCostUsd, total.allocatedIdleCostUsd, total.notMeasuredCostUsd]
    },
  }
}

async function version({ db }: Pick<TestHeliox, 'db'>) {
  const [row] = await db.all<{ version: bigint }>(sql`select version from ledger_version`)
  return row!.version
}

test('what was measured by hand is in the ledger at once: entered, changed, moved to another day and taken away', async () => {
  const { worth, write } = await started()
  expect(await worth()).toEqual(['0.00', '0.00', '100.00'])
  const entry = { date: '2026-02-01', provider: 'AWS', gpu_type: 'H100', gpu_hours: 4 }
  const { body } = await write('POST', '/api/v1/usage', entry)
  expect(await worth()).toEqual(['20.00', '30.00', '50.00'])
  await write('PUT', `/api/v1/usage/${body.id}`, { gpu_hours: 6 })
  expect(await worth()).toEqual(['30.00', '20.00', '50.00'])
  await write('PUT', `/api/v1/usage/${body.id}`, { date: '2026-02-02', gpu_hours: 1 })
  expect(await worth()).toEqual(['5.00', '45.00', '50.00'])
  await write('DELETE', `/api/v1/usage/${body.id}`)
  expect(await worth()).toEqual(['0.00', '0.00', '100.00'])
})

test('an import of measured usage is in the ledger when it is done, and out of it when it is removed', async () => {
  const { worth, send, write, db } = await started()
  const { import_id: importId } = await send('usage-csv', `${HEADER}2026-02-01,aws,h100,4,\n2026-02-02,aws,h100,3,5\n`)
  // Day 2: 3 of the 5 hours that were measured were busy, and 5 were not measured.
  expect(await worth()).toEqual(['35.00', '40.00', '25.00'])
  const before = await version({ db })
  await send('usage-csv', `${HEADER}2026-02-01,aws,h100,4,\n2026-02-02,aws,h100,3,5\n`)
  expect(await worth()).toEqual(['35.00', '40.00', '25.00'])
  expect(await version({ db })).toBe(before) // the same again is no news
  await send('usage-csv', `${HEADER}2026-02-01,aws,h100,9,\n`, '&dry_run=true')
  expect([await version({ db }), await worth()]).toEqual([before, ['35.00', '40.00', '25.00']])
  expect((await write('DELETE', `/api/v1/imports/${importId}`)).status).toBeLessThan(300)
  expect(await worth()).toEqual(['0.00', '0.00', '100.00'])
})

test('usage from jobs is no measurement, and where it writes over one nothing is measured any more', async () => {
  const { worth, write, db } = await started()
  const before = await version({ db })
  expect((await write('POST', '/api/v1/usage/from-jobs', WINDOW)).body).toMatchObject({ inserted: 2 })
  expect([await worth(), await version({ db })]).toEqual([['0.00', '0.00', '100.00'], before])
  const [derived] = (await write('GET', '/api/v1/usage?date=2026-02-01')).body.usage
  await write('PUT', `/api/v1/usage/${derived.id}`, { gpu_hours: 10 }) // somebody says that it is so
  expect(await worth()).toEqual(['50.00', '0.00', '50.00'])
  await write('POST', '/api/v1/usage/from-jobs', { ...WINDOW, overwrite: true })
  expect(await worth()).toEqual(['0.00', '0.00', '100.00'])
})

test('a measurement where no job held anything makes nothing, and still is news for answers', async () => {
  const { db, write, worth } = await started()
  const before = await version({ db })
  await write('POST', '/api/v1/usage', { date: '2026-02-01', provider: 'aws', gpu_type: 'l4', gpu_hours: 4 })
  expect(await worth()).toEqual(['0.00', '0.00', '100.00'])
  expect(await version({ db })).toBe(before + 1n)
  expect(await db.all(sql`select 1 from pool_days`)).toHaveLength(2)
})
