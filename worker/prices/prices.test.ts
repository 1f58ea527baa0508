import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../db/schema/requests.ts'
import { nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { withLease } from '../lease.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

const PRICE = {
  model: 'big',
  input_usd_per_million: '2.50',
  output_usd_per_million: '10',
  effective_from: '2026-01-01',
}

/** A finished call of a day: 1,000 tokens in and 500 out, unless said otherwise. */
async function call(heliox: TestHeliox, id: string, more: Partial<typeof requests.$inferInsert> = {}) {
  const day = (more.day ?? '2026-02-10') as Day
  await heliox.db.insert(requests).values({
    ...{ id, startedAtMs: Date.parse(`${day}T10:00:00Z`) as never, day, endpoint: 'chat.completions' },
    ...{ modelAsked: 'big', model: 'big', provider: 'acme', isStream: false, status: 'completed' },
    ...{ inputTokens: 1000, outputTokens: 500, costNanoUsd: null, costGrade: 'unpriced' },
    ...more,
  })
}

/** Sums of days and Σ of calls by grade: two ways to the same figures. */
async function bothSums({ db }: TestHeliox) {
  const [days, calls] = await Promise.all([
    db.all(sql`select cost_grade, sum(request_count) as calls, sum(cost_nano_usd) as cost from gateway_days
      group by 1 having sum(request_count) <> 0 order by 1`),
    db.all(sql`select cost_grade, count(*) as calls, sum(coalesce(cost_nano_usd, 0)) as cost from requests
      group by 1 order by 1`),
  ])
  return { days, calls }
}

test('a price is made, read, changed and removed on both wires, with its lines in the audit log', async () => {
  const { write, trpc } = await startHeliox()
  const made = await write('POST', '/api/v1/prices/models', {
    ...PRICE,
    cached_input_usd_per_million: '0.000000000001',
  })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    ...{ id: 'price_1', model: 'big', input_usd_per_million: '2.50', output_usd_per_million: '10.00' },
    ...{ cached_input_usd_per_million: '0.000000000001', reasoning_usd_per_million: null, source: 'by hand' },
  })
  const changed = await trpc.prices.models.update.mutate({
    ...{ id: 'price_1', cachedInputUsdPerMillion: null, source: 'Contract' },
    variants: [
      { aboveTokens: 272_000, inputUsdPerMillion: '5' },
      { tier: 'batch', outputUsdPerMillion: 5 },
    ],
  })
  expect(changed).toMatchObject({
    ...{ cachedInputUsdPerMillion: null, source: 'Contract', inputUsdPerMillion: '2.50' },
    variants: [
      { tier: null, aboveTokens: 272_000, inputUsdPerMillion: '5.00' },
      { tier: 'batch', aboveTokens: null, outputUsdPerMillion: '5.00' },
    ],
  })
  const again = await trpc.prices.models.update.mutate({ id: 'price_1' })
  expect(again).toEqual(changed)
  const stale = { 'if-match': `"${made.body.version}"` }
  expect((await write('PUT', '/api/v1/prices/models/price_1', { source: 'x' }, stale)).status).toBe(412)
  expect((await write('POST', '/api/v1/prices/models', PRICE)).body.error.code).toBe('prices.day_taken')
  expect((await write('DELETE', '/api/v1/prices/models/price_1')).status).toBe(204)
  expect((await write('GET', '/api/v1/prices/models/price_1')).body.error.code).toBe('prices.no_price')
  const { entries } = await trpc.audit.list.query({ action: 'prices' })
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ['prices.remove', 'big from 2026-01-01'],
    ['prices.update', 'big from 2026-01-01'],
    ['prices.create', 'big from 2026-01-01'],
  ])
})

