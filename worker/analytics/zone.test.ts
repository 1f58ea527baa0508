import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate, nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type Day, daysIn, startOf } from '../../db/units/time.ts'
import { evenPart } from '../ingest/importers/charge-hours.ts'
import { machine } from '../scope.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { startOfLocalDay } from './local-days.ts'
import { clear } from './testing.ts'
import { visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'
import { zoneOf } from './zone.ts'
import { zonePart } from './zone-part.ts'

const HOUR_MS = 3_600_000
const POOLS = ['h100', 'a100']
const DAYS = 7
/** Zones with a day, in the middle of the estate, on which their clocks change, jump over midnight or leave a day out. */
const CHANGES: readonly (readonly [zone: string, day: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Africa/Cairo', '2026-04-24'],
  ['America/Havana', '2026-11-01'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kiritimati', '2026-01-15'],
  ['Australia/Lord_Howe', '2026-01-15'],
  ['Etc/GMT+12', '2026-01-15'],
]

const line = fc.record({
  pool: fc.integer({ min: 0, max: 1 }),
  hour: fc.integer({ min: 0, max: DAYS * 24 - 1 }),
  count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
  nanoUsd: fc.oneof(fc.bigInt(1n, 40n), fc.bigInt(1n, 9_000_000_000_000n), fc.bigInt(-5_000_000_000n, -1n)),
  invoiced: fc.option(fc.bigInt(0n, 9_000_000_000n)),
  list: fc.option(fc.bigInt(1n, 9_000_000_000n)),
  gpuHours: fc.option(fc.integer({ min: 0, max: 12 })),
})
const job = fc.record({
  pool: fc.integer({ min: 0, max: 1 }),
  team: fc.integer({ min: 0, max: 2 }),
  isLost: fc.boolean(),
  gpus: fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 999 }).map((milli) => milli / 1000),
  ),
  startMinute: fc.integer({ min: -600, max: DAYS * 1440 }),
  minutes: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 5000 })),
})
const random = fc.record({
  change: fc.constantFrom(...CHANGES),
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  jobs: fc.array(job, { maxLength: 10 }),
})
type Estate = typeof random extends fc.Arbitrary<infer T> ? T : never
type Line = Estate['lines'][number]

const firstDay = ({ change }: Estate) => addDays(change[1] as Day, -3)
const iso = (ms: number) => new Date(ms).toISOString()
const startOfLine = (estate: Estate, { hour }: Line) => startOf(firstDay(estate)) + hour * HOUR_MS
/** Hours across midnight are cut off: such a charge would be of no hour. */
const hoursOf = ({ hour, count }: Line) => Math.min(count, 24 - (hour % 24))

const HEADER =
  'BilledCost,EffectiveCost,ListCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,SkuId,ProviderName,ServiceCategory,ChargeDescription,ConsumedQuantity,ConsumedUnit'

function billOf(estate: Estate): string {
  const rows = estate.lines.map((one, index) => {
    const start = startOfLine(estate, one)
    const cost = usdText(nanoUsd(one.nanoUsd))
    return [
      ...[one.invoiced === null ? cost : usdText(nanoUsd(one.invoiced)), cost],
      ...[one.list === null ? '' : usdText(nanoUsd(one.list)), 'A', 'USD', '2026-01-01', 'Usage', iso(start)],
      ...[iso(start + hoursOf(one) * HOUR_MS), `S${index}`, 'AWS', 'Compute', `${POOLS[one.pool]} GPU hour`],
      ...(one.gpuHours === null ? ['', ''] : [one.gpuHours, 'GPU-Hours']),
    ].join(',')
  })
  return `${[HEADER, ...rows].join('\n')}\n`
}

const startOfJob = (estate: Estate, { startMinute }: Estate['jobs'][number]) =>
  startOf(firstDay(estate)) + startMinute * 60_000 + 7_123

function jobsOf(estate: Estate): string {
  return JSON.stringify({
    jobs: estate.jobs.map((one, index) => ({
      ...{ job_id: `job-${index}`, team_name: `team-${one.team}`, model_name: `m${one.team}`, provider: 'aws' },
      ...{ gpu_type: POOLS[one.pool], gpu_count: one.gpus, status: one.isLost ? 'failed' : 'completed' },
      start_time: iso(startOfJob(estate, one)),
      end_time: iso(startOfJob(estate, one) + one.minutes * 60_000),
    })),
  })
}

type Kind = 'effective' | 'billed' | 'list'

