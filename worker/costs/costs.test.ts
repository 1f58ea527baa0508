import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'

const COST = { date: '2026-01-20', provider: ' AWS ', gpu_type: 'H100', cost_usd: '1000.5' }
const JANUARY = { start: '2026-01-01', end: '2026-01-31' }

async function withMock() {
  const heliox = await startHeliox()
  for (const kind of ['cost', 'jobs']) await heliox.write('POST', `/api/v1/admin/ingest/${kind}/mock`)
  const total = async () => {
    const { totalCostUsd } = await heliox.trpc.analytics.daily.query(JANUARY)
    for (const basis of ['allocation', 'usage'] as const) {
      const both = await heliox.trpc.analytics.reconciliation.query({ ...JANUARY, basis })
      expect(both).toMatchObject({ billedCostUsd: totalCostUsd, differenceUsd: '0.00', stalePoolDays: 0 })
    }
    return totalCostUsd
  }
  return { ...heliox, total }
}

test('a cost is entered, read, changed and removed, and the total moves by exactly the difference', async () => {
  const { write, trpc, total } = await withMock()
  expect(await total()).toBe('52073.58')
  const made = await write('POST', '/api/v1/costs', { ...COST, gpu_hours: 24 })
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    ...{ id: 'cost_29', date: '2026-01-20', provider: 'aws', gpu_type: 'h100', version: made.body.version },
    ...{ cost_usd: '1000.50', effective_cost_usd: '1000.50', capacity_gpu_hours: '24', source: '' },
    ...{ billing_account: '', account: '', billing_period: '', region: '', sku: '' },
    ...{ service: '', item: '', instance_type: '', charge_category: '', pricing_category: '' },
    ...{ currency: 'USD', tags: '', bill_id: 0 },
  })
  expect(await total()).toBe('53074.08')
  const found = await trpc.costs.list.query({ date: '2026-01-13', gpuType: 'H100' })
  const { id, costUsd } = found.costs[0]!
  expect([found.total, costUsd]).toEqual([1, '2789.12'])
  const changed = await trpc.costs.update.mutate({ id, costUsd: '2789.120000001' })
  expect(changed).toMatchObject({ costUsd: '2789.120000001', effectiveCostUsd: '2789.120000001' })
  expect(await total()).toBe('53074.080000001')
  const moved = await write('PUT', `/api/v1/costs/${id}`, { date: '2026-01-21', gpu_type: 'b200', gpu_hours: null })
  expect(moved.body).toMatchObject({ date: '2026-01-21', gpu_type: 'b200', cost_usd: '2789.120000001' })
  expect(await total()).toBe('53074.080000001')
  expect((await write('DELETE', `/api/v1/costs/${id}`)).status).toBe(204)
  expect(nano(await total())).toBe(nano('53074.08') - nano('2789.12'))
  expect((await write('GET', `/api/v1/costs/${id}`)).body.error.code).toBe('costs.no_entry')
})

test('an existing key is refused, however it is written; another account is another entry', async () => {
  const { write } = await withMock()
  const taken = { date: '2026-01-13', provider: 'Aws', gpu_type: ' h100', cost_usd: 1 }
  const refused = await write('POST', '/api/v1/costs', taken)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'costs.entry_exists'])
  const other = await write('POST', '/api/v1/costs', { ...taken, account: '42' })
  expect(other.status).toBe(201)
  expect((await write('PUT', `/api/v1/costs/${other.body.id}`, { account: '' })).status).toBe(409)
  expect((await write('PUT', `/api/v1/costs/${other.body.id}`, { account: '42', cost_usd: 2 })).status).toBe(200)
  expect((await write('GET', '/api/v1/costs?date=2026-01-13')).body.total).toBe(3)
})

test('the amortised amount is the billed one unless said, and follows it where they were the same', async () => {
  const { write, total } = await withMock()
  const { id } = (await write('POST', '/api/v1/costs', { ...COST, effective_cost_usd: '10' })).body
  expect(await total()).toBe('52083.58')
  const amounts = async (body: object) => {
    const { cost_usd, effective_cost_usd } = (await write('PUT', `/api/v1/costs/${id}`, body)).body
    return [cost_usd, effective_cost_usd]
  }
  expect(await amounts({ cost_usd: 7 })).toEqual(['7.00', '10.00'])
  expect(await amounts({ effective_cost_usd: null })).toEqual(['7.00', '7.00'])
  expect(await amounts({ cost_usd: 8 })).toEqual(['8.00', '8.00'])
  expect(await amounts({ cost_usd: 9, effective_cost_usd: 0 })).toEqual(['9.00', '0.00'])
  expect(await total()).toBe('52073.58')
})

