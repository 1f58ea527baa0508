import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { exactText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { datedRates } from './dated-rates.ts'

const CAD = { currency: 'cad', effective_from: '2026-01-01', usd_per_unit: '0.731', source: 'Bank of Canada' }

/** A bill in Canadian dollars: a charge of so much on each day. */
function bill(...charges: [day: string, amount: string][]): string {
  const header =
    'BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ProviderName'
  return `${[header, ...charges.map(([day, amount]) => `${amount},A,CAD,2026-01-01,Usage,${day},Acme`)].join('\n')}\n`
}

test('a rate is made, read, changed and removed on both wires, with its line in the audit log', async () => {
  const { write, trpc } = await startHeliox()
  const made = await write('POST', '/api/v1/currency-rates', CAD)
  expect([made.status, made.body]).toEqual([
    201,
    {
      ...{
        id: 'rate_1',
        currency: 'CAD',
        effective_from: '2026-01-01',
        usd_per_unit: '0.731',
        source: 'Bank of Canada',
      },
      ...{ created_at: '2026-03-01T12:00:00.000Z', version: made.body.version },
    },
  ])
  const changed = await trpc.rates.update.mutate({ id: 'rate_1', usdPerUnit: 0.7312 })
  expect(changed).toMatchObject({ usdPerUnit: '0.7312', source: 'Bank of Canada', effectiveFrom: '2026-01-01' })
  const stale = { 'if-match': `"${made.body.version}"` }
  expect((await write('PUT', '/api/v1/currency-rates/rate_1', { source: 'x' }, stale)).status).toBe(412)
  expect((await write('DELETE', '/api/v1/currency-rates/rate_1', undefined, stale)).status).toBe(412)
  expect((await write('GET', '/api/v1/currency-rates/rate_1')).headers.get('etag')).toBe(`"${changed.version}"`)
  expect((await write('DELETE', '/api/v1/currency-rates/rate_1')).status).toBe(204)
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect(
      (await write(method, '/api/v1/currency-rates/rate_1', method === 'PUT' ? {} : undefined)).body.error.code,
    ).toBe('rates.no_rate')
  const { entries } = await trpc.audit.list.query({ action: 'rates' })
  expect(entries.map(({ action, target }) => [action, target])).toEqual(
    ['remove', 'update', 'create'].map((verb) => [`rates.${verb}`, 'CAD from 2026-01-01']),
  )
})

test('one rate a day and currency; the list is by currency, the newest day first', async () => {
  const { write, trpc } = await startHeliox()
  await write('POST', '/api/v1/currency-rates', CAD)
  await write('POST', '/api/v1/currency-rates', { ...CAD, effective_from: '2026-02-01', usd_per_unit: 1 })
  await write('POST', '/api/v1/currency-rates', { ...CAD, currency: 'AUD' })
  const again = await write('POST', '/api/v1/currency-rates', CAD)
  expect([again.status, again.body.error.code]).toEqual([409, 'rates.day_taken'])
  const moved = await write('PUT', '/api/v1/currency-rates/rate_2', { effective_from: '2026-01-01' })
  expect([moved.status, moved.body.error.code]).toEqual([409, 'rates.day_taken'])
  const { rates, total } = await trpc.rates.list.query({})
  expect(rates.map(({ currency, effectiveFrom, usdPerUnit }) => [currency, effectiveFrom, usdPerUnit])).toEqual([
    ['AUD', '2026-01-01', '0.731'],
    ['CAD', '2026-02-01', '1.00'],
    ['CAD', '2026-01-01', '0.731'],
  ])
  expect(total).toBe(3)
  expect(await trpc.rates.list.query({ currency: 'aud' })).toMatchObject({ total: 1 })
})

test('a rate is a plain number above zero, exact to its last digit, of a currency that is not the dollar itself', async () => {
  const { write } = await startHeliox()
  const sent = async (body: object) => {
    const answer = await write('POST', '/api/v1/currency-rates', { ...CAD, ...body })
    return answer.status === 201 ? answer.body.usd_per_unit : answer.status
  }
  expect(await sent({ usd_per_unit: '0.000000000123456789012345678' })).toBe('0.000000000123456789012345678')
  expect(await sent({ currency: 'Token', usd_per_unit: '0.01' })).toBe('0.01') // a virtual currency of FOCUS
  for (const usd_per_unit of ['0', '-1', '1,5', 'x', '', '1e5', null, true])
    expect([usd_per_unit, await sent({ currency: 'EUR', usd_per_unit })]).toEqual([usd_per_unit, 400])
  for (const currency of ['USD', 'usd', '', '€', 'x'.repeat(31)])
    expect([currency, await sent({ currency })]).toEqual([currency, 400])
  expect(await sent({ currency: 'EUR', effective_from: '2026-02-30' })).toBe(400)
})

test('a day takes the newest rate up to it, and none before the first', async () => {
  const { write, scope } = await startHeliox()
  await write('POST', '/api/v1/currency-rates', CAD)
  await write('POST', '/api/v1/currency-rates', { ...CAD, effective_from: '2026-01-10', usd_per_unit: '0.75' })
  const rate = await datedRates(scope)
  const on = (day: string, currency = 'CAD') => {
    const exact = rate(currency, day as Day)
    return exact && exactText(exact)
  }
  for (const _ of ['asked', 'asked again'])
    expect(['2025-12-31', '2026-01-01', '2026-01-09', '2026-01-10', '2030-01-01'].map((day) => on(day))).toEqual([
      ...[null, '0.731', '0.731', '0.75', '0.75'],
    ])
  expect([on('2026-01-05', 'EUR'), on('2026-01-05', 'cad')]).toEqual([null, null])
})

test('a bill in another currency waits in quarantine with its amounts, and with a rate is stored in US dollars', async () => {
  const { write, send, db } = await startHeliox()
  const text = bill(['2026-01-05', '100.005'], ['2026-01-20', '10'], ['2025-12-31', '7'])
  const before = await send('focus-csv', text)
  expect(before.result).toMatchObject({ inserted: 0, failed: 3, totals: { quarantined_cost_usd: '117.005' } })
  expect(before.result.errors[0]).toMatchObject({
    column: 'BillingCurrency',
    code: 'ingest.no_rate',
    cost_usd: '100.005',
  })

  await write('POST', '/api/v1/currency-rates', { ...CAD, usd_per_unit: '0.73123456789' })
  await write('POST', '/api/v1/currency-rates', { ...CAD, effective_from: '2026-01-10', usd_per_unit: '0.75' })
  const after = await send('focus-csv', text)
  expect(after.result).toMatchObject({ inserted: 2, failed: 1 }) // the last day of the old year has no rate
  // 100.005 × 0.73123456789 = 73.12711296183945, to the nano-dollar 73.127112962; 10 × 0.75
  expect(after.result.totals).toMatchObject({ stored_cost_usd: '80.627112962', quarantined_cost_usd: '7.00' })
  expect(after.result.totals.file_cost_usd).toBe('87.62711296183945') // exact: what was rounded away is to be seen
  expect(
    await db.all(
      sql`select entry_date as day, billed_nano_usd as usd, billed_currency_nano as cad, currency from ledger_costs order by 1`,
    ),
  ).toEqual([
    { day: '2026-01-05', usd: 73_127_112_962n, cad: 100_005_000_000n, currency: 'CAD' },
    { day: '2026-01-20', usd: 7_500_000_000n, cad: 10_000_000_000n, currency: 'CAD' },
  ])

  // A rate that is changed holds for what is read from then on, and rewrites nothing by itself.
  await write('PUT', '/api/v1/currency-rates/rate_2', { usd_per_unit: '0.80' })
  expect(await db.all(sql`select sum(billed_nano_usd) as usd from ledger_costs`)).toEqual([{ usd: 80_627_112_962n }])
  expect((await send('focus-csv', text)).result).toMatchObject({ updated: 2, unchanged: 1 })
})