/** What each team, and nobody, is charged for one local day: in bigints, pool by pool, by `allocate`. */
function expectedOn(estate: Estate, day: Day, basis: 'allocation' | 'usage', kind: Kind): Map<string, bigint> {
  const zone = estate.change[0]
  const [from, before] = [startOfLocalDay(day, zone), startOfLocalDay(addDays(day, 1), zone)]
  const parts = new Map<string, bigint>()
  const add = (name: string, amount: bigint) => parts.set(name, (parts.get(name) ?? 0n) + amount)
  for (const pool of [0, 1]) {
    let [cost, capacity, isBilled]: [bigint, bigint | null, boolean] = [0n, null, false]
    for (const one of estate.lines.filter((some) => some.pool === pool))
      for (let at = 0; at < hoursOf(one); at += 1) {
        const hour = startOfLine(estate, one) + at * HOUR_MS
        if (hour < from || hour >= before) continue
        const amount = { effective: one.nanoUsd, billed: one.invoiced ?? one.nanoUsd, list: one.list ?? 0n }[kind]
        isBilled = true
        cost += evenPart(amount, at, hoursOf(one))
        if (one.gpuHours !== null)
          capacity = (capacity ?? 0n) + evenPart(BigInt(one.gpuHours * 3600), at, hoursOf(one)) * 1000n
      }
    if (!isBilled) continue
    const held = estate.jobs
      .filter((some) => some.pool === pool)
      .map((one) => {
        const start = startOfJob(estate, one)
        const seconds =
          Math.floor(Math.min(before, start + one.minutes * 60_000) / 1000) - Math.floor(Math.max(from, start) / 1000)
        return { name: `team-${one.team}`, weight: BigInt(Math.round(one.gpus * 1000) * Math.max(0, seconds)) }
      })
    const busy = held.reduce((sum, { weight }) => sum + weight, 0n)
    const idle = capacity !== null && capacity > busy ? capacity - busy : 0n
    if (basis === 'allocation' && busy === 0n) add('__unallocated__', cost)
    else if (basis === 'usage' && capacity === null) add('__unmeasured__', cost)
    else if (basis === 'usage' && busy + idle === 0n) add('__idle__', cost)
    else {
      const weights = [...held.map(({ weight }) => weight), ...(basis === 'usage' ? [idle] : [])]
      // Who gets a stray nano-dollar depends on the order of owners, which may be another one here.
      allocate(nanoUsd(cost), weights).forEach((part, at) => void add(held[at]?.name ?? '__idle__', part))
    }
  }
  return parts
}

type Rows = readonly { name: string; totalCostUsd: string }[]
const amountsOf = (rows: Rows) => new Map(rows.map(({ name, totalCostUsd }) => [name, nano(totalCostUsd)]))
const total = (amounts: Iterable<bigint>) => [...amounts].reduce((sum, amount) => sum + amount, 0n)
const withoutZero = (amounts: Map<string, bigint>) => new Map([...amounts].filter(([, amount]) => amount !== 0n))

async function stored(heliox: TestHeliox, estate: Estate): Promise<void> {
  await clear(heliox)
  expect(await heliox.send('focus-csv', billOf(estate))).toMatchObject({ status: 'success' })
  if (estate.jobs.length > 0)
    expect(await heliox.send('jobs-json', jobsOf(estate))).toMatchObject({ status: 'success' })
}

