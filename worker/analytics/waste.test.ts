import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { WASTE_GROUPS } from './waste.ts'

const DAY = { start: '2026-02-01', end: '2026-02-01' }
const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n'
const USAGE = 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n'
type JobRow = [id: string, team: string, gpuType: string, hours: number, status?: string]
const jobs = (...rows: JobRow[]) =>
  JSON.stringify({
    jobs: rows.map(([id, team, gpuType, hours, status = 'completed']) => ({
      ...{ job_id: id, team_name: team, model_name: `model of ${team}`, provider: 'aws', gpu_type: gpuType, status },
      start_time: '2026-02-01T00:00:00Z',
      end_time: new Date(Date.UTC(2026, 1, 1) + hours * 3_600_000).toISOString(),
    })),
  })

/**
 * aws/h100: 240.00 for 24 GPU-h, 10.00 each; held 6 (nlp) + 6 (vision), of which 3 failed; 8 of 10 measured hours busy.
 * aws/a100: 50.00, capacity unknown, held 5 by nlp, not measured. aws/l4: 12.00 for 4 GPU-h, nobody there.
 */
async function estate() {
  const heliox = await startHeliox({ now: '2026-02-10T00:00:00Z' })
  const days = ['aws,h100,240,24', 'aws,a100,50,', 'aws,l4,12,4']
  await heliox.send('cost-csv', `${COSTS}${days.map((row) => `2026-02-01,${row}\n`).join('')}`)
  await heliox.send(
    'jobs-json',
    jobs(
      ['a', 'nlp', 'h100', 6],
      ['b', 'vision', 'h100', 3],
      ['c', 'vision', 'h100', 3, 'failed'],
      ['d', 'nlp', 'a100', 5],
    ),
  )
  await heliox.send('usage-csv', `${USAGE}2026-02-01,aws,h100,8,10\n`)
  return heliox
}

/** useful, idle, lost, not measured, unallocated (carried) of a row. */
const parts = (row: Record<string, unknown>) => [
  ...[row.usefulCostUsd, row.allocatedIdleCostUsd, row.lostWorkCostUsd, row.notMeasuredCostUsd],
  ...[row.unallocatedCostUsd, row.carriedCostUsd],
]

test('the bridge of a day worked out by hand, in total, per pool and per team', async () => {
  const { trpc } = await estate()
  const { total, rows: one, findings, how } = await trpc.analytics.waste.query(DAY)
  // h100: held 12 h cost 120.00. a's 60.00: 8/12 busy 40.00, 2/12 idle 10.00, 2/12 not measured 10.00. b's 30.00: 20, 5, 5.
  // c's 30.00 is lost. 12 h that nobody held: 120.00, carried by those who held. a100: 50.00 held and not measured.
  expect(parts(total)).toEqual(['60.00', '15.00', '30.00', '65.00', '132.00', '120.00'])
  expect(total).toMatchObject({ totalCostUsd: '302.00', heldGpuHours: '17', unknownCapacityGpuHours: '5' })
  expect(total).toMatchObject({ measuredGpuHours: '10', measuredShare: 10 / 17, usefulShare: 0.198675 })
  expect(one).toEqual([{ name: 'total', kind: 'total', teamId: null, provider: null, gpuType: null, ...total }])
  expect(findings).toMatchObject({ overAllocatedPoolDays: 0, measuredMoreThanHeldPoolDays: 0 })
  expect(how).toContain('not zero')
  const pools = await trpc.analytics.waste.query({ ...DAY, groupBy: 'pool' })
  expect(pools.rows.map((row) => [row.name, row.gpuType, row.totalCostUsd, ...parts(row), row.measuredShare])).toEqual([
    ['aws h100', 'h100', '240.00', '60.00', '15.00', '30.00', '15.00', '120.00', '120.00', 10 / 12],
    ['aws a100', 'a100', '50.00', '0.00', '0.00', '0.00', '50.00', '0.00', '0.00', 0],
    ['aws l4', 'l4', '12.00', '0.00', '0.00', '0.00', '0.00', '12.00', '0.00', null],
  ])
  const teams = await trpc.analytics.waste.query({ ...DAY, groupBy: 'team' })
  expect(teams.rows.map((row) => [row.name, row.kind, row.totalCostUsd, ...parts(row), row.measuredShare])).toEqual([
    ['nlp', 'owner', '170.00', '40.00', '10.00', '0.00', '60.00', '60.00', '60.00', null],
    ['vision', 'owner', '120.00', '20.00', '5.00', '30.00', '5.00', '60.00', '60.00', null],
    ['__unallocated__', 'unallocated', '12.00', '0.00', '0.00', '0.00', '0.00', '12.00', '0.00', null],
  ])
  expect(teams.total).toEqual(total)
})

