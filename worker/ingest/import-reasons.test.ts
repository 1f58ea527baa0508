import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'

const HEADER =
  'BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName'
const row = (cost: string, sku: string, currency: string) =>
  `${cost},A,${currency},2026-01-01,Usage,2026-01-10,${sku},AWS`

test('ten thousand bad rows are a few reasons, with their dollars to the last digit', async () => {
  const { send, trpc, json } = await startHeliox()
  const rows = Array.from({ length: 10_000 }, (_, n) => row(n % 2 ? '0.0000000001' : '-3.5', `S${n}`, ''))
  const text = [HEADER, row('1', 'S', 'USD'), ...rows, row('x', 'S1', 'USD'), row('7', 'S2', 'USD9')].join('\n')
  const { import_id: importId, result } = await send('focus-csv', text)
  expect([result.inserted, result.failed]).toEqual([1, 10_002])
  const { reasons, total } = await trpc.imports.reasons.query({ importId: importId as 'imp_1' })
  expect(total).toBe(reasons.length)
  // 5,000 × −3.5 + 5,000 × 1e-10
  expect(reasons[0]).toMatchObject({
    code: 'ingest.no_currency',
    count: 10_000,
    costUsd: '-17499.9999995',
    firstLine: 3,
  })
  expect(reasons[0]).toMatchObject({ resolvedCount: 0, retryableCount: 10_000, unpricedCount: 0 })
  const unreadable = reasons.find(({ column }) => column === 'BilledCost')
  expect(unreadable).toMatchObject({ count: 1, costUsd: null, unpricedCount: 1, firstLine: 10_003 })
  expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(10_002)
  const sum = reasons.reduce((all, { costUsd }) => all + nano(costUsd ?? '0'), 0n)
  expect(sum).toBe(nano(result.totals.quarantined_cost_usd!))

  const paged = await json<{ reasons: object[]; has_more: boolean }>(
    `/api/v1/imports/${importId}/reasons?skip=1&limit=1`,
  )
  expect(paged).toMatchObject({ total, has_more: total > 2, reasons: [{ count: 1 }] })
  const only = await json<{ total: number; errors: { code: string }[] }>(
    `/api/v1/imports/${importId}/errors?code=${unreadable!.code}&limit=5`,
  )
  expect([only.total, only.errors.map(({ code }) => code)]).toEqual([1, [unreadable!.code]])
})

test('amounts of any size and fineness add up', async () => {
  const { send, db, trpc } = await startHeliox()
  const { import_id } = await send('focus-csv', `${HEADER}\n${row('1', 'S', '')}\n`)
  const add = (cost: string | null, line: bigint) =>
    db.run(sql`insert into quarantined_rows
    (import_id, line, column_name, code, message, cost_usd) values (1, ${line}, null, 'ingest.test', 'so', ${cost})`)
  const amounts = ['999999999.99', '-0.01', '0.0000000000000000000000000001', '-0.0000000000000000005', '12.50']
  for (const [at, cost] of [...amounts, null].entries()) await add(cost, BigInt(at + 10))
  const asked = { importId: import_id as 'imp_1' }
  const { reasons } = await trpc.imports.reasons.query(asked)
  expect(reasons[0]).toMatchObject({
    ...{ code: 'ingest.test', column: null, count: 6, unpricedCount: 1, retryableCount: 0, firstLine: 10 },
    // 999999999.99 − 0.01 + 12.50 − 5e-19 + 1e-28
    costUsd: '1000000012.4799999999999999995000000001',
  })
  expect((await trpc.imports.reasons.query({ ...asked, limit: 1 })).hasMore).toBe(true)
})

test('rows that were read again are counted as such', async () => {
  const { send, write, trpc } = await startHeliox()
  const { import_id } = await send('focus-csv', [HEADER, row('1', 'S1', ''), row('2', 'S2', '')].join('\n'))
  await write('POST', `/api/v1/imports/${import_id}/retry`, { currency: 'USD' })
  const { reasons } = await trpc.imports.reasons.query({ importId: import_id as 'imp_1' })
  expect(reasons).toMatchObject([{ count: 2, resolvedCount: 2, retryableCount: 0, costUsd: '3.00' }])
})

test('an import without bad rows has no reasons, and one that is not there is not found', async () => {
  const { send, trpc, write } = await startHeliox()
  const { import_id } = await send('focus-csv', `${HEADER}\n${row('1', 'S', 'USD')}\n`)
  const none = await trpc.imports.reasons.query({ importId: import_id as 'imp_1' })
  expect([none.reasons, none.total]).toEqual([[], 0])
  expect((await write('GET', '/api/v1/imports/imp_99/reasons')).status).toBe(404)
})