test('250 random estates around changes of clocks: Σ days = the range, owners and leftovers = its bill, exactly', async () => {
  const heliox = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      random,
      fc.constantFrom('allocation' as const, 'usage' as const),
      fc.constantFrom<Kind>('effective', 'billed', 'list'),
      fc.integer({ min: 0, max: DAYS }),
      fc.integer({ min: 0, max: DAYS }),
      async (estate, basis, cost, one, other) => {
        await stored(heliox, estate)
        const timeZone = estate.change[0]
        const [start, end] = [one, other].sort((a, b) => a - b).map((at) => addDays(firstDay(estate), at - 1)) as [
          Day,
          Day,
        ]
        const asked = { start, end, timeZone, basis, cost }
        const days = daysIn({ from: start, before: addDays(end, 1) })
        const wanted = days.map((day) => expectedOn(estate, day, basis, cost))
        const bill = total(wanted.flatMap((parts) => [...parts.values()]))

        const byTeam = await heliox.trpc.analytics.byTeam.query(asked)
        expect(total(amountsOf(byTeam.rows).values())).toBe(bill)
        const daily = await heliox.trpc.analytics.daily.query({ ...asked, groupBy: 'team' })
        expect(daily.days).toEqual(days)
        expect(nano(daily.totalCostUsd)).toBe(bill)
        for (const { name, costUsd } of daily.series) {
          const parts = costUsd.map(nano)
          // Σ days = the range, and every day is what it is by itself, to the nano-dollars that rounding hands on.
          expect(total(parts)).toBe(amountsOf(byTeam.rows).get(name) ?? 0n)
          for (const [at, part] of parts.entries()) {
            const off = part - (wanted[at]?.get(name) ?? 0n)
            expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(estate.jobs.length))
          }
        }
        const [single] = days
        if (single) {
          const alone = await heliox.trpc.analytics.byTeam.query({ ...asked, end: single })
          const inRange = daily.series.map(({ name, costUsd }) => [name, nano(costUsd[0] ?? '0.00')] as const)
          expect(withoutZero(amountsOf(alone.rows))).toEqual(withoutZero(new Map(inRange)))
        }
        for (const name of ['byModel', 'byProvider', 'byGpuType'] as const)
          expect(total(amountsOf((await heliox.trpc.analytics[name].query(asked)).rows).values())).toBe(bill)
        const both = await heliox.trpc.analytics.reconciliation.query(asked)
        expect([both.differenceUsd, nano(both.billedCostUsd ?? '')]).toEqual(['0.00', bill])
        compared += 1
      },
    ),
    { numRuns: 250, seed: 20_260_329 },
  )
  expect(compared).toBe(250)
}, 240_000)

/** $1 and one GPU-hour of H100 for each hour of these UTC days; `more` are further lines. */
function hourly(days: readonly string[], more: readonly string[] = []): string {
  const lines = days.flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const start = Date.parse(`${day}T00:00:00Z`) + hour * HOUR_MS
      return `1,1,2,A,USD,2026-01-01,Usage,${iso(start)},${iso(start + HOUR_MS)},S,AWS,Compute,H100 GPU hour,1,GPU-Hours`
    }),
  )
  return `${[HEADER, ...lines, ...more].join('\n')}\n`
}
const AUTUMN = ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27']
const BERLIN = { timeZone: 'Europe/Berlin' }

test('a day in Berlin has 25 hours where clocks go back and 23 where they go forward', async () => {
  const { send, trpc, json } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('focus-csv', hourly(AUTUMN))
  const { days, series, totalCostUsd } = await trpc.analytics.daily.query({
    ...{ start: '2026-10-24', end: '2026-10-26', ...BERLIN },
  })
  expect(days).toEqual(['2026-10-24', '2026-10-25', '2026-10-26'])
  expect(series[0]?.costUsd).toEqual(['24.00', '25.00', '24.00'])
  expect(totalCostUsd).toBe('73.00')
  await send('focus-csv', hourly(['2026-03-28', '2026-03-29', '2026-03-30']))
  const rows = await json<{ date: string; total_cost_usd: string }[]>(
    '/api/v1/analytics/cost/daily?start=2026-03-29&end=2026-03-29&time_zone=Europe/Berlin',
  )
  expect(rows.map(({ date, total_cost_usd }) => [date, total_cost_usd])).toEqual([['2026-03-29', '23.00']])
})

test('what a zone’s range leaves out at its edges of the UTC range is what it has more', async () => {
  const { send, trpc } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('focus-csv', hourly(AUTUMN))
  for (const cost of ['effective', 'billed', 'list'] as const) {
    const worth = cost === 'list' ? 2 : 1
    const asked = { start: '2026-10-24', end: '2026-10-26', cost }
    const utc = await trpc.analytics.byProvider.query(asked)
    const local = await trpc.analytics.byProvider.query({ ...asked, ...BERLIN })
    // Two hours more at the start (summer time), one hour less at the end (winter time).
    expect([utc.totalCostUsd, local.totalCostUsd]).toEqual([`${72 * worth}.00`, `${73 * worth}.00`])
    const newYork = await trpc.analytics.byProvider.query({ ...asked, timeZone: 'America/New_York' })
    expect(newYork.totalCostUsd).toBe(`${72 * worth}.00`)
  }
})

