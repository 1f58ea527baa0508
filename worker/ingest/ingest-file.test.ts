import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Db } from '../../db/client.ts'
import { nano, startHeliox } from '../testing.ts'

const COST = 'date,provider,gpu_type,cost_usd\n'
const sample = (name: string) => readFileSync(new URL(`../../seeds/samples/${name}`, import.meta.url), 'utf8')

/** What is in the tables, told by SQL and not by the import. */
async function tables(db: Db) {
  const [row] = await db.all<Record<string, bigint | string>>(sql`select
    (select count(*) from ledger_costs) as entries, (select count(*) from jobs) as jobs,
    (select count(*) from teams) as teams, (select count(*) from pools) as pools,
    (select cast(coalesce(sum(billed_nano_usd), 0) as text) from ledger_costs) as billed,
    (select cast(coalesce(sum(cost_nano_usd), 0) as text) from pool_days) as shared,
    (select count(*) from staged_costs) + (select count(*) from staged_jobs) as staged`)
  return row
}

test('one bad row among good ones: partial success with its line, and a dry run before it changes nothing', async () => {
  const { send, db } = await startHeliox()
  const text = `${COST}2026-02-01,aws,h100,10.25\n2026-02-02,aws,h100,-1\n2026-02-03,aws,h100,20.50\n`
  const dry = await send('cost-csv', text, '&dry_run=true')
  expect(dry).toMatchObject({ status: 'partial_success', message: '2 of 3 rows would be stored, 1 quarantined' })
  expect(await tables(db)).toMatchObject({ entries: 0n, pools: 0n, staged: 0n, shared: '0' })
  const real = await send('cost-csv', text)
  expect(real.result).toEqual(dry.result) // what it said would happen is what happens
  expect(real).toMatchObject({ message: '2 of 3 rows stored, 1 quarantined' })
  expect(real.result).toMatchObject({
    total_records: 3,
    inserted: 2,
    failed: 1,
    errors: [{ line: 3, column: 'cost_usd' }],
  })
  expect(real.result.totals).toMatchObject({
    ...{ file_cost_usd: '29.75', stored_cost_usd: '30.75', quarantined_cost_usd: '-1.00', rounding_cost_usd: '0.00' },
  })
  expect(await tables(db)).toMatchObject({ entries: 2n, billed: String(nano('30.75')), shared: String(nano('30.75')) })
})

test('a dry run of every sample stores no row, no team and no pool, and counts what the real run then counts', async () => {
  for (const name of ['cost.csv', 'cost.json', 'focus.csv', 'jobs.csv', 'jobs.json', 'sacct.psv']) {
    const { send, db } = await startHeliox()
    const empty = await tables(db)
    const dry = await send('auto', sample(name), '&dry_run=1')
    expect([name, await tables(db)]).toEqual([name, empty])
    const real = await send('auto', sample(name))
    expect([name, dry.result]).toEqual([name, real.result])
    const again = await send('auto', sample(name), '&dry_run=1')
    expect(again.result).toMatchObject({ inserted: 0, unchanged: real.result.total_records })
  }
})

test('a second row with the same key is quarantined, its dollars too, and not swallowed by the first', async () => {
  const { send, db } = await startHeliox()
  const rows = [
    '2026-02-01,aws,h100,10',
    '2026-02-01, AWS ,H100,7.5',
    '2026-02-02,aws,h100,1',
    '2026-02-01,aws,h100,10',
  ]
  const { result } = await send('cost-csv', `${COST}${rows.join('\n')}\n`)
  expect(result).toMatchObject({ total_records: 4, inserted: 2, failed: 2 })
  expect(result.errors).toMatchObject([
    { line: 3, column: 'date', code: 'ingest.repeated', cost_usd: '7.50' },
    { line: 5, column: 'date', code: 'ingest.repeated', cost_usd: '10.00' },
  ])
  // 28.50 = 11 stored + 17.50 quarantined
  expect(result.totals).toMatchObject({
    file_cost_usd: '28.50',
    stored_cost_usd: '11.00',
    quarantined_cost_usd: '17.50',
  })
  expect(await tables(db)).toMatchObject({ billed: String(nano('11')) })
})

