import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n'
const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const USAGE = 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n'
const WINDOW = { start: '2026-02-01', end: '2026-02-03' }
const hour = (day: number, at: number) => `2026-02-0${day}T${String(at).padStart(2, '0')}:00:00Z`

/**
 * aws/h100: 48 GPU-h on day 1, 24 on day 2; held 12 and 6 (nlp) + 2 (vision); 9 busy on day 1, not measured on day 2.
 * aws/l4: 16.096 on day 1 without GPU-hours, at 0.8048 an hour: 20 GPU-h; held 5. own/b200: capacity unknown; held 3.
 */
async function estate() {
  const heliox = await startHeliox({ now: '2026-02-10T00:00:00Z' })
  const bill = ['1,aws,h100,480,48', '2,aws,h100,240,24', '1,aws,l4,16.096,', '1,own,b200,7,']
  await heliox.send('cost-csv', `${COSTS}${bill.map((row) => `2026-02-0${row}\n`).join('')}`)
  const jobs = [
    `a,nlp,m,aws,h100,1,${hour(1, 0)},${hour(1, 12)},completed`,
    `b,nlp,m,aws,h100,2,${hour(2, 0)},${hour(2, 3)},completed`,
    `c,vision,m,aws,h100,0.5,${hour(2, 0)},${hour(2, 4)},completed`,
    `d,vision,m,aws,l4,1,${hour(1, 0)},${hour(1, 5)},completed`,
    `e,vision,m,own,b200,1,${hour(1, 0)},${hour(1, 3)},completed`,
  ]
  await heliox.send('jobs-csv', `${JOBS}${jobs.join('\n')}\n`)
  await heliox.send('usage-csv', `${USAGE}2026-02-01,aws,h100,9,10\n`)
  return heliox
}

const KNOWN = { isEstimated: false }

test('every pool has every day: capacity, held and busy, with what is unknown as null', async () => {
  const { trpc } = await estate()
  const { days, pools, how, isPartial } = await trpc.analytics.utilization.query(WINDOW)
  expect([days, isPartial]).toEqual([['2026-02-01', '2026-02-02', '2026-02-03'], false])
  const nothing = { capacityGpuHours: null, heldGpuHours: '0', busyGpuHours: null, measuredGpuHours: null, ...KNOWN }
  expect(pools.map(({ provider, gpuType, points }) => [provider, gpuType, points])).toEqual([
    [
      ...['aws', 'h100'],
      [
        { capacityGpuHours: '48', heldGpuHours: '12', busyGpuHours: '9', measuredGpuHours: '10', ...KNOWN },
        { capacityGpuHours: '24', heldGpuHours: '8', busyGpuHours: null, measuredGpuHours: null, ...KNOWN },
        nothing,
      ],
    ],
    [
      ...['aws', 'l4'],
      [{ ...nothing, capacityGpuHours: '20', heldGpuHours: '5', isEstimated: true }, nothing, nothing],
    ],
    [...['own', 'b200'], [{ ...nothing, heldGpuHours: '3' }, nothing, nothing]],
  ])
  expect(how).toContain('list price')
})

test('shares are of the pool-days where both sides are known; the idle share is 1 − held ÷ capacity of those', async () => {
  const { trpc } = await estate()
  const { totals, pools } = await trpc.analytics.utilization.query(WINDOW)
  expect(totals).toEqual({
    ...{ capacityGpuHours: '92', estimatedCapacityGpuHours: '20', isEstimated: true },
    ...{ heldGpuHours: '28', unknownCapacityHeldGpuHours: '3', busyGpuHours: '9', measuredGpuHours: '10' },
    allocationShare: 0.271739, // (12 + 8 + 5) ÷ 92
    idleShare: 0.728261,
    busyOfHeldShare: 0.9, // of 10 hours that were measured
    busyOfCapacityShare: 0.1875, // 9 ÷ 48
    measuredShare: 0.357143, // 10 ÷ 28
  })
  expect(pools.map((pool) => [pool.gpuType, pool.totals.idleShare, pool.totals.busyOfHeldShare])).toEqual([
    ['h100', 0.722222, 0.9], // 1 − 20 ÷ 72
    ['l4', 0.75, null],
    ['b200', null, null],
  ])
})