test('teams are charged for their hours of the local day, and a job over several days is one job', async () => {
  const { send, trpc } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('focus-csv', hourly(AUTUMN))
  await send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,one,m,aws,h100,1,2026-10-24T21:00:00Z,2026-10-25T03:00:00Z,completed
b,two,m,aws,h100,1,2026-10-25T02:00:00Z,2026-10-25T03:00:00Z,failed
`,
  )
  // In Berlin the 25th starts at 22:00 UTC: job a holds 1 hour of the 24th and 5 of the 25th, job b 1 of the 25th.
  const daily = await trpc.analytics.daily.query({ start: '2026-10-24', end: '2026-10-25', ...BERLIN, groupBy: 'team' })
  const series = Object.fromEntries(daily.series.map(({ name, costUsd }) => [name, costUsd]))
  expect(series).toEqual({ one: ['24.00', '20.833333333'], two: ['0.00', '4.166666667'] })
  const usage = await trpc.analytics.byTeam.query({ start: '2026-10-24', end: '2026-10-25', ...BERLIN, basis: 'usage' })
  expect(
    usage.rows.map(({ name, totalCostUsd, jobCount, gpuHours }) => [name, totalCostUsd, jobCount, gpuHours]),
  ).toEqual([
    ['one', '6.00', 1, '6'],
    ['two', '1.00', 1, '1'],
    ['__idle__', '42.00', 0, '0'],
  ])
  const [pool] = (await trpc.analytics.byGpuType.query({ start: '2026-10-25', end: '2026-10-25', ...BERLIN })).rows
  expect(pool).toMatchObject({ name: 'h100', totalCostUsd: '25.00', jobCount: 2, gpuHours: '6' })
  const lost = await trpc.analytics.byTeam.query({
    start: '2026-10-25',
    end: '2026-10-25',
    ...BERLIN,
    status: 'failed',
  })
  expect(lost.totalCostUsd).toBe('4.166666667')
})

test('UTC, and a zone whose midnights are UTC’s all through the window, is the plain answer, daily costs and all', async () => {
  const { send, trpc } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-10,aws,h100,10\n')
  const asked = { start: '2026-01-10', end: '2026-01-12' }
  const plain = await trpc.analytics.daily.query({ ...asked, groupBy: 'team' })
  for (const timeZone of ['UTC', 'Etc/UTC', 'Europe/London', 'Africa/Abidjan'])
    expect(await trpc.analytics.daily.query({ ...asked, groupBy: 'team', timeZone })).toEqual(plain)
})

test('where the bill does not say its hours, the zone is refused with what and where, and whole days go on', async () => {
  const { send, fetch, trpc } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  const path = '/api/v1/analytics/cost/by-team?start=2026-10-24&end=2026-10-26'
  const refusal = async (more: string) => {
    const response = await fetch(`${path}${more}`)
    const { error } = (await response.json()) as { error?: { code: string; message: string } }
    return [response.status, error?.code, error?.message]
  }
  const daily = '1,1,1,A,USD,2026-01-01,Usage,2026-10-25T00:00:00Z,2026-10-26T00:00:00Z,T,AWS,Compute,A100 GPU hour,,'
  await send('focus-csv', hourly(AUTUMN, [daily]))
  const [status, code, message] = await refusal('&time_zone=Europe/Berlin')
  expect([status, code]).toEqual([400, 'analytics.no_hours'])
  expect(message).toMatch(/aws a100 on 2026-10-25 from focus says its hour/)
  expect(await refusal('&time_zone=Europe/Berlin&gpu_type=h100')).toEqual([200, undefined, undefined])
  const ranges = trpc.analytics.byTeam.query({ start: '2026-10-27', end: '2026-10-27', ...BERLIN })
  expect((await ranges).totalCostUsd).toBe('24.00')
  expect(await refusal('&time_zone=Asia/Kolkata')).toEqual([400, 'analytics.zone_needs_minutes', expect.any(String)])
  expect(await refusal('&time_zone=Mars/Olympus')).toEqual([400, 'request.invalid', expect.stringMatching(/time zone/)])
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-10-24,aws,h100,10\n')
  const [, , plain] = await refusal('&time_zone=Europe/Berlin&gpu_type=h100')
  expect(plain).toMatch(/daily costs for aws h100 on 2026-10-24/)
  for (const group of ['account', 'region'] as const)
    await expect(
      trpc.analytics.daily.query({ start: '2026-10-27', end: '2026-10-27', ...BERLIN, groupBy: group }),
    ).rejects.toThrow(/UTC days only/)
  await expect(trpc.analytics.byTeam.query({ start: '2026-01-01', end: '2026-04-04', ...BERLIN })).rejects.toThrow(
    /At most 93 days/,
  )
})

test('days before without hours leave the range that has them as it is: what was before is not known', async () => {
  const { send, trpc } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('focus-csv', hourly(AUTUMN))
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-10-20,aws,h100,10\n')
  const asked = { start: '2026-10-24', end: '2026-10-26', ...BERLIN }
  expect(await trpc.analytics.daily.query(asked)).toMatchObject({ totalCostUsd: '73.00', previousTotalCostUsd: null })
  const later = { start: '2026-10-25', end: '2026-10-26', ...BERLIN }
  expect(await trpc.analytics.daily.query(later)).toMatchObject({ previousTotalCostUsd: '46.00' }) // of the 22nd nothing was billed
})

test('a line changed by hand has no hour any more', async () => {
  const { send, trpc, write } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  await send('focus-csv', hourly(AUTUMN))
  const { costs } = await trpc.costs.list.query({ start: '2026-10-25', end: '2026-10-25' })
  const [entry] = costs
  const asked = { start: '2026-10-25', end: '2026-10-25', ...BERLIN }
  await trpc.analytics.byTeam.query(asked)
  expect((await write('PUT', `/api/v1/costs/${entry?.id}`, { cost_usd: '30' })).status).toBe(200)
  await expect(trpc.analytics.byTeam.query(asked)).rejects.toThrow(/says its hour/)
})

test('who sees their own teams gets their part in the zone, is refused for what they ran on only, and learns no source', async () => {
  const heliox = await startHeliox({ now: '2026-12-01T00:00:00Z' })
  const daily = '1,1,1,A,USD,2026-01-01,Usage,2026-10-25,2026-10-26,T,AWS,Compute,A100 GPU hour,,'
  await heliox.send('focus-csv', hourly(AUTUMN, [daily]))
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,one,m,aws,h100,1,2026-10-24T23:00:00Z,2026-10-25T03:00:00Z,completed
b,two,m,aws,a100,1,2026-10-25T02:00:00Z,2026-10-25T03:00:00Z,completed
`,
  )
  const { teams } = await heliox.trpc.teams.list.query({})
  const idOf = (name: string) => teams.find((team) => team.name === name)!.id
  const asked = { start: '2026-10-25', end: '2026-10-25', ...BERLIN }
  const [one, two] = [await heliox.as('developer', [idOf('one')]), await heliox.as('developer', [idOf('two')])]
  const own = await one.trpc.analytics.byTeam.query(asked)
  expect(own).toMatchObject({ totalCostUsd: '25.00', isPartial: true, rows: [{ name: 'one', kind: 'owner' }] })
  expect(await one.trpc.analytics.reconciliation.query(asked)).toMatchObject({
    ...{ allocatedCostUsd: '25.00', billedCostUsd: null, isPartial: true },
  })
  await expect(two.trpc.analytics.byTeam.query(asked)).rejects.toThrow(/aws a100 on 2026-10-25 says its hour/)
  await expect(one.trpc.analytics.byTeam.query({ ...asked, teamId: idOf('two') })).rejects.toThrow()
})

