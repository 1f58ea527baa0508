import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactText } from '../../../db/units/money.ts'
import { HelioxError } from '../../errors.ts'
import { focusCsv } from './focus-csv.ts'
import { focusParquet } from './focus-parquet.ts'
import type { CostDraft, Row } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'
import { mapOf, parquetOf, rangedFile, readRanged, sumOf, type Written } from './testing-parquet.ts'

const START = '2026-01-05T10:00:00Z'
const decimal = (precision: number, scale: number, type_length: number) =>
  ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length, converted_type: 'DECIMAL', precision, scale }) as const

/** A small FOCUS file; columns replace or join these. */
function focus(columns: Record<string, Written> = {}, options: Parameters<typeof parquetOf>[1] = {}) {
  const size = Object.values(columns)[0]?.data.length ?? 2
  const same = (value: unknown) => Array.from({ length: size }, () => value)
  return parquetOf(
    {
      BilledCost: { data: same('1.25') },
      BillingCurrency: { data: same('USD') },
      ChargePeriodStart: { data: same(START) },
      ChargeCategory: { data: same('Usage') },
      ProviderName: { data: same('AWS') },
      ...columns,
    },
    options,
  )
}
const drafts = async (columns: Record<string, Written>) =>
  (await readRanged(focusParquet, focus(columns))) as CostDraft[]
async function wordsOf(bytes: Uint8Array): Promise<string> {
  try {
    return `${(await readRanged(focusParquet, bytes)).length} rows`
  } catch (error) {
    expect(error).toBeInstanceOf(HelioxError)
    expect((error as HelioxError).code).toBe('ingest.wrong_format')
    return (error as HelioxError).message.replace(/^.*; /, '')
  }
}

test('decimals are read to their last digit, however they are laid down', async () => {
  const digits = [123456789_12345678901234n, -1n, null, 0n]
  const rows = await drafts({
    BilledCost: { data: digits, element: decimal(38, 14, 16) },
    EffectiveCost: {
      data: [1234567n, -5n, 0n, null],
      element: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 6 },
    },
    ListCost: {
      data: [99999n, 1n, null, null],
      element: { type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 0 },
    },
  })
  expect(rows.map((row) => row.billed && exactText(row.billed))).toEqual([
    ...['123456789.12345678901234', '-0.00000000000001', null, '0.00'],
  ])
  expect(rows.map((row) => row.effective && exactText(row.effective))).toEqual([
    '1.234567',
    '-0.000005',
    '0.00',
    '0.00',
  ])
  expect(rows.map((row) => row.list && exactText(row.list))).toEqual(['99999.00', '1.00', undefined, null])
  expect(rows[2]).toMatchObject({ kind: 'refused', line: 3, column: 'BilledCost', code: 'ingest.bad_amount' })
})

test('a decimal in a column that says so by its logical type alone is one too', async () => {
  const element = { type: 'INT64', logical_type: { type: 'DECIMAL', precision: 18, scale: 4 } } as const
  const rows = await drafts({ BilledCost: { data: [12345n, -12345n], element } })
  expect(rows.map(({ billed }) => exactText(billed))).toEqual(['1.2345', '-1.2345'])
})

test('floats are read as the shortest decimal that is this float: no digit is made up, none is lost', async () => {
  const doubles = [0.1, 1e-7, 4.0000000003e-10, 1234.5678901234, -0.30000000000000004, Number.NaN, 2 ** 31]
  const rows = await drafts({ BilledCost: { data: doubles, element: { type: 'DOUBLE' } } })
  expect(rows.map((row) => row.billed && exactText(row.billed))).toEqual([
    ...['0.10', '0.0000001', '0.00000000040000000003', '1234.5678901234', '-0.30000000000000004', null, null],
  ])
  const singles = await drafts({ BilledCost: { data: [0.1, 16777.217, 3], element: { type: 'FLOAT' } } })
  expect(singles.map(({ billed }) => exactText(billed))).toEqual(['0.10', '16777.217', '3.00'])
  const whole = await drafts({ BilledCost: { data: [7n, -8n], element: { type: 'INT64' } } })
  expect(whole.map(({ billed }) => exactText(billed))).toEqual(['7.00', '-8.00'])
})