test('the path answers a row per day and pool, and the same as CSV', async () => {
  const { json, fetch } = await estate()
  const path = '/api/v1/analytics/utilization?start=2026-02-01&end=2026-02-03&provider=aws'
  const { rows, totals } = await json<{ rows: Record<string, string>[]; totals: object }>(path)
  expect(rows.map(({ date, gpu_type, capacity_gpu_hours: capacity }) => [date, gpu_type, capacity])).toEqual([
    ...[
      ['2026-02-01', 'h100', '48'],
      ['2026-02-01', 'l4', '20'],
      ['2026-02-02', 'h100', '24'],
    ],
    ...[
      ['2026-02-02', 'l4', null],
      ['2026-02-03', 'h100', null],
      ['2026-02-03', 'l4', null],
    ],
  ])
  expect(totals).toMatchObject({ held_gpu_hours: '25', unknown_capacity_held_gpu_hours: '0' })
  const csv = (await (await fetch(path, { headers: { accept: 'text/csv' } })).text()).trimEnd().split('\r\n')
  expect(csv).toHaveLength(7)
  expect(csv[1]!.split(',')).toEqual(Object.values(rows[0]!).map((value) => (value === null ? '' : String(value))))
})

test('a part of the owners has held time and nothing else: a pool is not theirs', async () => {
  const { trpc, as } = await estate()
  const { rows } = await trpc.analytics.byTeam.query(WINDOW)
  const vision = rows.find(({ name }) => name === 'vision')!.teamId!
  const of = await trpc.analytics.utilization.query({ ...WINDOW, teamId: [vision] })
  expect(of.pools.map(({ gpuType, points }) => [gpuType, points.map(({ heldGpuHours }) => heldGpuHours)])).toEqual([
    ['l4', ['5', '0', '0']],
    ['b200', ['3', '0', '0']],
    ['h100', ['0', '2', '0']],
  ])
  expect(of.totals).toMatchObject({ capacityGpuHours: null, busyGpuHours: null, idleShare: null, heldGpuHours: '10' })
  const person = await as('developer', [vision])
  expect(await person.trpc.analytics.utilization.query(WINDOW)).toEqual({ ...of, isPartial: true })
})

test('more held than capacity is shown as it is, and time measured where nothing was held or billed is there', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', `${COSTS}2026-02-01,aws,h100,10,4\n`)
  await heliox.send('jobs-csv', `${JOBS}a,nlp,m,aws,h100,1,${hour(1, 0)},${hour(1, 5)},completed\n`)
  await heliox.send('usage-csv', `${USAGE}2026-02-02,gcp,h100,2,\n`)
  const { totals, pools } = await heliox.trpc.analytics.utilization.query(WINDOW)
  expect(totals).toMatchObject({ allocationShare: 1.25, idleShare: -0.25, busyGpuHours: '2', busyOfHeldShare: null })
  expect(pools.map(({ provider, points }) => [provider, points[1]?.busyGpuHours])).toEqual([
    ['aws', null],
    ['gcp', '2'],
  ])
})

test('usage derived from jobs with parts of a GPU has the hours that they held, and is no measurement', async () => {
  const { trpc, write } = await estate()
  const derived = await write('POST', '/api/v1/usage/from-jobs', { start: '2026-02-01', end: '2026-02-03' })
  expect(derived.body).toMatchObject({ inserted: 3, kept: 1, gpu_hours: '28' })
  const { usage } = (await write('GET', '/api/v1/usage?date=2026-02-02')).body
  expect(usage).toMatchObject([{ gpu_type: 'h100', gpu_hours: '8', source: 'jobs' }]) // 2 × 3 h and half of 4 h
  expect((await trpc.analytics.utilization.query(WINDOW)).totals).toMatchObject({ busyGpuHours: '9' })
})
