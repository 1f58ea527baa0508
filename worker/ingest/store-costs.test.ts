import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'
import { clearAbandoned, forgetStaged } from './clear-abandoned.ts'

const HEADER =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ChargeDescription'
type Line = {
  cost: string
  account?: string
  period?: string
  day?: string
  sku?: string
  gpu?: string
  category?: string
}

/** A bill in FOCUS, one line per charge. */
function bill(...lines: Line[]): string {
  const rows = lines.map(
    ({ cost, account = 'A', period = '2026-01-01', day = '2026-01-10', sku = 'S1', gpu, category }) =>
      [cost, cost, account, 'USD', period, category ?? 'Usage', day, sku, 'AWS', 'Compute', gpu ?? 'H100 hour'].join(
        ',',
      ),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}

async function started() {
  const heliox = await startHeliox()
  return {
    ...heliox,
    /** Entries as SQL has them, and the ledger's total beside them. */
    entries: async () => {
      const rows = await heliox.db.all<{ key: string; billed: string }>(sql`select
        source || ' ' || billing_account || ' ' || billing_period || ' ' || entry_date || ' ' || sku as key,
        cast(billed_nano_usd as text) as billed from ledger_costs order by 1`)
      return rows.map(({ key, billed }) => `${key}: ${Number(billed) / 1e9}`)
    },
    shared: async () => {
      const [row] = await heliox.db.all<{ sum: bigint }>(
        sql`select coalesce(sum(cost_nano_usd), 0) as sum from pool_days`,
      )
      return row?.sum
    },
  }
}

test('in a bill, lines with one key add up; counts are of lines, not of entries', async () => {
  const { send, entries, shared, db } = await started()
  const text = bill({ cost: '1.25' }, { cost: '2.50' }, { cost: '-0.75' }, { cost: '9', sku: 'S2' })
  const { result } = await send('focus-csv', text)
  expect(result).toMatchObject({ total_records: 4, inserted: 4, failed: 0, totals: { stored_cost_usd: '12.00' } })
  expect(await entries()).toEqual(['focus A 2026-01-01 2026-01-10 S1: 3', 'focus A 2026-01-01 2026-01-10 S2: 9'])
  expect(await shared()).toBe(nano('12'))
  expect(await db.all(sql`select sum(line_count) as n from ledger_costs`)).toEqual([{ n: 4n }])
  expect((await send('focus-csv', text)).result).toMatchObject({ inserted: 0, updated: 4, unchanged: 4, removed: 0 })
  expect(await shared()).toBe(nano('12'))
})

test('a corrected bill replaces what it corrects, with the rows that it no longer mentions, and never adds', async () => {
  const { send, entries, shared, trpc } = await started()
  await send(
    'focus-csv',
    bill({ cost: '10' }, { cost: '5', sku: 'S2' }, { cost: '1', day: '2026-01-11', gpu: 'A100 hour' }),
  )
  expect(await shared()).toBe(nano('16'))
  const corrected = bill({ cost: '12' }, { cost: '3', sku: 'S3' })
  const dry = await send('focus-csv', corrected, '&dry_run=true')
  expect(dry.result).toMatchObject({ inserted: 1, updated: 1, unchanged: 0, removed: 2 })
  expect(await shared()).toBe(nano('16'))
  const { result } = await send('focus-csv', corrected)
  expect(result).toMatchObject({ inserted: 1, updated: 1, unchanged: 0, removed: 2 })
  expect(await entries()).toEqual(['focus A 2026-01-01 2026-01-10 S1: 12', 'focus A 2026-01-01 2026-01-10 S3: 3'])
  expect(await shared()).toBe(nano('15')) // 12 + 3; the A100's day is gone
  const asked = { start: '2026-01-01', end: '2026-01-31' }
  expect(await trpc.analytics.reconciliation.query(asked)).toMatchObject({
    billedCostUsd: '15.00',
    differenceUsd: '0.00',
  })
})

test('a bill touches neither another account, nor another period, nor another source', async () => {
  const { send, entries } = await started()
  await send(
    'focus-csv',
    bill({ cost: '1' }, { cost: '2', account: 'B' }, { cost: '4', period: '2026-02-01', day: '2026-02-03' }),
  )
  await send('focus-csv', bill({ cost: '8' }), '&source=second cloud')
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-10,aws,h100,16\n')
  expect(await entries()).toHaveLength(5)
  expect((await send('focus-csv', bill({ cost: '32', sku: 'S9' }))).result).toMatchObject({ inserted: 1, removed: 1 })
  expect(await entries()).toEqual([
    '   2026-01-10 : 16',
    'focus A 2026-01-01 2026-01-10 S9: 32',
    'focus A 2026-02-01 2026-02-03 S1: 4',
    'focus B 2026-01-01 2026-01-10 S1: 2',
    'second cloud A 2026-01-01 2026-01-10 S1: 8',
  ])
})

test('one file with two periods restates both; without a billing period a day replaces that day', async () => {
  const { send, entries } = await started()
  const both = [{ cost: '1' }, { cost: '2', period: '2026-02-01', day: '2026-02-03' }]
  await send('focus-csv', bill(...both, { cost: '4', sku: 'S4' }, { cost: '8', period: '2026-02-01', sku: 'S8' }))
  expect((await send('focus-csv', bill(...both))).result).toMatchObject({ unchanged: 2, removed: 2 })
  await send('focus-csv', bill({ cost: '16', period: '' }))
  expect((await send('focus-csv', bill({ cost: '32', period: '', sku: 'S32' }))).result).toMatchObject({ removed: 1 })
  expect(await entries()).toHaveLength(3)
})

test('credits stay visible beside their usage, and a day whose bill is negative is split like any other', async () => {
  const { send, entries, trpc } = await started()
  const start = '2026-01-10T00:00:00Z'
  await send(
    'jobs-csv',
    `job_id,team_name,provider,gpu_type,start_time,end_time,status\na,one,aws,h100,${start},2026-01-10T03:00:00Z,completed\nb,two,aws,h100,${start},2026-01-10T01:00:00Z,completed\n`,
  )
  await send('focus-csv', bill({ cost: '12.00' }, { cost: '-14.00', category: 'Credit' }))
  expect(await entries()).toHaveLength(2)
  const { rows, totalCostUsd } = await trpc.analytics.byTeam.query({ start: '2026-01-10', end: '2026-01-10' })
  expect(totalCostUsd).toBe('-2.00')
  // −2.00 over 3 h and 1 h
  expect(rows.map(({ name, totalCostUsd: cost }) => [name, cost]).sort()).toEqual([
    ['one', '-1.50'],
    ['two', '-0.50'],
  ])
})

test('two corrections of one bill sent at once: one of them is the bill, not a mix, and nothing is lost', async () => {
  const { send, entries, shared } = await started()
  await send('focus-csv', bill({ cost: '1' }, { cost: '2', sku: 'S2' }))
  const corrections = [
    bill({ cost: '10' }, { cost: '20', sku: 'S3' }),
    bill({ cost: '100' }, { cost: '200', sku: 'S4' }),
  ]
  const answers = await Promise.all(corrections.map((text) => send('focus-csv', text)))
  expect(answers.map(({ status }) => status)).toEqual(['success', 'success'])
  const found = await entries()
  expect(found).toHaveLength(2)
  const sum = await shared()
  expect([nano('30'), nano('300')]).toContain(sum) // 10 + 20, or 100 + 200
  expect(found.join()).toMatch(sum === nano('30') ? /S1: 10,.*S3: 20/ : /S1: 100,.*S4: 200/)
})

test('a bill waits for one that moves and not for one whose process died; the dead one can be taken up for a day', async () => {
  const { send, db, scope, moveTo, entries } = await started()
  await db.run(sql`insert into imports (format, source, status, actor, started_at_ms, progressed_at_ms)
    values ('focus-csv', 'focus', 'storing', 'somebody', ${BigInt(scope.now())}, ${BigInt(scope.now())})`)
  moveTo('2026-03-01T12:00:30Z') // half a minute without a move
  expect(await send('focus-csv', bill({ cost: '1' }))).toMatchObject({ status: 'success' })
  expect(await entries()).toHaveLength(1)
  expect(await clearAbandoned(scope)).toEqual([])
  moveTo('2026-03-01T12:15:00Z')
  expect(await clearAbandoned(scope)).toEqual(['imp_1'])
  expect(await clearAbandoned(scope)).toEqual([])
  expect(await db.all(sql`select status from imports order by id`)).toEqual([
    { status: 'interrupted' },
    { status: 'success' },
  ])
  moveTo('2026-03-02T12:15:00Z')
  expect(await clearAbandoned(scope)).toEqual(['imp_1'])
  expect(await clearAbandoned(scope)).toEqual([])
  expect(await db.all(sql`select status, message from imports where id = 1`)).toEqual([
    { status: 'failed', message: 'The import was interrupted and not taken up again: send the file again' },
  ])
})

test('a simple file corrects the days that it names and leaves the others', async () => {
  const { send, shared, entries } = await started()
  const header = 'date,provider,gpu_type,cost_usd,gpu_hours\n'
  await send('cost-csv', `${header}2026-01-01,aws,h100,10,24\n2026-01-02,aws,h100,20,24\n`)
  const { result } = await send('cost-csv', `${header}2026-01-02,AWS, H100 ,25,24\n`)
  expect(result).toMatchObject({ inserted: 0, updated: 1, unchanged: 0, removed: 0 })
  expect([await shared(), (await entries()).length]).toEqual([nano('35'), 2])
  const hours = await send('cost-csv', `${header}2026-01-02,aws,h100,25,48\n`)
  expect(hours.result).toMatchObject({ updated: 1, unchanged: 0 }) // the same dollars bought more hours
})

test('what a large file left in staging is cleared away by the clock, and that of one under way is not', async () => {
  const heliox = await startHeliox()
  const rows = Array.from({ length: 20_001 }, (_, at) => `2026-01-01,aws,gpu-${at},1`)
  const { result } = await heliox.send('cost-csv', ['date,provider,gpu_type,cost_usd', ...rows].join('\n'))
  expect(result.inserted).toBe(20_001)
  await heliox.db.$client.execute(`insert into imports (id, format, source, status, actor, started_at_ms, progressed_at_ms)
    values (99, 'jobs-csv', '', 'reading', 'test', 0, 0)`)
  await heliox.db.$client.execute(`insert into staged_jobs (import_id, line, job_id, run, team_name, model_name, provider,
    gpu_type, gpu_milli, status) values (99, 2, 'j', '', 't', '', 'aws', 'h100', 1, 'pending')`)
  expect(await forgetStaged(heliox.scope)).toBe(20_001)
  expect(await forgetStaged(heliox.scope)).toBe(0)
  const { rows: left } = await heliox.db.$client.execute('select job_id from staged_jobs')
  expect(left.map(({ job_id }) => job_id)).toEqual(['j'])
})