test('times of any unit and kind are the same instant in UTC', async () => {
  const lastMs = Date.UTC(2026, 0, 5, 23, 59, 59, 999)
  const kinds: Record<string, Written> = {
    'milliseconds by the old name': {
      data: [BigInt(lastMs)],
      element: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
    },
    'microseconds by the old name': {
      data: [BigInt(lastMs) * 1000n + 999n],
      element: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
    },
    ...Object.fromEntries(
      (['MILLIS', 'MICROS', 'NANOS'] as const).map((unit) => [
        unit,
        {
          data: [BigInt(lastMs) * { MILLIS: 1n, MICROS: 1000n, NANOS: 1_000_000n }[unit]],
          element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: unit === 'MICROS', unit } },
        } as Written,
      ]),
    ),
    day: { data: [new Date(lastMs)], element: { type: 'INT32', converted_type: 'DATE' } },
    text: { data: ['2026-01-05 23:59:59'] },
  }
  for (const [kind, written] of Object.entries(kinds))
    expect([kind, (await drafts({ ChargePeriodStart: written }))[0]?.entryDate]).toEqual([kind, '2026-01-05'])
  const absurd = await drafts({
    ChargePeriodStart: { data: [2n ** 62n], element: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' } },
  })
  expect(absurd[0]).toMatchObject({ kind: 'refused', code: 'ingest.bad_time' })
})

test('the twelve bytes in which Spark and Impala write times are read', async () => {
  // Nanoseconds of the day, then the Julian day, both little-endian: 2026-01-05 is 2,461,046.
  const twelve = new Uint8Array(12)
  const view = new DataView(twelve.buffer)
  view.setBigUint64(0, 86_399_999_999_999n, true)
  view.setUint32(8, 2_440_588 + Date.UTC(2026, 0, 5) / 86_400_000, true)
  const bytes = focus({
    ChargePeriodStart: { data: [twelve], element: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12 } },
  })
  // The writer knows no INT96 (3, zigzag 6): its FIXED_LEN_BYTE_ARRAY (7, zigzag 14) is called one in the footer.
  for (
    let at = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    at < bytes.length;
    at += 1
  )
    if (bytes[at] === 0x15 && bytes[at + 1] === 0x0e && (bytes[at + 2] === 0x19 || bytes[at + 2] === 0x15))
      bytes[at + 1] = 0x06
  const [row] = (await readRanged(focusParquet, bytes)) as CostDraft[]
  expect(row).toMatchObject({ kind: 'cost', entryDate: '2026-01-05' })
})

test('tags are read from a map, from JSON, from text and from nothing', async () => {
  const map = await drafts({
    Tags: { data: [{ team: 'ml', env: 'prod' }, null, {}], nested: mapOf('Tags') },
  })
  expect(map.map(({ tags }) => tags)).toEqual(['{"env":"prod","team":"ml"}', '', ''])
  const json = await drafts({
    Tags: { data: [{ team: 'ml' }, null], element: { type: 'BYTE_ARRAY', converted_type: 'JSON' } },
  })
  expect(json.map(({ tags }) => tags)).toEqual(['{"team":"ml"}', ''])
  const text = await drafts({ Tags: { data: ["{'team': 'ml'}", 'NULL'] } })
  expect(text.map(({ tags }) => tags)).toEqual(['{"team":"ml"}', ''])
})

