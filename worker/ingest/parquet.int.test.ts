import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../local/stack.ts'
import { mapOf, parquetOf } from './importers/testing-parquet.ts'

let stack: Stack
let dataDir: string
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-parquet-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const call = (path: string, body?: Uint8Array<ArrayBuffer>) =>
  fetch(new URL(`/api/v1${path}`, stack.url), {
    headers: { 'x-api-key': stack.adminApiKey },
    ...(body ? { method: 'POST', body } : {}),
  })

test('the built Worker unpacks every codec, and what came in goes out again', async () => {
  const size = 60_000 // more than a batch, and several pages
  const same = (value: unknown) => Array.from({ length: size }, () => value)
  const columns = {
    BilledCost: {
      data: Array.from({ length: size }, (_, row) => BigInt(row) * 1_000_000n),
      element: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 9 } as const,
    },
    BillingCurrency: { data: same('USD') },
    ChargePeriodStart: {
      data: Array.from({ length: size }, (_, row) => `2026-01-${`${(row % 28) + 1}`.padStart(2, '0')}`),
    },
    ChargeCategory: { data: same('Usage') },
    ProviderName: { data: same('AWS') },
    SkuMeter: { data: same('H100 GPU') },
    BillingPeriodStart: { data: same('2026-01-01') },
    Tags: { data: Array.from({ length: size }, (_, row) => ({ team: `t${row % 3}` })), nested: mapOf('Tags') },
  }
  const packed = (pack: (input: Uint8Array) => Uint8Array) => (input: Uint8Array) => new Uint8Array(pack(input))
  const compressors = {
    GZIP: packed((input) => gzipSync(input)),
    ZSTD: packed((input) => zstdCompressSync(input)),
    BROTLI: packed((input) => brotliCompressSync(input)),
  }
  let exported = ''
  for (const codec of ['SNAPPY', 'UNCOMPRESSED', 'GZIP', 'ZSTD', 'BROTLI'] as const) {
    const answer = await call('/imports?format=auto', parquetOf(columns, { codec, compressors, rowGroupSize: 45_000 }))
    const body = await answer.text()
    if (answer.status !== 200) throw new Error(body)
    const { status, format, result } = JSON.parse(body) as {
      status: string
      format: string
      result: { totals: object }
    }
    // 0 + … + 59,999 thousandths of a dollar
    expect([codec, status, format, result.totals]).toMatchObject([
      ...[codec, 'success', 'focus-parquet', { file_cost_usd: '1799970.00', stored_cost_usd: '1799970.00' }],
    ])
    const text = await (await call('/exports/costs.csv?start=2026-01-01&end=2026-01-31')).text()
    if (exported !== '') expect(text).toBe(exported)
    exported = text
  }
  expect(exported.split('\r\n')).toHaveLength(1 + 28 * 3 + 1) // a day and a tag is an entry
}, 120_000)
