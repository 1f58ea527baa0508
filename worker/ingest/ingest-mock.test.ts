import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { startHeliox, type TestHeliox } from '../testing.ts'

type Answer = {
  status: string
  detail: { message: string; errors: string[] } | string
  result: Record<string, unknown>
  request_id: string
}

async function post(heliox: TestHeliox, path: string, body?: unknown) {
  const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await heliox.fetch(`/api/v1/admin/ingest/${path}`, { method: 'POST', ...init })
  return { httpStatus: response.status, ...((await response.json()) as Answer) }
}

async function stored({ db }: TestHeliox) {
  const [row] = await db.all<Record<string, bigint>>(sql`select count(*) as entries,
    cast(coalesce(sum(billed_nano_usd), 0) as text) as sum, min(billed_nano_usd) as least, max(billed_nano_usd) as most,
    sum(billed_nano_usd) / max(count(*), 1) as average from ledger_costs`)
  return row
}

const entry = (cost_usd: unknown, date = '2026-01-01') => ({ date, provider: 'AWS', gpu_type: 'A100', cost_usd })

test('the documented costs: 28 inserted, then 28 updated, 28 rows in all', async () => {
  const heliox = await startHeliox()
  const counts = { total_records: 28, failed: 0, errors: [] }
  expect(await post(heliox, 'cost/mock')).toMatchObject({
    ...{ httpStatus: 200, status: 'success', result: { ...counts, inserted: 28, updated: 0 } },
  })
  const first = await stored(heliox)
  expect((await post(heliox, 'cost/mock')).result).toEqual({ ...counts, inserted: 0, updated: 28 })
  expect(await stored(heliox)).toEqual(first)
})

test('count 28, sum 52,073.58, average 1,859.77, least 987.54, most 2,789.12: over the API and in SQL', async () => {
  const heliox = await startHeliox()
  await post(heliox, 'cost/mock')
  expect(await stored(heliox)).toMatchObject({
    ...{ entries: 28n, sum: '52073580000000', least: 987_540_000_000n, most: 2_789_120_000_000n },
    average: 1_859_770_714_285n, // 52,073.58 ÷ 28 = 1,859.770714285…
  })
  const total = await heliox.json<Record<string, unknown>>('/api/v1/costs/total')
  expect(total).toMatchObject({ total_cost_usd: '52073.58', count: 28 })
  const { costs } = await heliox.json<{ costs: { cost_usd: string }[] }>('/api/v1/costs?limit=100')
  const cents = costs.reduce((sum, { cost_usd }) => sum + Math.round(Number(cost_usd) * 100), 0)
  expect([costs.length, cents]).toEqual([28, 5_207_358])
  for (const { cost_usd } of costs) expect(cost_usd).toMatch(/^\d+\.\d{2}$/) // no tail of a float
})

test('the newest six rows are the documented ones, lower-case', async () => {
  const heliox = await startHeliox()
  await post(heliox, 'cost/mock')
  const { costs } = await heliox.json<{ costs: Record<string, string>[] }>('/api/v1/costs?limit=6')
  const days = ['2026-01-14', '2026-01-13', '2026-01-12'].flatMap((date) => [date, date])
  expect(costs.map(({ date, provider, gpu_type }) => [date, provider, gpu_type])).toEqual(
    days.map((date, index) => [date, 'aws', index % 2 === 0 ? 'a100' : 'h100']),
  )
  // 2026-01-13 is 4,276.35 = 1,487.23 + 2,789.12
  expect(costs.slice(2, 4).map(({ cost_usd }) => cost_usd)).toEqual(['1487.23', '2789.12'])
})

test('a second entry with the same key fails in the database itself', async () => {
  const heliox = await startHeliox()
  await post(heliox, 'cost/mock')
  const again = heliox.db.run(sql`insert into cost_entries (entry_date, pool_id, billed_nano_usd, effective_nano_usd)
    select entry_date, pool_id, 1, 1 from ledger_costs limit 1`)
  await expect(again).rejects.toThrow()
  expect((await stored(heliox))?.entries).toBe(28n)
})

test('a cost of −1 is "Invalid cost data format" at cost_data -> 0 -> cost_usd, and nothing is stored', async () => {
  const heliox = await startHeliox()
  const answer = await post(heliox, 'cost/mock', { cost_data: [entry(-1)] })
  expect(answer).toMatchObject({ httpStatus: 400, detail: { message: 'Invalid cost data format' } })
  expect((answer.detail as { errors: string[] }).errors[0]).toMatch(
    /^cost_data -> 0 -> cost_usd: must be greater than 0/,
  )
  expect((await stored(heliox))?.entries).toBe(0n)
})

test('all or nothing: the third of three rows is bad, at place 2, and none is stored', async () => {
  const heliox = await startHeliox()
  const rows = [entry(1), entry(2, '2026-01-02'), entry('x', '2026-01-03')]
  const answer = await post(heliox, 'cost/mock', { cost_data: rows })
  expect((answer.detail as { errors: string[] }).errors[0]).toMatch(/^cost_data -> 2 -> cost_usd: /)
  expect((await stored(heliox))?.entries).toBe(0n)
})