test('row groups, pages and codecs make no difference, and rows are counted from 1 through all of them', async () => {
  const size = 3_000
  const columns = {
    BilledCost: { data: Array.from({ length: size }, (_, row) => BigInt(row)), element: decimal(38, 10, 16) },
    SkuId: { data: Array.from({ length: size }, (_, row) => `sku-${row % 7}`) },
    Tags: { data: Array.from({ length: size }, (_, row) => ({ team: `t${row % 5}` })), nested: mapOf('Tags') },
  }
  const whole = await readRanged(focusParquet, focus(columns))
  expect(whole.map(({ line }) => line)).toEqual(Array.from({ length: size }, (_, row) => row + 1))
  expect(sumOf(whole, 'billed')).toBe('0.00044985') // (0 + … + 2999) = 4,498,500 units of 1e-10
  expect((whole[2_999] as CostDraft).tags).toBe('{"team":"t4"}')
  for (const options of [
    { rowGroupSize: 1_000 },
    { rowGroupSize: [1, 999, 500], pageSize: 256 },
    { codec: 'UNCOMPRESSED' as const, pageSize: 1_024 },
    { codec: 'GZIP' as const, compressors: { GZIP: (input: Uint8Array) => new Uint8Array(gzipSync(input)) } },
    { codec: 'ZSTD' as const, compressors: { ZSTD: (input: Uint8Array) => new Uint8Array(zstdCompressSync(input)) } },
  ])
    expect([Object.values(options), await readRanged(focusParquet, focus(columns, options))]).toEqual([
      Object.values(options),
      whole,
    ])
})

test('a CSV and a Parquet file of the same rows bring the same costs', async () => {
  const header = [
    'billed_cost',
    'EFFECTIVECOST',
    'BillingCurrency',
    'ChargePeriodStart',
    'ChargeCategory',
    'Tags',
    'x_Other',
  ]
  const rows = [
    ['35.2E-7', 'NULL', 'USD', START, 'Usage', '{"a": "b"}', '1'],
    ['-2.00', '', 'USD', START, 'Credit', 'NULL', '2'],
    ['+1', '3', 'USD', START, 'Usage', '', '3'],
  ]
  const bytes = parquetOf(
    Object.fromEntries(header.map((name, at) => [name, { data: rows.map((row) => row[at] || null) }])),
  )
  const reader = focusCsv.open(NOTHING_SAID)
  const cell = (text = '') => `"${text.replaceAll('"', '""')}"`
  const expected = [
    ...reader.push(`${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`),
    ...reader.end(),
  ]
  const found = await readRanged(focusParquet, bytes)
  // A CSV has its header in line 1; of a Parquet row the columns that are read are kept.
  const bare = (rows: Row[], header: number) => rows.map((row) => ({ ...row, line: row.line - header, record: null }))
  expect(bare(found, 0)).toEqual(bare(expected, 1))
  expect(found.map(({ kind }) => kind)).toEqual(['cost', 'cost', 'refused'])
})

test('it is recognised by its first bytes and its columns, and says which FOCUS it is', async () => {
  expect(await focusParquet.recognisesFile(rangedFile(focus()))).toBe(
    'it is Parquet with the columns BilledCost, ChargePeriodStart, ChargeCategory',
  )
  expect(await focusParquet.recognisesFile(rangedFile(parquetOf({ a: { data: ['1'] } })))).toBeNull()
  expect(
    await focusParquet.recognisesFile(rangedFile(new TextEncoder().encode('BilledCost,ChargePeriodStart'))),
  ).toBeNull()
  const file = focusParquet.openFile(rangedFile(focus({ x_Own: { data: ['a', 'b'] } })), NOTHING_SAID)
  for await (const _ of file);
  expect(file.about?.()).toBe('FOCUS 1.0, 5 of its 43 columns; 1 x_ column')
})

test('only the columns that are needed are read', async () => {
  const wide = { x_Noise: { data: Array.from({ length: 500 }, (_, row) => `${row}`.repeat(500)) } }
  const bytes = focus(wide, { codec: 'UNCOMPRESSED' })
  let read = 0
  const file = rangedFile(bytes, (length) => {
    read += length
  })
  const rows: Row[] = []
  for await (const batch of focusParquet.openFile(file, NOTHING_SAID)) rows.push(...batch)
  expect([rows.length, bytes.length > 500_000, read < 20_000]).toEqual([500, true, true])
})

