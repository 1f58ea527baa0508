import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { forgetBills, SUPERSEDED_KEPT_MS } from './store-bills.ts'

const HEADER =
  'BilledCost,EffectiveCost,ListCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,SkuId,ProviderName,ServiceCategory,ChargeDescription,ConsumedQuantity,ConsumedUnit'
type Line = { cost: string; list?: string; start: string; end: string; sku?: string; item?: string; hours?: string }

function bill(...lines: Line[]): string {
  const rows = lines.map(({ cost, list = cost, start, end, sku = 'S', item = 'H100 GPU hour', hours = '1' }) =>
    [
      ...[cost, cost, list, 'A', 'USD', '2026-01-01', 'Usage', start, end, sku, 'AWS', 'Compute', item, hours],
      'GPU-Hours',
    ].join(','),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}

/** Hours of current bills as "day hour nano-dollars list unlisted seconds". */
async function hoursIn({ db }: Pick<TestHeliox, 'db'>): Promise<string[]> {
  const rows = await db.all<{ text: string }>(sql`
    select h.day || ' ' || h.hour || ' ' || h.effective_nano_usd || ' ' || h.list_nano_usd || ' ' || h.unlisted_nano_usd
      || ' ' || coalesce(h.capacity_gpu_seconds, '?') as text
    from bill_hours h join bills b on b.id = h.bill_id where b.status = 'current' order by h.day, h.hour, h.pool_id`)
  return rows.map(({ text }) => text)
}

async function wholeDayLines({ db }: Pick<TestHeliox, 'db'>): Promise<string[]> {
  const rows = await db.all<{ text: string }>(
    sql`select d.day || ' ' || d.whole_day_lines as text from bill_days d join bills b on b.id = d.bill_id
      where b.status = 'current' order by d.day, d.pool_id`,
  )
  return rows.map(({ text }) => text)
}

test('charges of an hour add up by hour, charges of several hours are spread over them to the nano-dollar', async () => {
  const heliox = await startHeliox()
  const day = '2026-01-10'
  await heliox.send(
    'focus-csv',
    bill(
      { cost: '1', start: `${day}T05:00:00Z`, end: `${day}T06:00:00Z` },
      { cost: '2', start: `${day}T05:00:00Z`, end: `${day}T05:30:00Z` },
      // 10 over 3 hours: 3.333333333, 3.333333334, 3.333333333; 2 GPU-hours: 2400 s each.
      { cost: '10', start: `${day}T21:00:00Z`, end: '2026-01-11T00:00:00Z', hours: '2' },
    ),
  )
  expect(await hoursIn(heliox)).toEqual([
    '2026-01-10 5 3000000000 3000000000 0 7200',
    '2026-01-10 21 3333333333 3333333333 0 2400',
    '2026-01-10 22 3333333334 3333333334 0 2400',
    '2026-01-10 23 3333333333 3333333333 0 2400',
  ])
  expect(await wholeDayLines(heliox)).toEqual(['2026-01-10 0'])
})

test('a day, a month and odd edges are of no hour and are counted; a bill without hours writes none', async () => {
  const heliox = await startHeliox()
  await heliox.send(
    'focus-csv',
    bill(
      { cost: '1', start: '2026-01-10T00:00:00Z', end: '2026-01-11T00:00:00Z' },
      { cost: '1', start: '2026-01-10T00:00:00Z', end: '2026-02-01T00:00:00Z', sku: 'T' },
      { cost: '1', start: '2026-01-10T10:30:00Z', end: '2026-01-10T12:00:00Z' },
      { cost: '1', start: '2026-01-12T10:30:00Z', end: 'NULL' },
    ),
  )
  expect(await hoursIn(heliox)).toEqual([])
  expect(await wholeDayLines(heliox)).toEqual(['2026-01-10 3', '2026-01-12 1'])
})

test('half a list price is none, hour by hour as well', async () => {
  const heliox = await startHeliox()
  await heliox.send(
    'focus-csv',
    bill(
      { cost: '1', list: '2', start: '2026-01-10T01:00:00Z', end: '2026-01-10T02:00:00Z' },
      { cost: '1', list: '', start: '2026-01-10T02:00:00Z', end: '2026-01-10T03:00:00Z' },
    ),
  )
  expect(await hoursIn(heliox)).toEqual([
    '2026-01-10 1 1000000000 0 1000000000 3600',
    '2026-01-10 2 1000000000 0 1000000000 3600',
  ])
})

test('hours go with their bill: replaced, removed, forgotten', async () => {
  const heliox = await startHeliox()
  const line = (cost: string) => bill({ cost, start: '2026-01-10T01:00:00Z', end: '2026-01-10T02:00:00Z' })
  await heliox.send('focus-csv', line('1'))
  const { import_id } = await heliox.send('focus-csv', line('2'))
  expect(await hoursIn(heliox)).toEqual(['2026-01-10 1 2000000000 2000000000 0 3600'])
  await heliox.write('DELETE', `/api/v1/imports/${import_id}`)
  expect(await hoursIn(heliox)).toEqual(['2026-01-10 1 1000000000 1000000000 0 3600'])
  const later = () => (heliox.now() + SUPERSEDED_KEPT_MS) as ReturnType<typeof heliox.now>
  await forgetBills({ db: heliox.db, now: later })
  expect(await heliox.db.all(sql`select distinct bill_id from bill_hours`)).toHaveLength(1)
})

test('a line that a GPU rule moves does not say its hour any more, and leaves no hour behind', async () => {
  const heliox = await startHeliox()
  const [start, end] = ['2026-01-10T01:00:00Z', '2026-01-10T02:00:00Z']
  await heliox.send(
    'focus-csv',
    bill(
      { cost: '1', start, end, item: 'Node XL', sku: 'N' },
      { cost: '5', start, end },
      { cost: '7', start: '2026-01-11T01:00:00Z', end: '2026-01-11T02:00:00Z' },
    ),
  )
  expect(await wholeDayLines(heliox)).toEqual(['2026-01-10 0', '2026-01-10 0', '2026-01-11 0'])
  const made = await heliox.write('POST', '/api/v1/gpu-rules', {
    ...{ provider: 'aws', item_contains: 'Node XL', gpu_type: 'h100', gpu_count: 8 },
  })
  expect(made.status).toBe(201)
  expect(await wholeDayLines(heliox)).toEqual(['2026-01-10 1', '2026-01-11 0'])
  expect(await hoursIn(heliox)).toEqual([
    '2026-01-10 1 5000000000 5000000000 0 3600',
    '2026-01-11 1 7000000000 7000000000 0 3600',
  ])
})