test('a second row with the same key is refused at its own place, though the document stands on one line', async () => {
  const heliox = await startHeliox()
  const answer = await post(heliox, 'cost/mock', { cost_data: [entry(1), entry(2, '2026-01-02'), entry(3)] })
  expect(answer.httpStatus).toBe(400)
  expect((answer.detail as { errors: string[] }).errors[0]).toMatch(/^cost_data -> 2 -> date: .*earlier/)
  expect((await stored(heliox))?.entries).toBe(0n)
})

test('a document that is no such JSON is refused in the same words', async () => {
  const heliox = await startHeliox()
  for (const body of ['[', '{"jobs": []}', 'date,provider', '{"cost_data": {}}', '{"cost_data": []}'])
    expect([body, await post(heliox, 'cost/mock', body)]).toMatchObject([
      body,
      { httpStatus: 400, detail: { message: 'Invalid cost data format' } },
    ])
})

test('names that only JSON can spell reach the refusal and the history without breaking the database', async () => {
  const heliox = await startHeliox()
  for (const date of ['\\ud83d', '\\u0000', 'a\\udc00b\\u0000c']) {
    const row = `{"date": "${date}", "provider": "aws", "gpu_type": "a100", "cost_usd": 1}`
    expect((await post(heliox, 'cost/mock', `{"cost_data": [${row}]}`)).httpStatus).toBe(400)
  }
  const { imports } = await heliox.trpc.imports.list.query({})
  expect(imports.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
})

test('a failure of the database in the middle stores nothing; the answer is a 500 without its words', async () => {
  const heliox = await startHeliox()
  await heliox.db.run(sql`create trigger out_of_disk before insert on cost_entries
    when new.entry_date = '2026-01-09' begin select raise(abort, 'disk of secret-host is full'); end`)
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const answer = await post(heliox, 'cost/mock')
  log.mockRestore()
  expect(answer).toMatchObject({ httpStatus: 500, detail: 'Something went wrong' })
  expect(answer.request_id).toMatch(/^[\w-]{8,}$/)
  expect(JSON.stringify(answer)).not.toContain('secret-host')
  expect((await stored(heliox))?.entries).toBe(0n)
  expect(await heliox.db.all(sql`select * from staged_costs`)).toEqual([])
  expect((await heliox.trpc.imports.list.query({})).imports[0]).toMatchObject({
    ...{ status: 'failed', message: 'The import was interrupted: send the file again' },
  })
})

test('the documented jobs: 3 teams and 30 jobs, then the same teams and 30 updated', async () => {
  const heliox = await startHeliox()
  const first = await post(heliox, 'jobs/mock')
  expect(first.result).toEqual({
    ...{ teams: { created: 3, existing: 0, total: 3 }, errors: [] },
    jobs: { inserted: 30, updated: 0, failed: 0, total: 30 },
  })
  expect((await post(heliox, 'jobs/mock')).result).toEqual({
    ...{ teams: { created: 0, existing: 3, total: 3 }, errors: [] },
    jobs: { inserted: 0, updated: 30, failed: 0, total: 30 },
  })
  const [row] = await heliox.db.all(
    sql`select (select count(*) from jobs) as jobs, (select count(*) from teams) as teams`,
  )
  expect(row).toEqual({ jobs: 30n, teams: 3n })
})

test('a source that is not mock is a 404; no key and a wrong key are a 401', async () => {
  const heliox = await startHeliox()
  for (const what of ['cost/aws', 'jobs/aws']) expect((await post(heliox, what)).httpStatus).toBe(404)
  for (const [headers, detail] of [
    [{}, 'Missing X-API-Key header'],
    [{ 'x-api-key': 'wrong' }, expect.any(String)],
  ] as const) {
    const response = await heliox.stranger('/api/v1/admin/ingest/cost/mock', { method: 'POST', headers })
    expect([response.status, ((await response.json()) as Answer).detail]).toEqual([401, detail])
  }
  expect((await stored(heliox))?.entries).toBe(0n)
})

test('the log counts at INFO and has one line per record at DEBUG', async () => {
  const lines: Record<string, unknown>[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(JSON.parse(line)))
  for (const level of ['info', 'debug']) await post(await startHeliox({ settings: { LOG_LEVEL: level } }), 'cost/mock')
  log.mockRestore()
  const finished = lines.filter(({ event }) => event === 'import.finished')
  const counts = { level: 'info', inserted: 28, updated: 0, failed: 0, status: 'success' }
  expect(finished).toMatchObject([counts, counts])
  const records = lines.filter(({ event }) => event === 'import.record')
  expect([records.length, new Set(records.map(({ level }) => level))]).toEqual([28, new Set(['debug'])])
})

test('the history lists both runs, the latest first, with who, when and how many', async () => {
  const heliox = await startHeliox()
  await post(heliox, 'cost/mock')
  heliox.moveTo('2026-03-01T12:05:00Z')
  await post(heliox, 'jobs/mock')
  const { imports, total } = await heliox.json<{ imports: Record<string, unknown>[]; total: number }>('/api/v1/imports')
  expect(total).toBe(2)
  const run = { status: 'success', actor: expect.stringMatching(/\w/), failed: 0 }
  expect(imports).toMatchObject([
    { ...run, format: 'jobs-json', inserted: 30, started_at: '2026-03-01T12:05:00.000Z' },
    { ...run, format: 'cost-json', inserted: 28, started_at: '2026-03-01T12:00:00.000Z' },
  ])
})