test('what is no such file, is cut off or claims what cannot be is refused with words', async () => {
  const good = focus()
  const footerAt = good.length - 8 - new DataView(good.buffer).getUint32(good.length - 8, true)
  const withLength = (length: number) => {
    const bytes = good.slice()
    new DataView(bytes.buffer).setUint32(bytes.length - 8, length, true)
    return bytes
  }
  const text = new TextEncoder()
  expect(await wordsOf(text.encode('BilledCost,ChargePeriodStart,ChargeCategory\n1,2,3\n'))).toMatch(
    /not begin with PAR1/,
  )
  expect(await wordsOf(text.encode(''))).toMatch(/not begin with PAR1/)
  expect(await wordsOf(text.encode('PAR1'))).toMatch(/not begin with PAR1/)
  expect(await wordsOf(good.slice(0, -20))).toMatch(/cut off: it does not end with PAR1/)
  expect(await wordsOf(text.encode('PAR1PAR1PAR1PAR1'))).toMatch(/footer is longer than the file/)
  expect(await wordsOf(withLength(0xffffffff))).toMatch(/footer is longer than the file/)
  expect(await wordsOf(withLength(3))).toMatch(/footer cannot be read/)
  expect(await wordsOf(parquetOf({ a: { data: ['1'] } }))).toBe('BilledCost, ChargePeriodStart, ChargeCategory missing')
  // the data is gone, the footer is whole
  expect(await wordsOf(new Uint8Array([...good.slice(0, 4), ...good.slice(footerAt)]))).toMatch(/is cut off|is damaged/)
})

test('bombs are refused before they go off', async () => {
  const text = new TextEncoder()
  const around = (footer: number[], body: number[] = []) => {
    const bytes = new Uint8Array([...text.encode('PAR1'), ...body, ...footer, 0, 0, 0, 0, ...text.encode('PAR1')])
    new DataView(bytes.buffer).setUint32(bytes.length - 8, footer.length, true)
    return bytes
  }
  const billion = [0xff, 0xff, 0xff, 0xff, 0x07]
  // field 2, a list of two billion structures; field 2 of nested lists; a string of two billion bytes
  expect(await wordsOf(around([0x29, 0xfc, ...billion, 0x00]))).toMatch(/footer cannot be read/)
  expect(await wordsOf(around([0x29, ...Array.from({ length: 5_000 }, () => 0x19)]))).toMatch(/footer cannot be read/)
  expect(await wordsOf(around([0x68, ...billion]))).toMatch(/footer cannot be read/)
  const columns = Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`c${at}`, { data: ['x'] }]))
  expect(await wordsOf(parquetOf(columns))).toMatch(/6001 columns/)
  const rows = Array.from({ length: 300_000 }, () => null)
  expect(
    await wordsOf(
      parquetOf({ BilledCost: { data: rows }, ChargePeriodStart: { data: rows }, ChargeCategory: { data: rows } }),
    ),
  ).toMatch(/claims 300000 rows in \d+ bytes/)
})

test('1,500 mutilated files are read or refused: nothing but a HelioxError is thrown, every row has its place', async () => {
  const good = focus(
    {
      BilledCost: { data: [1n, 2n, 3n, null], element: decimal(38, 10, 16) },
      Tags: { data: [{ a: 'b' }, null, {}, { c: 'd', e: 'f' }], nested: mapOf('Tags') },
    },
    { rowGroupSize: 2 },
  )
  const edit = fc.tuple(fc.nat({ max: good.length - 1 }), fc.integer({ min: 0, max: 255 }))
  const mutants = fc.sample(fc.tuple(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat({ max: 40 })), {
    ...{ numRuns: 1_500, seed: 20_260_304 },
  })
  let refused = 0
  for (const [edits, cut] of mutants) {
    const bytes = good.slice(0, cut > 36 ? good.length - cut : good.length)
    for (const [at, byte] of edits) bytes[at] = byte
    try {
      const rows = await readRanged(focusParquet, bytes)
      for (const { line } of rows) expect(line).toBeGreaterThan(0)
    } catch (error) {
      refused += 1
      if (!(error instanceof HelioxError)) expect([error, edits, cut]).toEqual(['a HelioxError', edits, cut])
    }
  }
  expect(refused).toBeGreaterThan(200)
}, 60_000)