test('a price of more than a dollar a token is refused, and one that jumps a hundredfold asks to be confirmed', async () => {
  const { write } = await startHeliox()
  const sent = async (body: object) => (await write('POST', '/api/v1/prices/models', { ...PRICE, ...body })).body
  expect((await sent({ input_usd_per_million: '1000000.01' })).error.details).toEqual([
    'input_usd_per_million: is more than $1 a token: the price is of a million tokens',
  ])
  for (const wrong of ['-1', '', 'x', '1,5', '0.0000000000001', null, true])
    expect([wrong, (await sent({ input_usd_per_million: wrong })).error.code]).toEqual([wrong, 'request.invalid'])
  expect((await sent({})).id).toBe('price_1')
  const jump = await sent({ effective_from: '2026-02-01', input_usd_per_million: '250' })
  expect(jump.error).toMatchObject({ code: 'prices.jump', details: ['input: 2.50 → 250.00'] })
  expect(jump.error.message).toContain('the price from 2026-01-01')
  expect((await sent({ effective_from: '2026-02-01', input_usd_per_million: '249.99' })).id).toBe('price_2')
  const far = { effective_from: '2026-02-02', input_usd_per_million: '0.0000025' } // per token, in a field per million
  expect((await sent(far)).error.code).toBe('prices.jump')
  expect((await sent({ ...far, confirm: true })).id).toBe('price_3')
  // Without a price of the company's own the catalogue is what it is held against: gpt-4.1 lists 2.00 and 8.00.
  const listed = await sent({ model: 'gpt-4.1', input_usd_per_million: '0.000002', output_usd_per_million: '0.000008' })
  expect(listed.error.message).toContain('the list price of the catalogue')
})

test('a price that calls were billed with is not rewritten: a new one with its first day is added', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/prices/models', PRICE)
  await call(heliox, 'req_1', { costNanoUsd: nanoUsd(7_500_000n), costGrade: 'computed', priceId: 'price_1' })
  for (const [method, body] of [
    ['PUT', { input_usd_per_million: '3' }],
    ['DELETE', undefined],
  ] as const) {
    const answer = await heliox.write(method, '/api/v1/prices/models/price_1', body)
    expect([answer.status, answer.body.error.code]).toEqual([409, 'prices.in_use'])
  }
  expect((await heliox.write('PUT', '/api/v1/prices/models/price_1', { source: 'Invoice 7' })).status).toBe(200)
  const next = { ...PRICE, input_usd_per_million: '3', effective_from: '2026-02-20' }
  expect((await heliox.write('POST', '/api/v1/prices/models', next)).status).toBe(201)
  const { prices } = await heliox.trpc.prices.models.list.query({ model: 'big' })
  expect(prices.map(({ id, effectiveFrom, isInForce }) => [id, effectiveFrom, isInForce])).toEqual([
    ['price_2', '2026-02-20', true],
    ['price_1', '2026-01-01', false],
  ])
})

test('the list holds the company’s prices before the catalogue’s, which count where the company has none', async () => {
  const { trpc, write } = await startHeliox()
  const own = { ...PRICE, model: 'gpt-4o', effective_from: '2026-04-01' } // not yet
  await write('POST', '/api/v1/prices/models', own)
  const history = await trpc.prices.models.list.query({ model: 'gpt-4o' })
  expect(history.prices.map(({ id, isInForce }) => [id, isInForce])).toEqual([
    ['price_1', false],
    [null, true],
  ])
  expect(history.prices[1]?.source).toMatch(/^Catalogue: OpenAI .* as of 2026-07-24$/)
  const found = await trpc.prices.models.list.query({ search: 'CLAUDE-sonnet-4-5', from: 'catalogue' })
  expect(found.prices.map(({ model }) => model)).toEqual(['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'])
  expect(found.prices[0]).toMatchObject({ inputUsdPerMillion: '3.00', cacheWriteLongUsdPerMillion: '6.00' })
  expect((await trpc.prices.models.list.query({ from: 'company' })).total).toBe(0)
  expect((await trpc.prices.models.list.query({ from: 'company', history: 'true' })).total).toBe(1)
})