test.each([
  ['a cost of zero', { cost_usd: 0 }, 'cost_usd: must be greater than 0'],
  ['a credit', { cost_usd: '-1' }, 'cost_usd: must be greater than 0'],
  ['an amount in words', { cost_usd: 'ten' }, 'cost_usd: expected an amount'],
  ['a day that is none', { date: '2026-02-30' }, 'date: expected a day'],
  ['two days', { entry_date: '2026-01-21' }, 'entry_date: is another day than date'],
  ['no provider', { provider: '' }, 'provider: a provider is needed'],
  ['a long GPU type', { gpu_type: 'x'.repeat(101) }, 'gpu_type: must have at most 100'],
  ['negative hours', { gpu_hours: -1 }, 'gpu_hours: must not be negative'],
  ['the source of made-up data', { source: 'demo' }, 'source: "demo" is kept'],
])('%s is refused by its field, in a new entry and in a change', async (_what, fields, detail) => {
  const { write } = await startHeliox()
  const refused = await write('POST', '/api/v1/costs', { ...COST, ...fields })
  expect([refused.status, refused.body.error.details[0]]).toEqual([400, expect.stringContaining(detail)])
  await write('POST', '/api/v1/costs', COST)
  const change = await write('PUT', '/api/v1/costs/cost_1', { ...COST, ...fields })
  expect([change.status, change.body.error.details[0]]).toEqual([400, expect.stringContaining(detail)])
})

test('the day may be called entry_date, and a day is needed', async () => {
  const { write } = await startHeliox()
  const { date, ...dayless } = COST
  expect((await write('POST', '/api/v1/costs', { ...dayless, entry_date: date })).body.date).toBe(date)
  const refused = await write('POST', '/api/v1/costs', dayless)
  expect([refused.status, refused.body.error.details]).toEqual([400, ['date: a day is needed']])
})

test('an entry that would take the ledger’s sums out of 64 bits is refused in words, and changes nothing', async () => {
  const { write } = await startHeliox()
  const most = (index: number) => ({ ...COST, cost_usd: '999999999', region: `r${index}` })
  for (let index = 0; index < 9; index += 1)
    expect((await write('POST', '/api/v1/costs', most(index))).status).toBe(201)
  for (const [method, path, body] of [
    ['POST', '/api/v1/costs', most(9)],
    ['PUT', '/api/v1/costs/cost_10', { cost_usd: '999999999' }],
  ] as const) {
    if (method === 'PUT') await write('POST', '/api/v1/costs', { ...COST, cost_usd: 5 })
    const refused = await write(method, path, body)
    expect([refused.status, refused.body.error.code]).toEqual([400, 'costs.too_much_money'])
    expect(refused.body.detail).toContain('this entry would pass that')
  }
  expect((await write('GET', '/api/v1/costs/total')).body).toMatchObject({ total_cost_usd: '8999999996.00', count: 10 })
})

test('costs belong to the company: who sees teams only sees none, and is told so', async () => {
  const { as, write } = await withMock()
  for (const role of ['developer', 'viewer'] as const) {
    const person = await as(role, ['team_1'])
    expect((await person.write('GET', '/api/v1/costs')).body).toEqual({
      ...{ costs: [], total: 0, skip: 0, limit: 50, has_more: false, is_partial: true },
    })
    const total = { total_cost_usd: '0.00', effective_cost_usd: '0.00', count: 0, is_partial: true }
    expect((await person.write('GET', '/api/v1/costs/total')).body).toEqual(total)
    const [hidden, none] = [
      await person.write('GET', '/api/v1/costs/cost_1'),
      await person.write('GET', '/api/v1/costs/cost_99'),
    ]
    expect([hidden.status, hidden.body.detail]).toEqual([404, 'There is no cost entry cost_1'])
    expect([none.status, none.body.detail]).toEqual([404, 'There is no cost entry cost_99'])
    for (const [method, path, body] of [
      ['POST', '', COST],
      ['PUT', '/cost_1', { cost_usd: 1 }],
      ['DELETE', '/cost_1'],
    ] as const)
      expect([method, (await person.write(method, `/api/v1/costs${path}`, body)).status]).toEqual([method, 403])
  }
  const finance = await as('finance')
  expect((await finance.write('GET', '/api/v1/costs/cost_1')).status).toBe(200)
  expect((await finance.write('PUT', '/api/v1/costs/cost_1', { cost_usd: 1 })).status).toBe(403)
  expect((await write('GET', '/api/v1/costs/total')).body).toMatchObject({
    total_cost_usd: '52073.58',
    is_partial: false,
  })
})