test('repeated rows are told apart by their key, though a whole JSON document stands on one line', async () => {
  const { send } = await startHeliox()
  const row = (date: string, cost_usd: string) => ({ date, provider: 'aws', gpu_type: 'h100', cost_usd })
  const cost_data = [row('2026-02-01', '1'), row('2026-02-02', '2'), row('2026-02-01', '4'), row('2026-02-03', '8')]
  const { status, result } = await send('cost-json', JSON.stringify({ cost_data }))
  expect([status, result.inserted, result.failed]).toEqual(['partial_success', 3, 1])
  expect(result.totals).toMatchObject({ stored_cost_usd: '11.00', quarantined_cost_usd: '4.00' }) // 1 + 2 + 8, and 4
  expect(result.errors).toMatchObject([{ line: 1, code: 'ingest.repeated', cost_usd: '4.00' }])

  const job = (job_id: string) => ({ job_id, team_name: 't', provider: 'aws', gpu_type: 'h100', status: 'pending' })
  const jobs = await send('jobs-json', JSON.stringify({ jobs: [job('a'), job('b'), job('a'), job('a')] }))
  expect(jobs.result).toMatchObject({ inserted: 2, failed: 2, errors: [{ column: 'job_id' }, { column: 'job_id' }] })
})

test('a key that comes again in a later chunk of 10,000 rows is quarantined as well', async () => {
  const { send, db } = await startHeliox()
  const row = (at: number) => `2026-02-01,aws,g${at},1\n`
  const rows = Array.from({ length: 11_000 }, (_, at) => row(at)).join('') + row(3) + row(7_000) + row(10_999)
  const { result } = await send('cost-csv', COST + rows)
  expect(result).toMatchObject({ total_records: 11_003, inserted: 11_000, failed: 3 })
  expect(result.errors.map(({ line }) => line)).toEqual([11_002, 11_003, 11_004])
  expect(await tables(db)).toMatchObject({ entries: 11_000n, billed: String(nano('11000')), staged: 0n })
})

test('all rows bad: the import failed, every row is listed, nothing is stored', async () => {
  const { send, db } = await startHeliox()
  const { httpStatus, status, message, result } = await send('cost-csv', `${COST}x,aws,h100,1\ny,aws,h100,2\n`)
  expect([httpStatus, status, message]).toEqual([
    ...[200, 'failed', 'No row of 2 could be stored; the reasons are listed'],
  ])
  expect(result).toMatchObject({
    inserted: 0,
    failed: 2,
    totals: { file_cost_usd: '3.00', quarantined_cost_usd: '3.00' },
  })
  expect(await tables(db)).toMatchObject({ entries: 0n, pools: 0n })
})

test('the answer lists 100 errors; the listing has all of them, by page and as CSV', async () => {
  const { send, json, fetch } = await startHeliox()
  const rows = Array.from({ length: 150 }, (_, at) => `2026-02-31,aws,"=g,""${at}""",${at + 1}.5`)
  const { result, import_id } = await send('cost-csv', `${COST}${rows.join('\n')}\n`)
  expect([result.failed, result.errors.length]).toEqual([150, 100])
  type Page = { errors: { line: number; cost_usd: string }[]; total: number; has_more: boolean }
  const path = `/api/v1/imports/${import_id}/errors`
  const all = await json<Page>(path)
  expect([all.errors.length, all.total, all.has_more]).toEqual([150, 150, false])
  expect(all.errors.map(({ line }) => line)).toEqual(Array.from({ length: 150 }, (_, at) => at + 2))
  // Σ (n + 0.5) for n = 1 … 150 is 11,325 + 75
  expect(all.errors.reduce((sum, { cost_usd }) => sum + nano(cost_usd), 0n)).toBe(nano('11400'))
  expect(result.totals.quarantined_cost_usd).toBe('11400.00')
  const page = await json<Page>(`${path}?skip=140&limit=20`)
  expect([page.errors.length, page.errors[0]?.line, page.has_more]).toEqual([10, 142, false])
  const csv = await fetch(path, { headers: { accept: 'text/csv' } })
  const lines = (await csv.text()).trimEnd().split('\r\n')
  expect([lines.length, lines[0], lines[1]?.slice(0, 30)]).toEqual([
    ...[151, 'line,column,code,message,cost_usd,record,resolved_by', '2,date,ingest.bad_date,"expect'],
  ])
  expect((await fetch('/api/v1/imports/imp_999/errors')).status).toBe(404)
})

test('a total above 2^53 nano-dollars is exact through JSON and SQL', async () => {
  const { send, db, json } = await startHeliox()
  // 2^53 + 1 nano-dollars, which no double holds, and three odd nano-dollars beside it
  const odd = '9007199.254740993'
  const { result } = await send('cost-csv', `${COST}2026-02-01,aws,h100,${odd}\n2026-02-02,aws,h100,0.000000003\n`)
  expect(result.totals).toMatchObject({ stored_cost_usd: '9007199.254740996', rounding_cost_usd: '0.00' })
  expect(await tables(db)).toMatchObject({ billed: '9007199254740996', shared: '9007199254740996' })
  const total = await json<{ total_cost_usd: string }>('/api/v1/costs/total')
  expect(total.total_cost_usd).toBe('9007199.254740996')
  const first = await json<{ costs: { cost_usd: string }[] }>('/api/v1/costs?start=2026-02-01&end=2026-02-01')
  expect(first.costs.map(({ cost_usd }) => cost_usd)).toEqual([odd])
})

