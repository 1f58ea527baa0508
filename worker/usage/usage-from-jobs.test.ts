import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const WINDOW = { start: '2026-02-01', end: '2026-02-02' }

/** Two jobs over midnight on one pool, one on another, and one that is outside the window. */
async function started() {
  const heliox = await startHeliox({ now: '2026-02-10T00:00:00Z' })
  const rows = [
    'a,ml,m,aws,h100,4,2026-02-01T22:00:00Z,2026-02-02T01:00:00Z,completed', // 8 h, then 4 h
    'b,nlp,m,aws,h100,2,2026-02-01T23:30:00Z,2026-02-02T00:00:01Z,completed', // 1 h, then 2 s
    'c,ml,m,aws,a100,1,2026-02-02T00:00:00Z,2026-02-03T12:00:00Z,failed', // 24 h, and 12 h outside
    'd,ml,m,aws,a100,1,,,pending',
  ]
  await heliox.send('jobs-csv', `${JOBS}${rows.join('\n')}\n`)
  return {
    ...heliox,
    derive: (more: object = {}) => heliox.write('POST', '/api/v1/usage/from-jobs', { ...WINDOW, ...more }),
    usage: async () => {
      const { usage } = (await heliox.write('GET', '/api/v1/usage')).body
      return (usage as Record<string, string>[]).map((row) => [row.date, row.gpu_type, row.gpu_hours, row.source])
    },
  }
}

test('usage from jobs is one row per day and pool, with the hours of that UTC day; a rerun changes nothing', async () => {
  const { derive, usage, trpc, db } = await started()
  const first = await derive()
  const all = { gpu_hours: '37.000556', removed: 0, kept: 0 } // 8 + 1 + 4 + 24 h and 2 s
  expect([first.status, first.body]).toEqual([200, { inserted: 3, updated: 0, unchanged: 0, ...all }])
  const rows = await usage()
  expect(rows).toEqual([
    ['2026-02-02', 'a100', '24', 'jobs'],
    ['2026-02-02', 'h100', '4.000556', 'jobs'],
    ['2026-02-01', 'h100', '9', 'jobs'],
  ])
  const stored = await db.all(sql`select * from usage_snapshots`)
  expect((await derive()).body).toEqual({ inserted: 0, updated: 0, unchanged: 3, ...all })
  expect(await trpc.usage.fromJobs.mutate(WINDOW)).toMatchObject({ inserted: 0, unchanged: 3, gpuHours: '37.000556' })
  expect(await db.all(sql`select * from usage_snapshots`)).toEqual(stored)
  const audited = await trpc.audit.list.query({})
  expect(audited.entries.filter(({ action }) => action === 'usage.fromJobs')).toHaveLength(1)
})

test('what was measured stays unless overwriting is asked for, and a derived row that somebody corrects is theirs', async () => {
  const { derive, usage, write, send } = await started()
  await write('POST', '/api/v1/usage', { date: '2026-02-01', provider: 'aws', gpu_type: 'h100', gpu_hours: 7 })
  expect((await derive()).body).toMatchObject({ inserted: 2, updated: 0, unchanged: 0, kept: 1 })
  const [derived] = (await write('GET', '/api/v1/usage?date=2026-02-02&gpu_type=h100')).body.usage
  expect((await write('PUT', `/api/v1/usage/${derived.id}`, { gpu_hours: 3 })).body.source).toBe('measured')
  expect((await derive()).body).toMatchObject({ inserted: 0, unchanged: 1, kept: 2 })
  const sources = async () => (await usage()).map(([day, gpu, hours, source]) => `${day} ${gpu} ${hours} ${source}`)
  const mixed = await sources()
  expect(mixed).toContain('2026-02-01 h100 7 measured')
  expect(mixed.filter((row) => row.endsWith(' 3 measured'))).toHaveLength(1)
  expect((await derive({ overwrite: true })).body).toMatchObject({ inserted: 0, updated: 2, unchanged: 1, kept: 0 })
  expect((await usage()).map(([, , , source]) => source)).toEqual(['jobs', 'jobs', 'jobs'])
  await send('usage-csv', 'date,provider,gpu_type,gpu_hours\n2026-02-01,aws,h100,9\n') // the same hours, but measured
  expect(await sources()).toContain('2026-02-01 h100 9 measured')
})

test('a pool-day that its jobs have left loses its derived row; days outside and measurements stay', async () => {
  const { derive, usage, send, write } = await started()
  await derive({ end: '2026-02-03' })
  await write('POST', '/api/v1/usage', { date: '2026-02-02', provider: 'aws', gpu_type: 't4', gpu_hours: 1 })
  await send('jobs-csv', `${JOBS}c,ml,m,aws,h200,1,2026-02-02T00:00:00Z,2026-02-02T06:00:00Z,completed\n`)
  expect((await derive()).body).toMatchObject({ inserted: 1, updated: 0, unchanged: 2, removed: 1 })
  expect(await usage()).toEqual([
    ['2026-02-03', 'a100', '12', 'jobs'],
    ['2026-02-02', 'h100', '4.000556', 'jobs'],
    ['2026-02-02', 'h200', '6', 'jobs'],
    ['2026-02-02', 't4', '1', 'measured'],
    ['2026-02-01', 'h100', '9', 'jobs'],
  ])
})

test('the days are checked, and only who may write bills derives usage', async () => {
  const { write, as } = await started()
  for (const body of [{}, { start: '2026-02-02', end: '2026-02-01' }, { ...WINDOW, overwrite: 'perhaps' }])
    expect([body, (await write('POST', '/api/v1/usage/from-jobs', body)).status]).toEqual([body, 400])
  for (const role of ['finance', 'developer', 'viewer'] as const)
    expect((await (await as(role, ['team_1'])).write('POST', '/api/v1/usage/from-jobs', WINDOW)).status).toBe(403)
})