test('date, provider and paging combine, and the total is that of the filters', async () => {
  const { write } = await withMock()
  await write('POST', '/api/v1/costs', { ...COST, date: '2026-01-13', provider: 'gcp', source: 'x' })
  const page = (await write('GET', '/api/v1/costs?date=2026-01-13&provider=AWS&limit=1')).body
  expect(page).toMatchObject({ total: 2, has_more: true, costs: [{ gpu_type: 'a100', cost_usd: '1487.23' }] })
  expect((await write('GET', '/api/v1/costs?source=x')).body.total).toBe(1)
  expect((await write('GET', '/api/v1/costs?date=2026-01-13&start=2026-01-14')).body.total).toBe(0)
  const sum = (query: string) => write('GET', `/api/v1/costs/total?${query}`)
  expect((await sum('date=2026-01-13&provider=aws')).body).toMatchObject({ total_cost_usd: '4276.35', count: 2 })
  expect((await sum('start=2026-01-01&end=2026-01-14&provider=aws')).body.total_cost_usd).toBe('52073.58')
  expect((await sum('start=2027-01-01')).body).toMatchObject({ total_cost_usd: '0.00', count: 0 })
})

test('each line of the list says what brought it, and a line by hand says nobody', async () => {
  const { write, send, db } = await startHeliox()
  const file = 'date,provider,gpu_type,cost_usd\n2026-01-19,aws,h100,5.00\n'
  await send('cost-csv', file)
  await db.run(sql`update imports set file_name = 'january.csv'`)
  await write('POST', '/api/v1/costs', COST)
  const { costs } = (await write('GET', '/api/v1/costs')).body
  const origins = costs.map((line: Record<string, unknown>) => [line.date, line.import_id, line.file_name])
  expect(origins).toEqual([
    ['2026-01-20', null, ''],
    ['2026-01-19', 'imp_1', 'january.csv'],
  ])
})

test('two editors do not overwrite each other, and the log holds both amounts', async () => {
  const { write, db } = await startHeliox()
  const seen = (await write('POST', '/api/v1/costs', COST)).headers.get('etag') ?? ''
  await write('PUT', '/api/v1/costs/cost_1', { cost_usd: 1 }, { 'if-match': seen })
  for (const method of ['PUT', 'DELETE']) {
    const second = await write(method, '/api/v1/costs/cost_1', { cost_usd: 2 }, { 'if-match': seen })
    expect([second.status, second.body.error.code]).toEqual([412, 'request.version_changed'])
  }
  expect((await write('GET', '/api/v1/costs/cost_1')).body.cost_usd).toBe('1.00')
  const [line] = await db.all<Record<string, string>>(sql`select * from audit_log where action = 'costs.update'`)
  expect(line).toMatchObject({ target_id: 'cost_1', target: '2026-01-20 aws/h100' })
  expect(JSON.parse(line?.before_json ?? '').costNanoUsd).toBe('1000500000000')
  expect(JSON.parse(line?.after_json ?? '').costNanoUsd).toBe('1000000000')
})

test('the database itself refuses a second row for a key', async () => {
  const { write, db } = await startHeliox()
  await write('POST', '/api/v1/costs', COST)
  await write('POST', '/api/v1/usage', { ...COST, gpu_hours: 1 })
  for (const [table, columns] of [
    ['cost_entries', 'entry_date, pool_id, dimension_id, billed_nano_usd, effective_nano_usd'],
    ['usage_snapshots', 'entry_date, pool_id, gpu_seconds'],
  ])
    await expect(
      db.$client.execute(`insert into ${table} (${columns}) select ${columns} from ${table}`),
    ).rejects.toThrow(/UNIQUE constraint/)
})

test('the hours may be called as answers call them, and the name of the document wins', async () => {
  const { write } = await startHeliox()
  const { gpu_hours: _, ...bare } = { gpu_hours: 0, ...COST }
  const made = await write('POST', '/api/v1/costs', { ...bare, capacity_gpu_hours: '12.5' })
  expect(made.body.capacity_gpu_hours).toBe('12.5')
  const put = async (body: object) => (await write('PUT', '/api/v1/costs/cost_1', body)).body.capacity_gpu_hours
  expect(await put({ capacity_gpu_hours: 8 })).toBe('8')
  expect(await put({ capacity_gpu_hours: '8', gpu_hours: 9 })).toBe('9')
  expect(await put({ cost_usd: 1 })).toBe('9')
  expect(await put({ capacity_gpu_hours: null })).toBeNull()
})
