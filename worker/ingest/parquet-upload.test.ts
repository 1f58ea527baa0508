import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { parquetOf } from './importers/testing-parquet.ts'

const GOOD = [
  ['10.5', 'USD', '2026-01-05T00:00:00Z', 'Usage', 'H100 GPU', 'AWS', '2026-01-01', '{"team": "ml"}'],
  ['2.25', 'USD', '2026-01-06T00:00:00Z', 'Usage', 'H100 GPU', 'AWS', '2026-01-01', null],
  ['-1', 'USD', '2026-02-06T00:00:00Z', 'Credit', 'grant', 'AWS', '2026-02-01', null],
]
const HEADER = [
  'BilledCost',
  'BillingCurrency',
  'ChargePeriodStart',
  'ChargeCategory',
  'SkuMeter',
  'ProviderName',
  'BillingPeriodStart',
  'Tags',
]
const fileOf = (rows: (string | null)[][], header = HEADER) =>
  parquetOf(
    Object.fromEntries(header.map((name) => [name, { data: rows.map((row) => row[HEADER.indexOf(name)] ?? null) }])),
    { rowGroupSize: 2 },
  )
type Heliox = Awaited<ReturnType<typeof startHeliox>>
const sums = async ({ db }: Heliox) =>
  db.all(sql`select entry_date, provider, gpu_type, tags, billed_nano_usd, effective_nano_usd, line_count from ledger_costs
    order by 1, 2, 3, 4`)

test('the same file twice, reordered, with its columns reordered, and chosen by auto leaves the same ledger', async () => {
  const heliox = await startHeliox()
  const first = await heliox.send('focus-parquet', fileOf(GOOD))
  expect(first).toMatchObject({ httpStatus: 200, status: 'success', format: 'focus-parquet' })
  expect(first.result).toMatchObject({ total_records: 3, inserted: 3, failed: 0, totals: { file_cost_usd: '11.75' } })
  const before = await sums(heliox)
  expect(before).toHaveLength(3)
  for (const again of [fileOf(GOOD), fileOf(GOOD.toReversed()), fileOf(GOOD, HEADER.toReversed())]) {
    const { format, result } = await heliox.send('auto', again)
    expect([format, result.inserted, result.updated, result.unchanged]).toEqual(['focus-parquet', 0, 3, 3])
    expect(await sums(heliox)).toEqual(before)
  }
})

test('split in two parts it leaves the ledger of the whole', async () => {
  const whole = await startHeliox()
  await whole.send('auto', fileOf(GOOD))
  const other = await startHeliox()
  await other.send('auto', fileOf(GOOD.slice(0, 1)), '&part=1')
  await other.send('auto', fileOf(GOOD.slice(1)), '&part=2')
  expect(await sums(other)).toEqual(await sums(whole))
})

test('bad rows among good ones are quarantined by their row, and the dollars add up', async () => {
  const heliox = await startHeliox()
  const [first = [], ...others] = GOOD
  const bad = [
    ['+1', ...first.slice(1)],
    ['4.40', 'EUR', ...first.slice(2)],
    ['5', 'USD', 'yesterday', ...first.slice(3)],
  ]
  const { status, result } = await heliox.send('focus-parquet', fileOf([first, ...bad, ...others]))
  expect(status).toBe('partial_success')
  expect(result.errors.map(({ line, column, code, cost_usd }) => [line, column, code, cost_usd])).toEqual([
    [2, 'BilledCost', 'ingest.bad_amount', null],
    [3, 'BillingCurrency', 'ingest.no_rate', '4.40'],
    [4, 'ChargePeriodStart', 'ingest.bad_time', '5.00'],
  ])
  expect(result.totals).toMatchObject({
    file_cost_usd: '21.15',
    stored_cost_usd: '11.75',
    quarantined_cost_usd: '9.40',
  })
})

test('refused rows come out as CSV, and are read again by themselves', async () => {
  const heliox = await startHeliox()
  const [first = [], ...others] = GOOD
  const nameless = [first[0] ?? null, null, ...first.slice(2)]
  const { import_id } = await heliox.send('auto', fileOf([nameless, ...others]))
  const rejects = await (await heliox.fetch(`/api/v1/imports/${import_id}/rejects`)).text()
  expect(rejects.split('\n')).toHaveLength(3)
  expect(rejects).toContain('"{""team"": ""ml""}"')
  const again = await heliox.write('POST', `/api/v1/imports/${import_id}/retry`, { currency: 'USD' })
  expect(again.body).toMatchObject({ status: 'success', format: 'focus-csv', result: { inserted: 1, failed: 0 } })
  const whole = await startHeliox()
  await whole.send('auto', fileOf(GOOD))
  expect(await sums(heliox)).toEqual(await sums(whole))
})

test('what is not that format, or damaged, is refused whole with words', async () => {
  const heliox = await startHeliox()
  const text = new TextEncoder().encode('BilledCost,ChargePeriodStart,ChargeCategory\n1,2026-01-01,Usage\n')
  for (const [format, bytes, code] of [
    ['focus-csv', fileOf(GOOD), 'ingest.wrong_format'],
    ['focus-parquet', text, 'ingest.wrong_format'],
    ['aws-cur-parquet', fileOf(GOOD), 'ingest.wrong_format'],
    ['auto', parquetOf({ a: { data: ['1'] } }), 'ingest.unrecognised'],
    ['auto', fileOf(GOOD).slice(0, -9), 'ingest.wrong_format'],
    ['focus-parquet', fileOf([]), 'ingest.no_rows'],
    ['focus-parquet', new Uint8Array(), 'ingest.empty'],
  ] as const) {
    const { httpStatus, error } = await heliox.send(format, bytes as Uint8Array<ArrayBuffer>)
    expect([format, httpStatus, error?.code]).toEqual([format, 400, code])
    expect(error?.message.length).toBeGreaterThan(10)
  }
  expect(await sums(heliox)).toEqual([])
})

test('a Parquet file above the limit is refused before it is read whole', async () => {
  const heliox = await startHeliox({ settings: { MAX_UPLOAD_MB: '1' } })
  const large = new Uint8Array(3 * 1024 * 1024)
  large.set(new TextEncoder().encode('PAR1'))
  expect(await heliox.send('auto', large)).toMatchObject({ httpStatus: 413, error: { code: 'ingest.too_large' } })
})
