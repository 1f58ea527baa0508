import { expect, test } from 'vitest'
import { nano, startHeliox } from './testing.ts'

const RANGE = { start: '2026-01-01', end: '2026-01-31' }
const HEADER = 'date,provider,gpu_type,cost_usd'
const JOBS = 'job_id,team_name,provider,gpu_type,start_time,end_time,status'

/** The answers that a ledger beyond 64 bits could no longer give. */
async function answersOf({ trpc, json }: Awaited<ReturnType<typeof startHeliox>>) {
  const { differenceUsd } = await trpc.analytics.reconciliation.query(RANGE)
  await trpc.analytics.daily.query({ ...RANGE, groupBy: 'account' })
  return [differenceUsd, (await json<{ total_cost_usd: string }>('/api/v1/costs/total')).total_cost_usd]
}

test('files that would pass 9 billion dollars together are refused, however many come at once', async () => {
  const heliox = await startHeliox()
  const file = (index: number) =>
    [HEADER, ...Array.from({ length: 8 }, (_, row) => `2026-01-0${row + 1},aws,gpu-${index},999999999`)].join('\n')
  const sent = await Promise.all([0, 1, 2, 3].map((index) => heliox.send('cost-csv', file(index))))
  const refused = sent.filter(({ httpStatus }) => httpStatus === 400)
  expect(refused.length).toBeGreaterThanOrEqual(3)
  expect(new Set(refused.map(({ error }) => error?.code))).toEqual(new Set(['ingest.too_much_money']))
  expect((await answersOf(heliox))[0]).toBe('0.00')
  const small = await heliox.send('cost-csv', `${HEADER}\n2026-01-20,aws,h100,5`)
  expect(small.httpStatus).toBe(200) // and the ledger still takes what fits
})

test('prepayments and charges that cancel out count in full: their sums must fit as well', async () => {
  const focus =
    'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,SkuId'
  const rows = (name: string, billed: (index: number) => string, effective: string) =>
    Array.from(
      { length: 8 },
      (_, i) => `${billed(i)},${effective || billed(i)},USD,2026-01-01,2026-01-02T00:00:00Z,Purchase,aws,${name}${i}`,
    )
  const prepaid = await startHeliox()
  const send = (heliox: typeof prepaid, lines: string[], source: string) =>
    heliox.send('focus-csv', [focus, ...lines].join('\n'), `&source=${source}`)
  expect(
    (
      await send(
        prepaid,
        rows('a', () => '999999999', '0'),
        'one',
      )
    ).httpStatus,
  ).toBe(200)
  expect(
    (
      await send(
        prepaid,
        rows('b', () => '999999999', '0'),
        'two',
      )
    ).error?.code,
  ).toBe('ingest.too_much_money')
  const cancelling = await startHeliox()
  const plusMinus = (index: number) => (index % 2 ? '-999999999' : '999999999')
  expect((await send(cancelling, rows('a', plusMinus, ''), 'one')).httpStatus).toBe(200)
  expect((await send(cancelling, rows('b', plusMinus, ''), 'two')).error?.code).toBe('ingest.too_much_money')
  for (const heliox of [prepaid, cancelling]) expect((await answersOf(heliox))[0]).toBe('0.00')
})

test('the kept size of the ledger is what its entries say, after changes, corrections and removals', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', `${HEADER}\n2026-01-01,aws,h100,10\n2026-01-02,aws,h100,20`)
  await heliox.send('cost-csv', `${HEADER}\n2026-01-01,aws,h100,15.5`)
  await heliox.db.$client.execute(`delete from cost_entries where entry_date = '2026-01-02'`)
  const { rows } = await heliox.db.$client.execute('select abs_nano_usd from ledger_size')
  expect(rows[0]?.abs_nano_usd).toBe(nano('15.5'))
})

test('every list adds up to the bill at every moment of an import that moves jobs from team to team', async () => {
  const heliox = await startHeliox()
  const days = Array.from({ length: 20 }, (_, index) => `2026-01-${String(index + 1).padStart(2, '0')}`)
  await heliox.send('cost-csv', [HEADER, ...days.map((day) => `${day},aws,h100,100.01`)].join('\n'))
  const file = (team: string) =>
    [
      JOBS,
      ...Array.from(
        { length: 3000 },
        (_, i) =>
          `j${i},${team}-${i % 7},aws,h100,${days[i % 20]}T0${i % 9}:00:00Z,${days[i % 20]}T1${i % 9}:30:00Z,completed`,
      ),
    ].join('\n')
  await heliox.send('jobs-csv', file('a'))
  let isDone = false
  const moving = heliox.send('jobs-csv', file('b')).finally(() => {
    isDone = true
  })
  let polls = 0
  for (; !isDone || polls === 0; polls += 1)
    for (const answer of [heliox.trpc.analytics.byTeam.query(RANGE), heliox.trpc.analytics.byModel.query(RANGE)]) {
      const { rows, totalCostUsd } = await answer
      expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(nano('2000.20'))
      expect(totalCostUsd).toBe('2000.20')
    }
  expect((await moving).result).toMatchObject({ updated: 3000, unchanged: 0 })
  expect((await heliox.trpc.analytics.byTeam.query(RANGE)).rows.map(({ name }) => name[0])).toEqual(Array(7).fill('b'))
})

test('a series of more points than anybody reads is refused with the way out, and a shorter one is answered', async () => {
  const heliox = await startHeliox()
  const rows = Array.from(
    { length: 300 },
    (_, i) => `j${i},team-${i},aws,h100,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed`,
  )
  await heliox.send('jobs-csv', [JOBS, ...rows].join('\n'))
  const daily = (query: string) => heliox.fetch(`/api/v1/analytics/cost/daily?group_by=team&${query}`)
  const long = await daily('start=2016-12-29&end=2026-12-31')
  expect([long.status, await long.json()]).toMatchObject([400, { error: { code: 'analytics.too_many_points' } }])
  expect((await daily('start=2026-01-01&end=2026-12-31')).status).toBe(200)
})

test('a tRPC batch is limited, and guesses of a password cannot be batched at all', async () => {
  const { fetch, stranger } = await startHeliox()
  const batch = (name: string, count: number) => `/trpc/${Array(count).fill(name).join(',')}?batch=1&input=%7B%7D`
  expect((await fetch(batch('demo.status', 20))).status).toBe(200)
  expect((await fetch(batch('demo.status', 21))).status).toBe(400)
  const guess = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  expect((await stranger(batch('auth.signIn', 2), guess)).status).toBe(400)
})

test('bodies that are too large, too deep or hold text that no database can are the caller\u2019s 4xx', async () => {
  const { stranger, fetch } = await startHeliox()
  const post = (body: string) =>
    stranger('/api/v1/auth/register', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  expect((await post(`{"email":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413)
  expect((await post(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).status).toBe(400)
  expect((await post('[1,2]')).status).toBe(400)
  expect((await fetch(`/api/v1/costs?start=2026-02-01&end=2026-01-01`)).status).toBe(400)
})