test('a GPU-hour has a price of the company’s own over the catalogue’s', async () => {
  const { write, trpc } = await startHeliox()
  const price = { provider: 'AWS', gpu_type: 'H100', usd_per_gpu_hour: '2.490000001', effective_from: '2026-01-01' }
  const made = await write('POST', '/api/v1/prices/gpus', price)
  expect([made.status, made.body.provider, made.body.usd_per_gpu_hour]).toEqual([201, 'aws', '2.490000001'])
  const { prices } = await trpc.prices.gpus.list.query({ search: 'aws h100' })
  expect(prices.map(({ id, usdPerGpuHour, isInForce }) => [id, usdPerGpuHour, isInForce])).toEqual([
    ['gprice_1', '2.490000001', true],
    [null, '6.88', false],
  ])
  const far = await write('PUT', '/api/v1/prices/gpus/gprice_1', { usd_per_gpu_hour: '688' })
  expect([far.status, far.body.error.message]).toEqual([409, expect.stringContaining('list price of the catalogue')])
  expect((await trpc.prices.gpus.update.mutate({ id: 'gprice_1', usdPerGpuHour: '3' })).usdPerGpuHour).toBe('3.00')
  await trpc.prices.gpus.remove.mutate({ id: 'gprice_1' })
  expect((await write('GET', '/api/v1/prices/gpus/gprice_1')).body.error.code).toBe('prices.no_gpu_price')
})

test('a call of a model without a price is said until it has one, and then waits to be priced again', async () => {
  const heliox = await startHeliox()
  await call(heliox, 'req_1')
  await call(heliox, 'req_2', { day: '2026-02-20' as Day })
  await call(heliox, 'req_old', { day: '2026-01-01' as Day })
  const health = async () => {
    const { checks } = await heliox.json<{ checks: { name: string; status: string; message: string }[] }>(
      '/health/detailed',
    )
    return checks.find(({ name }) => name === 'prices')
  }
  const before = await heliox.json<{ models: object[] }>('/api/v1/prices/unpriced')
  expect(before.models).toEqual([
    {
      ...{ model: 'big', model_asked: 'big', provider: 'acme', call_count: 2, token_count: 3000 },
      ...{ first_day: '2026-02-10', last_day: '2026-02-20', has_price: false },
    },
  ])
  expect((await health())?.status).toBe('healthy') // somebody tries a model
  for (let at = 3; at <= 10; at += 1) await call(heliox, `req_${at}`, { day: '2026-02-20' as Day })
  expect((await health())?.status).toBe('degraded')
  await heliox.write('POST', '/api/v1/prices/models', PRICE)
  expect((await heliox.trpc.prices.unpriced.query()).models).toMatchObject([{ hasPrice: true }])
  expect((await health())?.status).toBe('healthy')
  const viewer = await heliox.as('viewer')
  expect(await viewer.trpc.prices.unpriced.query()).toMatchObject({ models: [], isPartial: true })
})

