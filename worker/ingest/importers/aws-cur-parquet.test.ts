import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { awsCurCsv } from './aws-cur-csv.ts'
import { awsCurParquet, CUR_READ } from './aws-cur-parquet.ts'
import { CsvReader } from './csv.ts'
import { curCharge } from './cur-charge.ts'
import { CurTally } from './cur-tally.ts'
import { focusParquet } from './focus-parquet.ts'
import type { CostDraft, Row } from './importer.ts'
import { SAMPLES } from './samples/index.ts'
import { NOTHING_SAID } from './testing.ts'
import { mapOf, parquetOf, rangedFile, readRanged, sumOf, type Written } from './testing-parquet.ts'

const csv = readFileSync(new URL(`../../../seeds/samples/${SAMPLES['aws-cur-csv']?.file}`, import.meta.url), 'utf8')

/** The CSV sample's table as Parquet, all of it text. */
function asParquet(): Uint8Array {
  const reader = new CsvReader()
  const [header = [], ...rows] = [...reader.push(csv), ...reader.end()].map(({ fields }) => fields ?? [])
  return parquetOf(Object.fromEntries(header.map((name, at) => [name, { data: rows.map((row) => row[at] || null) }])))
}

test('a report as Parquet brings the rows of the same report as CSV', async () => {
  const reader = awsCurCsv.open(NOTHING_SAID)
  const expected = [...reader.push(csv), ...reader.end()]
  const found = await readRanged(awsCurParquet, asParquet())
  const withoutLine = ({ line: _, ...row }: Row) => row
  expect(found.map(withoutLine)).toEqual(expected.map(withoutLine))
  expect(found.length).toBeGreaterThan(5)
  expect(found.map(({ line }) => line)).toEqual(found.map((_, at) => at + 1))
  const file = awsCurParquet.openFile(rangedFile(asParquet()), NOTHING_SAID)
  for await (const _ of file);
  expect(file.about?.()).toBe(reader.about?.())
})

test('CUR 2.0 with its doubles, times and maps', async () => {
  const double = { type: 'DOUBLE' } as const
  const micros = { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } } as const
  const start = BigInt(Date.UTC(2026, 2, 4, 23)) * 1000n
  const columns: Record<string, Written> = {
    line_item_unblended_cost: { data: [98.32, 4.0e-10, -3.5], element: double },
    line_item_usage_start_date: { data: [start, start, start], element: micros },
    bill_billing_period_start_date: {
      data: [start, start, start].map(() => BigInt(Date.UTC(2026, 2, 1)) * 1000n),
      element: micros,
    },
    line_item_line_item_type: { data: ['Usage', 'Usage', 'Credit'] },
    line_item_currency_code: { data: ['USD', 'USD', 'USD'] },
    line_item_product_code: { data: ['AmazonEC2', 'AmazonSQS', 'AmazonEC2'] },
    line_item_usage_type: { data: ['USW2-BoxUsage:p5.48xlarge', 'USW2-Requests', null] },
    line_item_usage_amount: { data: [1, 1000, 0], element: double },
    pricing_unit: { data: ['Hrs', 'Requests', null] },
    resource_tags: { data: [{ user_team: 'ml' }, null, {}], nested: mapOf('resource_tags') },
    product: { data: [{ gpu: '8', instance_type: 'p5.48xlarge' }, {}, null], nested: mapOf('product') },
    x_unknown: { data: ['a', 'b', 'c'] },
  }
  const rows = (await readRanged(awsCurParquet, parquetOf(columns, { rowGroupSize: 2 }))) as CostDraft[]
  expect(sumOf(rows, 'billed')).toBe('94.8200000004')
  expect(rows[0]).toMatchObject({
    ...{
      entryDate: '2026-03-04',
      billingPeriod: '2026-03-01',
      gpuType: 'h100',
      tags: '{"team":"ml"}',
      provider: 'aws',
    },
    ...{ capacityGpuSeconds: 8 * 3600, instanceType: 'p5.48xlarge' },
  })
  expect(rows[2]).toMatchObject({ chargeCategory: 'Credit', tags: '' })
})

test('each Parquet format knows its own files and no other’s', async () => {
  const cur = rangedFile(asParquet())
  expect(await awsCurParquet.recognisesFile(cur)).toMatch(/^it is Parquet with the columns line_item_unblended_cost/)
  expect(await focusParquet.recognisesFile(cur)).toBeNull()
  const other = rangedFile(parquetOf({ BilledCost: { data: ['1'] } }))
  expect(await awsCurParquet.recognisesFile(other)).toBeNull()
  await expect(readRanged(awsCurParquet, parquetOf({ BilledCost: { data: ['1'] } }))).rejects.toThrow(
    /line_item_unblended_cost, line_item_usage_start_date, line_item_line_item_type missing/,
  )
  expect(awsCurParquet.partOf?.('cur-00003.snappy.parquet')).toBe('00003')
})

test('every column that a row is asked for is read', () => {
  const asked = new Set<string>()
  const types = [
    'Usage',
    'DiscountedUsage',
    'SavingsPlanCoveredUsage',
    'SavingsPlanRecurringFee',
    'RIFee',
    'Fee',
    'Tax',
    '',
  ]
  for (const type of types)
    for (const other of ['', '1']) {
      const get = (name: string) => {
        asked.add(name)
        return name === 'line_item_line_item_type' ? type : other
      }
      new CurTally().note(curCharge(1, get, NOTHING_SAID), get)
    }
  expect([...asked].filter((name) => !CUR_READ.includes(name))).toEqual([])
  expect(asked.size).toBeGreaterThan(25)
})