test('every grouping sums to the same total, and CSV has the rows of the JSON to the digit', async () => {
  const { json, fetch } = await estate()
  for (const group of WASTE_GROUPS) {
    const path = `/api/v1/analytics/waste?start=2026-02-01&end=2026-02-28&group_by=${group}`
    const { rows, total } = await json<{ rows: Record<string, string>[]; total: Record<string, string> }>(path)
    for (const name of Object.keys(total).filter((one) => one.endsWith('_cost_usd')))
      expect([group, name, rows.reduce((sum, row) => sum + Number(row[name]), 0)]).toEqual([
        group,
        name,
        Number(total[name]),
      ])
    const csv = (await (await fetch(path, { headers: { accept: 'text/csv' } })).text()).trimEnd().split('\r\n')
    expect(csv[0]).toBe(Object.keys(rows[0]!).join(','))
    expect(csv[1]!.split(',').slice(5, 12)).toEqual(Object.values(rows[0]!).slice(5, 12).map(String))
  }
})

test('a filter on a team shows its part alone, a person sees their teams alone, and neither learns of whole pools', async () => {
  const { trpc, as } = await estate()
  const { rows } = await trpc.analytics.waste.query({ ...DAY, groupBy: 'team' })
  const vision = rows.find(({ name }) => name === 'vision')!
  const filtered = await trpc.analytics.waste.query({ ...DAY, teamId: [vision.teamId!] })
  expect(parts(filtered.total)).toEqual(parts(vision))
  expect(filtered).toMatchObject({ findings: null, isPartial: false, total: { measuredShare: null } })
  const person = await as('viewer', [vision.teamId!])
  const own = await person.trpc.analytics.waste.query({ ...DAY, groupBy: 'pool' })
  expect(own).toMatchObject({ findings: null, isPartial: true, total: filtered.total })
  expect(own.rows.map(({ name, totalCostUsd, measuredGpuHours }) => [name, totalCostUsd, measuredGpuHours])).toEqual([
    ['aws h100', '120.00', null],
  ])
  await expect(person.trpc.analytics.waste.query({ ...DAY, teamId: [rows[0]!.teamId!] })).rejects.toThrow('not one of')
})

test('more held than billed, and more measured than held, are findings and leave the sum as it is', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', `${COSTS}2026-02-01,aws,h100,100,4\n`)
  await heliox.send('jobs-json', jobs(['a', 'nlp', 'h100', 6], ['b', 'vision', 'h100', 2]))
  await heliox.send('usage-csv', `${USAGE}2026-02-01,aws,h100,11.5,\n2026-02-01,gcp,h100,2,\n`)
  const { total, findings } = await heliox.trpc.analytics.waste.query(DAY)
  expect(parts(total)).toEqual(['100.00', '0.00', '0.00', '0.00', '0.00', '0.00'])
  expect(findings).toEqual({
    ...{ overAllocatedPoolDays: 1, overAllocatedGpuHours: '4', overAllocatedCostUsd: '100.00' },
    ...{ measuredMoreThanHeldPoolDays: 2, measuredMoreThanHeldGpuHours: '5.5' }, // 3.5, and 2 where nobody held anything
  })
})

test('a credit is parted like a cost, and where a total is not above zero there is no share of it', async () => {
  const heliox = await startHeliox()
  const line = `-90.000000001,-90.000000001,USD,2026-02-01,2026-02-01T00:00:00Z,Usage,aws,"p5.48xlarge GPU hours",Compute`
  const header =
    'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory'
  await heliox.send('focus-csv', [header, line].join('\n'))
  await heliox.send('jobs-json', jobs(['a', 'nlp', 'h100', 2], ['b', 'vision', 'h100', 1, 'cancelled']))
  await heliox.send('usage-csv', `${USAGE}2026-02-01,aws,h100,1,2\n`)
  const { total, rows } = await heliox.trpc.analytics.waste.query({ ...DAY, groupBy: 'team' })
  // b's third is lost; a's −60.000000001 (the rounding is a's): a third busy, a third idle, a third not measured
  expect(parts(total)).toEqual(['-20.00', '-20.00', '-30.00', '-20.000000001', '0.00', '0.00'])
  expect(total).toMatchObject({ totalCostUsd: '-90.000000001', usefulShare: null, measuredShare: 2 / 3 })
  expect(rows).toHaveLength(2)
})

test('only effective cost has a bridge, of any basis; nothing at all is zero and no share', async () => {
  const { trpc } = await estate()
  await expect(trpc.analytics.waste.query({ ...DAY, cost: 'billed' })).rejects.toThrow('effective cost only')
  const allocation = await trpc.analytics.waste.query(DAY)
  expect(await trpc.analytics.waste.query({ ...DAY, basis: 'usage' })).toEqual(allocation)
  const nothing = await trpc.analytics.waste.query({ start: '2027-01-01', end: '2027-01-02', groupBy: 'team' })
  expect(nothing).toMatchObject({ rows: [], total: { totalCostUsd: '0.00', usefulShare: null, measuredShare: null } })
})