test('calls are priced again after a look at the difference, and again without one', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/teams', { name: 'Vision' })
  await call(heliox, 'req_1', { teamId: 'team_1' }) // unpriced
  await call(heliox, 'req_2', { costNanoUsd: nanoUsd(1n), costGrade: 'estimated' })
  await call(heliox, 'req_3', { costNanoUsd: nanoUsd(9n), costGrade: 'reported' })
  await call(heliox, 'req_4', { model: 'other', modelAsked: 'other' })
  await call(heliox, 'req_5', { cache: 'hit', costNanoUsd: nanoUsd(0n), costGrade: 'computed' })
  await call(heliox, 'req_6', { status: 'cancelled' })
  await call(heliox, 'req_7', { day: '2026-01-10' as Day })
  await heliox.write('POST', '/api/v1/prices/models', PRICE)
  const asked = { from: '2026-02-01', to: '2026-02-28' }
  const before = await bothSums(heliox)
  expect(before.days).toEqual(before.calls)
  const diff = await heliox.trpc.prices.reprice.mutate(asked)
  // 1,000 × 2.50 + 500 × 10.00 a million = 0.0075 USD each
  expect(diff).toMatchObject({
    ...{ isDryRun: true, lookedCount: 4, callCount: 3, beforeUsd: '0.000000001', afterUsd: '0.0225' },
    ...{ changeUsd: '0.022499999', unpricedCount: 1, reportedCount: 1, closedMonths: [] },
    byModel: [{ model: 'big', callCount: 3, afterUsd: '0.0225' }],
    byTeam: [
      { teamId: null, callCount: 2 },
      { teamId: 'team_1', team: 'Vision', callCount: 1 },
    ],
  })
  expect(diff.grades).toEqual([
    { before: 'unpriced', after: 'computed', callCount: 1 },
    { before: 'estimated', after: 'estimated', callCount: 1 },
    { before: 'unpriced', after: 'estimated', callCount: 1 },
  ])
  expect(await bothSums(heliox)).toEqual(before)
  const done = await heliox.write('POST', '/api/v1/prices/reprice', { ...asked, dry_run: false })
  expect(done.body).toMatchObject({ is_dry_run: false, call_count: 3, after_usd: '0.0225' })
  const after = await bothSums(heliox)
  expect(after.days).toEqual(after.calls)
  expect(after.calls).toEqual([
    { cost_grade: 'computed', calls: 2n, cost: 7_500_000n },
    { cost_grade: 'estimated', calls: 2n, cost: 15_000_000n },
    { cost_grade: 'reported', calls: 1n, cost: 9n },
    { cost_grade: 'unpriced', calls: 2n, cost: 0n },
  ])
  const again = await heliox.trpc.prices.reprice.mutate({ ...asked, dryRun: false })
  expect(again).toMatchObject({ callCount: 0, changeUsd: '0.00' })
  const { entries } = await heliox.trpc.audit.list.query({ action: 'prices.reprice' })
  expect(entries.map(({ target }) => target)).toEqual(['all models, 2026-02-01 to 2026-02-28'])
})

test('a run counts only what it changed itself, and one runs at a time', async () => {
  const heliox = await startHeliox()
  for (const id of ['req_1', 'req_2', 'req_3']) await call(heliox, id)
  await heliox.write('POST', '/api/v1/prices/models', PRICE)
  const asked = { from: '2026-02-01', to: '2026-02-28', dry_run: false }
  const run = () => heliox.write('POST', '/api/v1/prices/reprice', asked)
  const busy = await withLease(heliox.scope, 'prices.reprice', 1_000, run)
  expect(busy).toMatchObject({ status: 409, body: { error: { code: 'prices.repricing' } } })
  // As if somebody else had changed it between the look and the write.
  await heliox.db.run(
    sql`create trigger meanwhile before update on requests when old.id = 'req_2' begin select raise(ignore); end`,
  )
  // 1,000 × 2.50 + 500 × 10.00 a million = 0.0075 USD each
  const first = { call_count: 2, change_usd: '0.015', by_model: [{ call_count: 2 }], grades: [{ call_count: 2 }] }
  expect((await run()).body).toMatchObject(first)
  await heliox.db.run(sql`drop trigger meanwhile`)
  expect((await run()).body).toMatchObject({ call_count: 1, change_usd: '0.0075' })
  expect((await run()).body).toMatchObject({ call_count: 0, change_usd: '0.00', by_model: [] })
  const lines = await heliox.db.all<{ after: string }>(
    sql`select after_json as after from audit_log where action = 'prices.reprice' order by id`,
  )
  expect(lines.map(({ after }) => JSON.parse(after))).toEqual([
    { callCount: 2, costNanoUsd: '15000000' },
    { callCount: 1, costNanoUsd: '7500000' },
  ])
})

test('a closed month stays as it is, and that is said', async () => {
  const heliox = await startHeliox()
  await call(heliox, 'req_1', { day: '2026-01-10' as Day })
  await heliox.write('POST', '/api/v1/prices/models', PRICE)
  await heliox.db.run(
    sql`insert into closed_months (month, closed_at_ms, closed_by, document) values ('2026-01', 1, 'x', '{}')`,
  )
  const done = await heliox.trpc.prices.reprice.mutate({ from: '2026-01-01', to: '2026-02-28', dryRun: false })
  expect(done).toMatchObject({ callCount: 0, closedMonths: ['2026-01'], closedCount: 1 })
})