test('more than 9 billion dollars is refused with words, also beside what is there; the same 5 billion again is not', async () => {
  const { send, db } = await startHeliox()
  const rows = (count: number) =>
    Array.from({ length: count }, (_, at) => `2026-02-0${at + 1},aws,h100,999999999\n`).join('')
  const refused = await send('cost-csv', `${COST}${rows(9)}2026-03-01,aws,h100,9.01\n`) // 9,000,000,000.01
  expect(refused).toMatchObject({ httpStatus: 400, error: { code: 'ingest.too_much_money' } })
  expect(refused.error?.message).toContain('9 billion dollars')
  expect(await tables(db)).toMatchObject({ entries: 0n, staged: 0n })
  const five = COST + rows(5)
  expect((await send('cost-csv', five)).result).toMatchObject({ inserted: 5 })
  expect((await send('cost-csv', five)).result).toMatchObject({ inserted: 0, unchanged: 5 })
  expect(await send('cost-csv', five, '&source=other')).toMatchObject({ error: { code: 'ingest.too_much_money' } })
  expect(await tables(db)).toMatchObject({ billed: String(nano('4999999995')) })
  expect((await send('cost-csv', COST + rows(4), '&source=other')).result).toMatchObject({ inserted: 4 })
})

test('names with half a surrogate pair or NUL are stored with a replacement and break nothing', async () => {
  const { send, db, trpc } = await startHeliox()
  const names = ['"\\ud83d"', '"a\\udc00b"', '"\\u0000"', '"x\\u0000y"']
  const cost_data = names.map((name) => `{"date":"2026-02-01","provider":${name},"gpu_type":${name},"cost_usd":1}`)
  expect((await send('cost-json', `{"cost_data":[${cost_data}]}`)).result).toMatchObject({ inserted: 3, failed: 1 })
  expect(await db.all(sql`select provider from pools order by id`)).toEqual([
    { provider: '\ufffd' },
    { provider: 'a\ufffdb' },
    { provider: 'x\ufffdy' },
  ]) // the first and the third have one name now, so the third is quarantined as repeated

  const jobs = names.map(
    (name, at) => `{"job_id":${name.replace('"', `"${at}`)},"team_name":${name},"model_name":${name},"provider":${name},
      "gpu_type":${name},"start_time":"2026-02-01","end_time":"2026-02-02","status":"completed"}`,
  )
  const teams = names.map((name) => `{"name":${name},"description":${name},"budget_usd":1}`)
  const { status, result } = await send('jobs-json', `{"teams":[${teams}],"jobs":[${jobs}]}`)
  expect([status, result.inserted]).toEqual(['success', 4])
  const stored = await db.all(sql`select name, description from teams order by id`)
  expect(stored.map((team) => (team as { name: string }).name)).toEqual(['\ufffd', 'a\ufffdb', 'x\ufffdy'])
  const asked = { start: '2026-02-01', end: '2026-02-02' }
  expect((await trpc.analytics.byTeam.query(asked)).totalCostUsd).toBe('3.00')
  const bad = names.map((name) => `{"date":${name},"provider":"a","gpu_type":"b","cost_usd":1}`)
  const quarantined = await send('cost-json', `{"cost_data":[${bad}]}`)
  expect(quarantined.result.errors).toHaveLength(4)
})

test('hostile names are just names, in rows, in the source and in the file’s name', async () => {
  const { send, db, trpc } = await startHeliox()
  const names = ['__proto__', 'constructor', `"'; drop table jobs; --`, '$(x)', '%00', '<script>', '=cmd()', '😀']
  const header = 'job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status\n'
  const cell = (name: string) => `"${name.replaceAll('"', '""')}"`
  const jobs = names.map((name) => `${Array(5).fill(cell(name)).join(',')},2026-02-01,2026-02-02,completed\n`).join('')
  expect((await send('jobs-csv', header + jobs)).result).toMatchObject({ inserted: names.length, failed: 0 })
  const costs = names.map((name) => `2026-02-01,${cell(name)},${cell(name)},2\n`).join('')
  expect((await send('cost-csv', COST + costs)).result).toMatchObject({ inserted: names.length })
  const byTeam = await trpc.analytics.byTeam.query({ start: '2026-02-01', end: '2026-02-01' })
  expect(byTeam.totalCostUsd).toBe('16.00') // 8 × 2, each its own team
  expect(byTeam.rows.map(({ name }) => name).sort()).toEqual(names.toSorted())
  const stored = await db.all<{ name: string }>(sql`select name from teams order by id`)
  expect(stored.map(({ name }) => name)).toEqual(names)
  const file = encodeURIComponent(`../../"x';--.csv`)
  expect((await send('cost-csv', COST + costs, `&file_name=${file}`)).httpStatus).toBe(200)
  expect((await send('cost-csv', COST + costs, '&file_name=%00')).error?.code).toBe('request.bad_text')
  expect((await send('cost-csv', COST + costs, `&source=${encodeURIComponent("a';--")}`)).httpStatus).toBe(400)
})

