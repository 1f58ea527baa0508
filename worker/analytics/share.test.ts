import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate, nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, dayOf, daysIn, type EpochMs, secondsOn } from '../../db/units/time.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { OWNER_OF_JOB } from './job-days.ts'
import { refreshRunning } from './refresh-running.ts'
import { shareStale } from './share.ts'
import {
  clear,
  costFile,
  type Estate,
  endOfJob,
  estate,
  FIRST,
  jobFile,
  NOW,
  nameOfJob,
  startOfJob,
  window,
} from './testing.ts'

/** The ledger worked out the plain way: in bigints, pool-day by pool-day, by `allocate`. */
function expected({ costs, jobs }: Estate, basis: 'allocation' | 'usage', now: EpochMs, ownerOf: readonly bigint[]) {
  const owners = new Map<string, bigint>()
  const add = (name: string, amount: bigint) => owners.set(name, (owners.get(name) ?? 0n) + amount)
  for (const { pool, day, nanoUsd: amount, capacityHours } of costs) {
    const held = jobs
      .map((one, index) => ({ one, owner: ownerOf[index]! }))
      .filter(({ one }) => one.pool === pool)
      .sort((a, b) => Number(a.owner - b.owner))
      .map(({ one }) => {
        const seconds = secondsOn(addDays(FIRST, day), startOfJob(one), endOfJob(one) ?? now)
        return { name: `team-${one.team}`, weight: BigInt(Math.round(one.gpus * 1000) * seconds) }
      })
    const busy = held.reduce((sum, { weight }) => sum + weight, 0n)
    if (basis === 'usage' && capacityHours === null) add('__unmeasured__', amount)
    else if (basis === 'allocation') {
      if (busy === 0n) add('__unallocated__', amount)
      else
        allocate(
          nanoUsd(amount),
          held.map(({ weight }) => weight),
        ).forEach((part, i) => void add(held[i]!.name, part))
    } else {
      const bought = BigInt(capacityHours! * 3_600_000)
      const idle = bought > busy ? bought - busy : 0n
      const weights = [...held.map(({ weight }) => weight), idle]
      if (busy + idle === 0n) add('__idle__', amount)
      else allocate(nanoUsd(amount), weights).forEach((part, i) => void add(held[i]?.name ?? '__idle__', part))
    }
  }
  return new Map([...owners].filter(([, amount]) => amount !== 0n))
}

/** The owner of each job of the estate, in its order: a pool-day's jobs are shared in the order of their owners. */
async function ownersOfJobs({ db }: TestHeliox, { jobs }: Estate): Promise<bigint[]> {
  const rows = await db.all<{ name: string; owner: bigint }>(
    sql`select j.job_id as name, o.id as owner from jobs j ${OWNER_OF_JOB}`,
  )
  const owners = new Map(rows.map(({ name, owner }) => [name, owner]))
  return jobs.map((_, index) => owners.get(nameOfJob(index)) ?? 0n)
}

test('1,000 random estates: every team, idle, unmeasured and unallocated cost is what bigints say, and they sum to the bill', async () => {
  const heliox = await startHeliox({ now: NOW })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(estate, fc.boolean(), async (random, jobsFirst) => {
      await clear(heliox)
      const files = [
        async () => random.costs.length > 0 && heliox.send('cost-csv', costFile(random)),
        async () => random.jobs.length > 0 && heliox.send('jobs-json', jobFile(random)),
      ]
      for (const send of jobsFirst ? files.reverse() : files) await send()
      const owners = await ownersOfJobs(heliox, random)
      const bill = random.costs.reduce((sum, { nanoUsd: amount }) => sum + amount, 0n)
      for (const basis of ['allocation', 'usage'] as const) {
        const { rows } = await heliox.trpc.analytics.byTeam.query({ ...window, basis })
        const got = new Map(
          rows.map(({ name, totalCostUsd }) => [name, nano(totalCostUsd)]).filter(([, n]) => n !== 0n) as [
            string,
            bigint,
          ][],
        )
        expect(got).toEqual(expected(random, basis, heliox.now(), owners))
        const both = await heliox.trpc.analytics.reconciliation.query({ ...window, basis })
        expect(both.differenceUsd).toBe('0.00')
        expect(nano(both.billedCostUsd ?? '')).toBe(bill)
        const parts = [both.allocatedCostUsd, both.idleCostUsd, both.unmeasuredCostUsd, both.unallocatedCostUsd]
        expect(parts.reduce((sum, part) => sum + nano(part ?? ''), 0n)).toBe(bill)
        const models = await heliox.trpc.analytics.byModel.query({ ...window, basis })
        expect(models.rows.reduce((sum, { totalCostUsd }) => sum + nano(totalCostUsd), 0n)).toBe(bill)
      }
      compared += 1
    }),
    { numRuns: 1000, seed: 20260101 },
  )
  expect(compared).toBe(1000)
}, 240_000)