test('hours, entries, shares and jobs of the window are found by an index', async () => {
  const { db } = await startHeliox()
  const question: Question = {
    ...{ window: { from: '2026-03-01' as Day, before: '2026-04-01' as Day }, timeZone: 'Europe/Berlin' },
    ...{ basis: 'usage', cost: 'effective' },
    filters: {
      ...{ teamId: ['team_1'], modelName: null, provider: ['aws'], gpuType: null, status: null },
      ...{ account: null, region: null, service: null, sku: null, chargeCategory: null, tag: null },
    },
  }
  const asked = visibleQuestion({ actor: machine('test') }, question)
  const zone = zoneOf(question)
  if (!zone) throw new Error('Berlin is not at UTC')
  const [missing, ledger] = zonePart(asked, { time: 'day', names: ['team'] }, zone).statements
  // In the ledger's statement d, c and h are what it has made itself.
  for (const [statement, never] of [
    [missing, /SCAN (?:c|d|h|b|s|j)$/m],
    [ledger, /SCAN (?:s|j|b|bills)$/m],
  ] as const) {
    const plan = await db.all<{ detail: string }>(sql`explain query plan ${statement}`)
    const text = plan.map(({ detail }) => detail).join('\n')
    expect(text).toMatch(/SEARCH s USING PRIMARY KEY/)
    expect(text).not.toMatch(never)
  }
})
