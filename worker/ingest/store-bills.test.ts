import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import { nano, startHeliox } from '../testing.ts'
import { finishInterrupted } from './finish-interrupted.ts'
import { importerOf } from './importers/index.ts'
import { rowsOf, run } from './ingest-file.ts'
import { openImport, reopenImport } from './open-import.ts'
import { readOptions } from './read-options.ts'
import { stageFile } from './stage-file.ts'
import { forgetBills, SUPERSEDED_KEPT_MS } from './store-bills.ts'

const HEADER =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ChargeDescription,Tags'
type Line = {
  cost: string
  effective?: string
  day?: string
  sku?: string
  account?: string
  gpu?: string
  tags?: string
}

function bill(lines: readonly Line[]): string {
  const rows = lines.map(({ cost, effective = cost, day = '2026-01-10', sku = 'S1', account = 'A', gpu, tags = '' }) =>
    [
      cost,
      effective,
      account,
      'USD',
      '2026-01-01',
      'Usage',
      day,
      sku,
      'AWS',
      'Compute',
      gpu ?? 'H100 hour',
      `"${tags}"`,
    ].join(','),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,t1,m,aws,h100,8,2026-01-10T00:00:00Z,2026-01-10T12:00:00Z,completed
b,t2,m,aws,h100,4,2026-01-10T00:00:00Z,2026-01-11T12:00:00Z,completed
`

async function started() {
  const heliox = await startHeliox()
  const asked = { start: '2026-01-01', end: '2026-02-10' } as const
  return {
    ...heliox,
    /** The total of the bill, which both bases and both ways of adding up agree on. */
    total: async () => {
      const totals: string[] = []
      for (const basis of ['allocation', 'usage'] as const) {
        const both = await heliox.trpc.analytics.reconciliation.query({ ...asked, basis })
        expect(both.differenceUsd).toBe('0.00')
        totals.push(both.billedCostUsd ?? 'not seen')
      }
      const [entries] = await heliox.db.all<{ sum: bigint }>(
        sql`select coalesce(sum(effective_nano_usd), 0) as sum from ledger_costs`,
      )
      const [days] = await heliox.db.all<{ sum: bigint }>(
        sql`select coalesce(sum(cost_nano_usd), 0) as sum from pool_days`,
      )
      expect(days?.sum).toBe(entries?.sum)
      const { count } = await heliox.trpc.costs.total.query({})
      return { total: totals[0], entries: count }
    },
    history: () =>
      heliox.db.all<{ status: string; lines: bigint; billed: string; by: bigint | null }>(sql`select status,
        line_count as lines, cast(billed_nano_usd as text) as billed, superseded_by as "by" from bills where id > 0 order by id`),
  }
}

test('a restated bill counts at once and whole, and what it was before stays in the history', async () => {
  const { send, total, history } = await started()
  await send('jobs-csv', JOBS)
  await send('focus-csv', bill([{ cost: '12' }, { cost: '3', sku: 'S2' }]))
  expect(await total()).toEqual({ total: '15.00', entries: 2 })
  const { result, message } = await send('focus-csv', bill([{ cost: '12' }, { cost: '4', sku: 'S3' }]))
  expect(result).toMatchObject({ inserted: 1, updated: 1, unchanged: 1, removed: 1 })
  expect(message).toBe(
    '2 rows stored. What was billed there goes from 15.00 to 16.00 dollars. 1 row of the bill it replaces is gone',
  )
  expect(await total()).toEqual({ total: '16.00', entries: 2 })
  expect(await history()).toEqual([
    { status: 'superseded', lines: 2n, billed: '15000000000', by: 2n },
    { status: 'current', lines: 2n, billed: '16000000000', by: null },
  ])
})

test('parts of an export stand beside each other, each is replaced by itself, and the whole one replaces all', async () => {
  const { send, total } = await started()
  const part = (name: string, lines: Line[]) => send('focus-csv', bill(lines), `&part=${name}`)
  await part('1', [{ cost: '1' }, { cost: '2', sku: 'S2' }])
  await part('2', [{ cost: '4' }]) // the same charge, cut in two by the exporter
  expect(await total()).toEqual({ total: '7.00', entries: 3 })
  expect((await part('2', [{ cost: '5' }])).result).toMatchObject({ updated: 1, unchanged: 0, removed: 0 })
  expect(await total()).toEqual({ total: '8.00', entries: 3 })
  expect((await send('focus-csv', bill([{ cost: '10' }]))).result).toMatchObject({
    inserted: 0,
    updated: 1,
    removed: 1,
  })
  expect(await total()).toEqual({ total: '10.00', entries: 1 })
  await part('1', [{ cost: '1' }])
  expect(await total()).toEqual({ total: '1.00', entries: 1 }) // a part replaces the whole one that was there before
})

test('a bill that is read and not in its place yet changes no answer', async () => {
  const { send, total, scope } = await started()
  await send('focus-csv', bill([{ cost: '12' }]))
  const open = await staged(scope, bill([{ cost: '99' }, { cost: '1', sku: 'S9' }]))
  expect(await total()).toEqual({ total: '12.00', entries: 1 })
  await scope.db.run(sql`update imports set status = 'interrupted' where id = ${open.row}`)
  expect(await finishInterrupted(scope, open.id)).toMatchObject({ status: 'success', inserted: 1, updated: 1 })
  expect(await total()).toEqual({ total: '100.00', entries: 2 })
  expect(await finishInterrupted(scope, open.id)).toBeNull()
})

async function staged(scope: Scope, text: string) {
  const said = { provider: '', currency: '', timeZone: '' }
  const importer = importerOf('focus-csv')
  if (!('open' in importer)) throw new Error('not text')
  const asked = { ...said, source: null, part: '', fileName: '', recognisedBy: '', isDryRun: false }
  const open = await openImport(scope, importer, { ...asked, progress: { bytesRead: 0 } })
  await stageFile(scope, open, rowsOf(importer.open(await readOptions(scope, said)), arriving(text)), false)
  return open
}

async function* arriving(text: string, after = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < text.length; at += 65_536) {
    if (at >= after) throw new Error('connection reset')
    yield text.slice(at, at + 65_536)
  }
}

/** 35,000 rows with a second key here and a bad row there. */
const LONG = bill(
  Array.from({ length: 35_000 }, (_, at) => ({
    ...{ cost: at % 7_000 === 3 ? 'x' : `${(at % 90) + 0.25}`, sku: `S${at % 3_000}` },
    day: addDays('2026-01-01' as Day, at % 31),
  })),
)

test.each(['focus-csv', 'jobs-csv', 'cost-csv'])(
  '%s: a file that broke off goes on where it stood, and ends as if it had not',
  async (format) => {
    const text = format === 'focus-csv' ? LONG : format === 'jobs-csv' ? longJobs() : longCosts()
    const whole = await started()
    const expected = (await whole.send(format, text)).result
    const other = await started()
    const { scope, db } = other
    const importer = importerOf(format)
    if (!('open' in importer)) throw new Error('not text')
    const said = { provider: '', currency: '', timeZone: '' }
    const options = await readOptions(scope, said)
    const asked = { ...said, source: null, part: '', fileName: '', recognisedBy: '', isDryRun: false }
    const open = await openImport(scope, importer, { ...asked, progress: { bytesRead: 0 } })
    const breaking = rowsOf(importer.open(options), arriving(text, text.length * 0.7))
    await expect(run(scope, open, breaking)).rejects.toThrow('connection reset')
    expect(await db.all(sql`select status, cursor_rows > 0 as has_cursor from imports`)).toEqual([
      { status: 'interrupted', has_cursor: 1n },
    ])
    const again = await reopenImport(scope, open.id, { bytesRead: 0 })
    if (!again) throw new Error('it was not free')
    expect(await reopenImport(scope, open.id, { bytesRead: 0 })).toBeNull()
    await run(scope, again, rowsOf(importer.open(options), arriving(text)))
    const ended = await other.json<{ result: typeof expected }>(`/api/v1/imports/${open.id}`)
    expect(ended.result).toEqual(expected)
    expect(await other.total()).toEqual(await whole.total())
    expect(await tables(db)).toEqual(await tables(whole.db))
  },
)

test('another file than the one that broke off is refused, and the ledger is as it was', async () => {
  const { scope, total } = await started()
  const importer = importerOf('cost-csv')
  if (!('open' in importer)) throw new Error('not text')
  const options = await readOptions(scope, { provider: '', currency: '', timeZone: '' })
  const asked = { provider: '', currency: '', timeZone: '', source: null, part: '', fileName: '', recognisedBy: '' }
  const open = await openImport(scope, importer, { ...asked, isDryRun: false, progress: { bytesRead: 0 } })
  const reading = (text: string, after?: number) => rowsOf(importer.open(options), arriving(text, after))
  await expect(run(scope, open, reading(longCosts(), 500_000))).rejects.toThrow('connection reset')
  const again = await reopenImport(scope, open.id, { bytesRead: 0 })
  if (!again) throw new Error('it was not free')
  const other = longCosts().replace('aws,g77,1.7', 'aws,g77,1.8')
  await expect(run(scope, again, reading(other))).rejects.toMatchObject({ code: 'ingest.not_the_same_file' })
  expect(await total()).toEqual({ total: '0.00', entries: 0 })
})

async function tables(db: Scope['db']) {
  const [row] = await db.all(sql`select (select count(*) from jobs) as jobs,
    (select sum(gpu_ms) / 1000 from job_day_shares) as held, (select count(*) from cost_entries) as entries,
    (select sum(line_count) from cost_entries) as lines, (select sum(effective_nano_usd) from bill_days) as bills,
    (select count(*) from staged_jobs) + (select count(*) from staged_costs) as staged,
    (select count(*) from quarantined_rows) as quarantined`)
  return row
}

function longJobs(): string {
  const rows = Array.from(
    { length: 35_000 },
    (_, at) =>
      `j${at % 34_000},t${at % 5},m,aws,h100,1,2026-01-0${(at % 9) + 1}T00:00:00Z,2026-01-0${(at % 9) + 1}T01:00:07Z,completed`,
  )
  return `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${rows.join('\n')}\n`
}
function longCosts(): string {
  const rows = Array.from({ length: 35_000 }, (_, at) => `2026-01-0${(at % 9) + 1},aws,g${at % 3_500},1.7\n`)
  return `date,provider,gpu_type,cost_usd\n${rows.join('')}`
}

test('the entries of a bill that was replaced go after a week, those of one that counts never', async () => {
  const { send, total, db, moveTo, now, history } = await started()
  await send('focus-csv', bill([{ cost: '12' }]))
  await send('focus-csv', bill([{ cost: '13' }]))
  const stored = async () => (await db.all<{ n: bigint }>(sql`select count(*) as n from cost_entries`))[0]?.n
  expect(await forgetBills({ db, now })).toBe(0)
  expect(await stored()).toBe(2n)
  moveTo(new Date(now() + SUPERSEDED_KEPT_MS + 1).toISOString())
  expect(await forgetBills({ db, now })).toBe(1)
  expect([await stored(), (await total()).total]).toEqual([1n, '13.00'])
  expect(await history()).toHaveLength(2)
})

test('a hand that edits an entry of a bill moves every sum by the difference', async () => {
  const { send, total, trpc, db } = await started()
  await send('jobs-csv', JOBS)
  await send('focus-csv', bill([{ cost: '12' }, { cost: '3', sku: 'S2' }]))
  const { costs } = await trpc.costs.list.query({})
  const id = costs.find(({ sku }) => sku === 'S2')!.id
  await trpc.costs.update.mutate({ id, costUsd: '5', gpuType: 'a100', date: '2026-01-12' })
  expect(await total()).toEqual({ total: '17.00', entries: 2 })
  await trpc.costs.remove.mutate({ id })
  expect(await total()).toEqual({ total: '12.00', entries: 1 })
  const size = sql`select abs_nano_usd as size from ledger_size`
  expect(await db.all(size)).toEqual([{ size: nano('12') }])
})

test('whatever exports of three accounts follow each other, the ledger holds the last of each', async () => {
  const heliox = await started()
  await heliox.send('jobs-csv', JOBS)
  const line = fc.record({
    cost: fc.constantFrom('1.5', '2', '-0.25', '1000000.000000001'),
    effective: fc.constantFrom('1', '3.75'),
    day: fc.constantFrom('2026-01-10', '2026-01-11', '2026-01-20'),
    sku: fc.constantFrom('S1', 'S2', 'S3'),
    gpu: fc.constantFrom('H100 hour', 'A100 hour', 'network'),
    tags: fc.constantFrom('', '{""team"": ""a""}'),
  })
  const files = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.array(line, { minLength: 1, maxLength: 6 })), {
    minLength: 1,
    maxLength: 5,
  })
  const last = new Map<string, bigint>()
  for (const exports of fc.sample(files, { numRuns: 25, seed: 20_260_304 })) {
    for (const [account, lines] of exports) {
      const { httpStatus } = await heliox.send('focus-csv', bill(lines.map((one) => ({ ...one, account }))))
      expect(httpStatus).toBe(200)
      last.set(
        account,
        lines.reduce((sum, one) => sum + nano(one.effective), 0n),
      )
    }
    const { total } = await heliox.total()
    expect(nano(total ?? '')).toBe([...last.values()].reduce((sum, one) => sum + one, 0n))
  }
})
