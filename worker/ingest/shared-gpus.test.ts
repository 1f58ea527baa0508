import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'

/** One A100 for one day: $24, 24 GPU-hours. */
const BILL = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,a100,24,24\n'
const HEADER = 'job_id,team_name,provider,gpu_type,start_time,end_time,status,gpu_milli,mig_profile,gpu_replicas'
const DAY = { start: '2026-02-01', end: '2026-02-01' }

async function withJobs(count: number, parts: (at: number) => string, hours = 1) {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', BILL)
  const rows = Array.from(
    { length: count },
    (_, at) => `j${at},team-${at},aws,a100,2026-02-01T00:00:00Z,${ending(hours)},completed,${parts(at)}`,
  )
  expect(await heliox.send('jobs-csv', `${[HEADER, ...rows].join('\n')}\n`)).toMatchObject({ status: 'success' })
  return heliox
}

function ending(hours: number): string {
  return new Date(Date.UTC(2026, 1, 1) + hours * 3_600_000).toISOString()
}

test('four quarters of one GPU for an hour are one GPU-hour, billed once', async () => {
  for (const parts of ['250,,', ',,4']) {
    const { trpc } = await withJobs(4, () => parts)
    const { rows } = await trpc.analytics.byTeam.query({ ...DAY, basis: 'usage' })
    expect(rows.map(({ name, totalCostUsd, gpuHours }) => [name, totalCostUsd, gpuHours])).toEqual([
      ...[0, 1, 2, 3].map((at) => [`team-${at}`, '0.25', '0.25']),
      ['__idle__', '23.00', '0'],
    ])
  }
})

test('however many share a GPU by turns or by slices, together they never cost or hold more than it', async () => {
  for (const [count, parts] of [
    [3, ',,3'],
    [7, ',,7'],
    [7, ',1g.5gb,'],
    [10, ',,10'],
  ] as const) {
    const { trpc } = await withJobs(count, () => parts, 24)
    const { rows } = await trpc.analytics.byTeam.query({ ...DAY, basis: 'usage' })
    const held = rows.filter(({ kind }) => kind === 'owner')
    const cost = held.reduce((sum, { totalCostUsd }) => sum + nano(totalCostUsd), 0n)
    expect(held).toHaveLength(count)
    expect(cost).toBeLessThanOrEqual(nano('24'))
    expect(cost).toBeGreaterThan(nano('23.7'))
    const both = await trpc.analytics.reconciliation.query({ ...DAY, basis: 'usage' })
    expect([both.differenceUsd, both.overAllocatedPoolDays, both.billedCostUsd]).toEqual(['0.00', 0, '24.00'])
  }
})