test('the source name of the demo is refused, and so are a format and a currency that do not exist', async () => {
  const { send, db } = await startHeliox()
  const text = `${COST}2026-02-01,aws,h100,1\n`
  expect(await send('cost-csv', text, '&source=demo')).toMatchObject({
    ...{ httpStatus: 400, error: { code: 'ingest.reserved_source' } },
  })
  expect(await send('xlsx', text)).toMatchObject({ httpStatus: 400, error: { code: 'ingest.unknown_format' } })
  expect(await send('auto', 'a,b\n1,2\n')).toMatchObject({ httpStatus: 400, error: { code: 'ingest.unrecognised' } })
  expect((await send('focus-csv', sample('focus.csv'), '&currency=dollars')).httpStatus).toBe(400)
  expect(await tables(db)).toMatchObject({ entries: 0n })
})

test('a file in another format says what was expected, changes nothing and stays in the history as failed', async () => {
  const { send, db, trpc } = await startHeliox()
  const { httpStatus, error } = await send('cost-csv', sample('jobs.csv'))
  expect([httpStatus, error?.code]).toEqual([400, 'ingest.wrong_format'])
  expect(error?.message).toContain('date, provider, gpu_type, cost_usd')
  expect(await tables(db)).toMatchObject({ entries: 0n, jobs: 0n, teams: 0n, staged: 0n })
  expect((await trpc.imports.list.query({})).imports).toMatchObject([{ status: 'failed', message: error?.message }])
})

test('a file that turns out to be broken behind 12,000 good rows changes nothing', async () => {
  const { send, db } = await startHeliox()
  const rows = Array.from({ length: 12_000 }, (_, at) => ({
    ...{ date: '2026-02-01', provider: 'aws', gpu_type: `g${at}`, cost_usd: 1 },
  }))
  const text = JSON.stringify({ cost_data: rows }).slice(0, -2)
  expect(await send('cost-json', text)).toMatchObject({ httpStatus: 400, error: { code: 'ingest.wrong_format' } })
  expect(await tables(db)).toMatchObject({ entries: 0n, staged: 0n, shared: '0' })
})

test('the same file sent five times at once is stored once, of every format', async () => {
  for (const name of ['cost.csv', 'focus.csv', 'jobs.json', 'sacct.psv']) {
    const alone = await startHeliox()
    await alone.send('auto', sample(name))
    const { send, db } = await startHeliox()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('auto', sample(name))))
    expect([name, answers.map(({ status }) => status)]).toEqual([name, Array(5).fill('success')])
    const records = answers[0]?.result.total_records
    const inserted = answers.reduce((sum, { result }) => sum + result.inserted, 0)
    expect([name, inserted]).toEqual([name, records])
    expect([name, await tables(db)]).toEqual([name, await tables(alone.db)])
  }
})

test('different files at once end with the sum of all of them', async () => {
  const { send, db, trpc } = await startHeliox()
  const rows = (source: number) =>
    COST + Array.from({ length: 6_000 }, (_, at) => `2026-02-0${source + 1},aws,g${at},0.${source + 1}\n`).join('')
  await Promise.all([0, 1, 2, 3].map((source) => send('cost-csv', rows(source))))
  // 6,000 × (0.1 + 0.2 + 0.3 + 0.4)
  expect(await tables(db)).toMatchObject({
    entries: 24_000n,
    billed: String(nano('6000')),
    shared: String(nano('6000')),
  })
  const asked = { start: '2026-02-01', end: '2026-02-04' }
  expect(await trpc.analytics.reconciliation.query(asked)).toMatchObject({
    billedCostUsd: '6000.00',
    differenceUsd: '0.00',
  })
})
