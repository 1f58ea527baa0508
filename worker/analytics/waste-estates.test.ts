import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate, nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type EpochMs, secondsOn } from '../../db/units/time.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { OWNER_OF_JOB } from './job-days.ts'
import {
  clear,
  costFile,
  DAYS,
  type Estate,
  endOfJob,
  estate,
  FIRST,
  jobFile,
  NOW,
  nameOfJob,
  POOLS,
  startOfJob,
  window,
} from './testing.ts'

const day = fc.integer({ min: 0, max: DAYS - 1 })
const hours = fc.integer({ min: 0, max: 60 })
const usage = fc.record({ pool: fc.integer({ min: 0, max: 2 }), day, hours, measuredHours: fc.option(hours) })
/** An estate whose pool-days hold less than 34 GPUs, what became of its jobs, what was measured, and credits of pool 0. */
const random = fc.record({
  estate: estate.map(({ costs, jobs }) => ({
    costs,
    jobs: jobs.slice(0, 8).map((one) => ({ ...one, gpus: Math.min(one.gpus, 4) })),
  })),
  lost: fc.array(fc.constantFrom(null, null, 'failed', 'cancelled'), { minLength: 8, maxLength: 8 }),
  usage: fc.uniqueArray(usage, { maxLength: 8, selector: (one) => `${one.pool} ${one.day}` }),
  credits: fc.uniqueArray(fc.record({ day, nanoUsd: fc.bigInt(1n, 5_000_000_000_000_000n) }), {
    maxLength: 2,
    selector: (one) => one.day,
  }),
})
type Random = typeof random extends fc.Arbitrary<infer R> ? R : never

const TERMS = ['useful', 'allocatedIdle', 'lostWork', 'notMeasured', 'unallocated'] as const
type Terms = Record<(typeof TERMS)[number], bigint>
const NOTHING: Terms = { useful: 0n, allocatedIdle: 0n, lostWork: 0n, notMeasured: 0n, unallocated: 0n }

async function send(heliox: TestHeliox, { estate: { costs, jobs }, lost, usage: measured, credits }: Random) {
  const files = JSON.parse(jobFile({ costs, jobs })) as { jobs: { status: string }[] }
  const withLost = files.jobs.map((one, at) =>
    one.status === 'completed' && lost[at] ? { ...one, status: lost[at] } : one,
  )
  if (costs.length > 0) await heliox.send('cost-csv', costFile({ costs, jobs }))
  if (measured.length > 0) {
    const rows = measured.map((one) => {
      const { provider, gpuType } = POOLS[one.pool]!
      return [addDays(FIRST, one.day), provider, gpuType, one.hours, one.measuredHours ?? ''].join(',')
    })
    await heliox.send('usage-csv', ['date,provider,gpu_type,gpu_hours,measured_gpu_hours', ...rows].join('\n'))
  }
  if (jobs.length > 0) await heliox.send('jobs-json', JSON.stringify({ jobs: withLost }))
  if (credits.length > 0) {
    const header =
      'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory'
    const rows = credits.map((one) => {
      const amount = usdText(nanoUsd(-one.nanoUsd))
      return `${amount},${amount},USD,2026-02-01,${addDays(FIRST, one.day)}T00:00:00Z,Credit,aws,"p5.48xlarge GPU hours",Compute`
    })
    await heliox.send('focus-csv', [header, ...rows].join('\n'))
  }
}

/** The bridge worked out the plain way, in bigints, per team and for what nobody held, pool-day by pool-day. */
function expected(
  { estate: { costs, jobs }, lost, usage: measured, credits }: Random,
  now: EpochMs,
  ownerOf: bigint[],
) {
  const teams = new Map<string, Terms>()
  const add = (name: string, more: Partial<Terms>) => {
    const before = teams.get(name) ?? NOTHING
    teams.set(name, Object.fromEntries(TERMS.map((term) => [term, before[term] + (more[term] ?? 0n)])) as Terms)
  }
  for (const pool of POOLS.keys())
    for (let at = 0; at < DAYS; at += 1) {
      const billed = costs.find((one) => one.pool === pool && one.day === at)
      const credit = pool === 0 ? credits.find((one) => one.day === at) : undefined
      if (!billed && !credit) continue
      const cost = nanoUsd((billed?.nanoUsd ?? 0n) - (credit?.nanoUsd ?? 0n))
      const held = jobs
        .map((one, index) => ({ one, index, owner: ownerOf[index] ?? 0n }))
        .filter(({ one }) => one.pool === pool)
        .sort((a, b) => Number(a.owner - b.owner))
        .map(({ one, index, owner }) => ({
          ...{ owner, name: `team-${one.team}`, isLost: one.minutes !== null && lost[index] !== null },
          gpuMs: BigInt(
            Math.round(one.gpus * 1000) * secondsOn(addDays(FIRST, at), startOfJob(one), endOfJob(one) ?? now),
          ),
        }))
        .filter(({ gpuMs }) => gpuMs > 0n)
      const all = held.reduce((sum, { gpuMs }) => sum + gpuMs, 0n)
      if (all === 0n) {
        add('__unallocated__', { unallocated: cost })
        continue
      }
      const capacity = billed?.capacityHours ?? null
      const bought = capacity === null ? all : BigInt(capacity) * 3_600_000n
      const weights = held.map(({ gpuMs }) => gpuMs)
      const allocated = allocate(cost, weights)
      const worth = allocate(cost, [...weights, bought > all ? bought - all : 0n])
      const meter = measured.find((one) => one.pool === pool && one.day === at)
      const upTo = (ms: bigint) => (ms < all ? ms : all)
      const busy = meter ? upTo(BigInt(meter.hours) * 3_600_000n) : 0n
      const covered = !meter ? 0n : upTo(BigInt(Math.max(meter.hours, meter.measuredHours ?? 1e6)) * 3_600_000n)
      for (const owner of new Set(held.map((one) => one.owner))) {
        const mine = held.flatMap((one, index) => (one.owner === owner ? [{ ...one, index }] : []))
        const sum = (of: readonly bigint[]) => mine.reduce((total, { index }) => total + of[index]!, 0n)
        const part = sum(worth)
        const { name, isLost } = mine[0]!
        const useful = isLost ? 0n : (part * busy) / all
        const seen = isLost ? 0n : (part * covered) / all
        add(name, {
          ...{ useful, allocatedIdle: seen - useful, lostWork: isLost ? part : 0n },
          ...{ notMeasured: isLost ? 0n : part - seen, unallocated: sum(allocated) - part },
        })
        // Within bounds: of the sign of the cost, but for the last nano-dollar of a rounding.
        const sign = cost < 0n ? -1n : 1n
        for (const one of [useful, seen - useful, part - seen]) expect(one * sign >= 0n).toBe(true)
        expect((sum(allocated) - part) * sign >= -1n).toBe(true)
      }
    }
  return teams
}