test('the order in which files come, a file sent again, and the clock moving on leave the same ledger', async () => {
  const ledger = async ({ db }: TestHeliox) =>
    db.all(sql`select d.day, p.provider, p.gpu_type, d.cost_nano_usd, d.capacity_gpu_seconds, d.held_gpu_ms,
        d.unallocated_nano_usd, d.idle_nano_usd, d.unmeasured_nano_usd, j.job_id, s.gpu_ms, s.allocation_nano_usd,
        s.usage_nano_usd
      from pool_days d join pools p on p.id = d.pool_id left join job_day_shares s on s.day = d.day and s.pool_id = d.pool_id
      left join jobs j on j.id = s.job_id order by d.day, p.provider, p.gpu_type, j.job_id`)
  await fc.assert(
    fc.asyncProperty(estate, async (random) => {
      fc.pre(random.costs.length > 0 && random.jobs.length > 0)
      const [one, two] = [await startHeliox({ now: NOW }), await startHeliox({ now: '2026-02-03T01:02:03Z' })]
      await one.send('cost-csv', costFile(random))
      await one.send('jobs-json', jobFile(random))
      await two.send('jobs-json', jobFile(random))
      await two.send('cost-csv', costFile(random))
      two.moveTo(NOW)
      await refreshRunning(two.scope)
      await shareStale(two.scope)
      await two.send('cost-csv', costFile(random))
      expect(await ledger(two)).toEqual(await ledger(one))
    }),
    { numRuns: 25, seed: 7 },
  )
}, 120_000)

test('a job that runs past midnight charges each day its own share', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,h100,100\n2026-01-02,aws,h100,50')
  const job = (id: string, team: string, start: string, end: string) => ({
    job_id: id,
    team_name: team,
    provider: 'AWS',
    gpu_type: 'H100',
    start_time: start,
    end_time: end,
    status: 'completed',
  })
  const jobs = [
    job('a', 'nlp', '2026-01-01T22:00:00Z', '2026-01-02T01:00:00Z'),
    { ...job('b', 'vision', '2026-01-01T00:00:00Z', '2026-01-01T02:00:00Z'), gpu_count: 3 },
  ]
  await heliox.send('jobs-json', JSON.stringify({ jobs }))
  // Day 1: nlp 2 h × 1 GPU, vision 2 h × 3 GPUs → 25 : 75. Day 2: nlp alone.
  const daily = await heliox.trpc.analytics.daily.query({ start: '2026-01-01', end: '2026-01-03', groupBy: 'team' })
  expect(daily.days).toEqual(['2026-01-01', '2026-01-02', '2026-01-03'])
  expect(daily.series).toEqual([
    { name: 'nlp', kind: 'owner', teamId: 'team_1', costUsd: ['25.00', '50.00', '0.00'] },
    { name: 'vision', kind: 'owner', teamId: 'team_2', costUsd: ['75.00', '0.00', '0.00'] },
  ])
})

test('more GPUs held than were billed is reported, never clamped away, and still sums to the bill', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-01,aws,h100,100,1')
  const times = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T02:00:00Z', status: 'completed' }
  const jobs = ['a', 'b'].map((id) => ({ job_id: id, team_name: id, provider: 'aws', gpu_type: 'h100', ...times }))
  await heliox.send('jobs-json', JSON.stringify({ jobs }))
  const both = await heliox.trpc.analytics.reconciliation.query({
    start: '2026-01-01',
    end: '2026-01-01',
    basis: 'usage',
  })
  expect(both).toMatchObject({
    overAllocatedPoolDays: 1,
    allocatedCostUsd: '100.00',
    idleCostUsd: '0.00',
    differenceUsd: '0.00',
  })
})

test('jobs where nothing was billed are uncosted GPU-hours, not dropped and not charged', async () => {
  const heliox = await startHeliox()
  const job = { job_id: 'a', team_name: 'nlp', provider: 'aws', gpu_type: 'h100', status: 'completed' }
  const times = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T01:30:00Z' }
  await heliox.send('jobs-json', JSON.stringify({ jobs: [{ ...job, ...times, gpu_count: 2 }] }))
  const range = { start: '2026-01-01', end: '2026-01-01' }
  expect(await heliox.trpc.analytics.reconciliation.query(range)).toMatchObject({
    billedCostUsd: '0.00',
    uncostedGpuHours: '3',
  })
  const { rows } = await heliox.trpc.analytics.byTeam.query(range)
  expect(rows).toMatchObject([{ name: 'nlp', totalCostUsd: '0.00', jobCount: 1, gpuHours: '3' }])
})

test('a credit is split like a cost, and a pool whose weights pass 32 bits sums to its bill', async () => {
  const heliox = await startHeliox()
  const charge = (day: string, billed: string) =>
    `${billed},${billed},USD,2026-01-01,${day}T00:00:00Z,Usage,aws,"p5.48xlarge GPU hours",Compute`
  const header =
    'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory'
  await heliox.send(
    'focus-csv',
    [header, charge('2026-01-01', '-100.000000001'), charge('2026-01-02', '9007199.254740993')].join('\n'),
  )
  const jobs = [1, 999_999, 77_777].map((gpus, index) => ({
    ...{
      job_id: `j${index}`,
      team_name: `t${index}`,
      provider: 'aws',
      gpu_type: 'h100',
      gpu_count: gpus,
      status: 'completed',
    },
    ...{ start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-03T00:00:00Z' },
  }))
  await heliox.send('jobs-json', JSON.stringify({ jobs }))
  for (const [day, bill] of [
    ['2026-01-01', '-100.000000001'],
    ['2026-01-02', '9007199.254740993'],
  ] as const) {
    const { rows, totalCostUsd } = await heliox.trpc.analytics.byTeam.query({ start: day, end: day })
    expect(totalCostUsd).toBe(bill)
    expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(nano(bill))
    expect(rows).toHaveLength(3)
  }
})

test('the days of a window are dense in any time zone of the machine', () => {
  expect(process.env.TZ).toBe('Pacific/Auckland')
  expect(daysIn({ from: '2026-03-28' as Day, before: '2026-04-02' as Day })).toHaveLength(5)
  expect(dayOf(Date.UTC(2026, 3, 5, 23, 59) as EpochMs)).toBe('2026-04-05')
})