/** The owner of each job of the estate, in its order: a pool-day's jobs are shared in the order of their owners. */
async function ownersOfJobs({ db }: TestHeliox, { jobs }: Estate): Promise<bigint[]> {
  const rows = await db.all<{ name: string; owner: bigint }>(
    sql`select j.job_id as name, o.id as owner from jobs j ${OWNER_OF_JOB}`,
  )
  const owners = new Map(rows.map(({ name, owner }) => [name, owner]))
  return jobs.map((_, index) => owners.get(nameOfJob(index)) ?? 0n)
}

function termsOf(row: object): Terms {
  const amounts = row as Record<string, string>
  return Object.fromEntries(TERMS.map((term) => [term, nano(amounts[`${term}CostUsd`] ?? '')])) as Terms
}

test('300 random estates with credits, failures and gaps in measurement: every part of every team is what bigints say', async () => {
  const heliox = await startHeliox({ now: NOW })
  let [measuredTeams, lostTeams] = [0, 0]
  await fc.assert(
    fc.asyncProperty(random, async (one) => {
      await heliox.db.run(sql`delete from usage_snapshots`)
      await clear(heliox)
      await send(heliox, one)
      const owners = await ownersOfJobs(heliox, one.estate)
      const byTeam = await heliox.trpc.analytics.waste.query({ ...window, groupBy: 'team' })
      const isSomething = (terms: Terms) => TERMS.some((term) => terms[term] !== 0n)
      const got = byTeam.rows.map((row) => [row.name, termsOf(row)] as const).filter(([, terms]) => isSomething(terms))
      const wanted = [...expected(one, heliox.now(), owners)].filter(([, terms]) => isSomething(terms))
      expect(new Map(got)).toEqual(new Map(wanted))
      measuredTeams += got.filter(([, terms]) => terms.useful !== 0n).length
      lostTeams += got.filter(([, terms]) => terms.lostWork !== 0n).length
      const bill =
        one.estate.costs.reduce((sum, cost) => sum + cost.nanoUsd, 0n) -
        one.credits.reduce((sum, credit) => sum + credit.nanoUsd, 0n)
      for (const groupBy of ['team', 'model', 'pool', 'none'] as const) {
        const { rows, total } = await heliox.trpc.analytics.waste.query({ ...window, groupBy })
        for (const row of [...rows, total])
          expect(Object.values(termsOf(row)).reduce((sum, part) => sum + part, 0n)).toBe(nano(row.totalCostUsd))
        expect(nano(total.totalCostUsd)).toBe(bill)
        expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(bill)
        for (const term of TERMS)
          expect(rows.reduce((sum, row) => sum + termsOf(row)[term], 0n)).toBe(termsOf(total)[term])
      }
    }),
    { numRuns: 300, seed: 20260201 },
  )
  expect(measuredTeams).toBeGreaterThan(30) // the figures compared were not all zero
  expect(lostTeams).toBeGreaterThan(30)
}, 240_000)

test('what is measured first and what is measured last leave the same ledger', async () => {
  const cells = ({ db }: TestHeliox) =>
    db.all(sql`select c.day, p.provider, p.gpu_type, t.name, m.name as model, o.status,
      c.useful_nano_usd, c.idle_held_nano_usd, c.lost_nano_usd, c.not_measured_nano_usd, c.allocation_nano_usd
    from ledger_cells c join owners o on o.id = c.owner_id join pools p on p.id = c.pool_id join teams t on t.id = o.team_id
      join models m on m.id = o.model_id order by 1, 2, 3, 4, 5, 6`)
  let compared = 0
  await fc.assert(
    fc.asyncProperty(random, async (one) => {
      fc.pre(one.usage.length > 0 && one.estate.jobs.length > 0)
      const [first, last] = [await startHeliox({ now: NOW }), await startHeliox({ now: NOW })]
      await send(first, one)
      await send(last, { ...one, usage: one.usage.map((row) => ({ ...row, hours: 60 - row.hours })) })
      await send(last, { ...one, estate: { costs: [], jobs: [] }, credits: [] })
      expect(await cells(last)).toEqual(await cells(first))
      compared += 1
    }),
    { numRuns: 15, seed: 11 },
  )
  expect(compared).toBe(15)
}, 120_000)
