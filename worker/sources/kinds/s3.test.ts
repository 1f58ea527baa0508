import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fetchOutside } from '../fetch-outside.ts'
import { COSTS, focusBill, S3_KEYS, sourceIn, startS3, startWithClock } from '../testing.ts'
import { Bucket } from './s3-bucket.ts'

type Run = { status: string; message: string; file_count: number; rows: number; stored_cost_usd: string }

async function startBucket(config: object = {}, more: object = {}) {
  const heliox = await startWithClock({ now: '2026-02-03T12:00:00Z' })
  const s3 = await startS3()
  const id = await sourceIn(heliox, s3.source(config, more))
  const run = async () => (await heliox.write('POST', `/api/v1/sources/${id}/run`)).body as Run
  const total = async () => (await heliox.json<{ total_cost_usd: string }>('/api/v1/costs/total')).total_cost_usd
  const files = async () =>
    (await heliox.trpc.imports.list.query({ limit: 100 })).imports
      .map(({ fileName, part }) => [fileName, part])
      .reverse()
  return { ...heliox, s3, id, run, total, files }
}

test('objects are imported once: what has not changed is not read again, what has is', async () => {
  const { s3, run, total, files } = await startBucket({ prefix: 'costs/' })
  await s3.put('costs/a.csv', `${COSTS}2026-01-01,aws,h100,10.50\n`)
  await s3.put('costs/b.csv.gz', gzipSync(`${COSTS}2026-01-02,aws,h100,20\n`))
  await s3.put('other/c.csv', `${COSTS}2026-01-03,aws,h100,40\n`)
  await s3.put('costs/readme.md', 'no bill')
  expect(await run()).toMatchObject({ status: 'success', file_count: 2, rows: 2, stored_cost_usd: '30.50' })
  expect(await total()).toBe('30.50')
  expect(await run()).toMatchObject({ status: 'success', file_count: 0, message: 'Nothing new' })
  await s3.put('costs/a.csv', `${COSTS}2026-01-01,aws,h100,11.50\n`)
  expect(await run()).toMatchObject({ file_count: 1, message: '1 file imported' })
  expect(await total()).toBe('31.50')
  expect((await files()).map(([name]) => name)).toEqual(['costs/a.csv', 'costs/b.csv.gz', 'costs/a.csv'])
})

test('a listing of more than a page is read to its end, and keys of any letters are signed right', async () => {
  const { s3, run } = await startBucket({ pattern: 'here*.csv' })
  const odd = ['(a) b+c =1!*/here ä€%.csv', 'plain/here.csv']
  for (const [n, key] of odd.entries()) await s3.put(key, `${COSTS}2026-01-0${n + 1},aws,h100,1\n`)
  for (let n = 0; n < 1001; n += 50)
    await Promise.all(Array.from({ length: 50 }, (_, i) => s3.put(`0/${n + i}.txt`, 'x')))
  expect(await run()).toMatchObject({ status: 'success', file_count: 2, stored_cost_usd: '2.00' })
}, 60_000)

const legacy = (assembly: string, files: string[], manifest: Record<string, unknown> = {}) =>
  JSON.stringify({ assemblyId: assembly, bucket: 'bills', compression: 'GZIP', reportKeys: files, ...manifest })

test('a report in several files is one bill: the newest assembly takes the place of the whole period', async () => {
  const { s3, run, total, files } = await startBucket({ prefix: 'cur/' })
  const root = 'cur/report/20260101-20260201'
  const first = [`${root}/one/report-1.csv.gz`, `${root}/one/report-2.csv.gz`, `${root}/one/report-3.csv.gz`]
  await s3.put(first[0]!, gzipSync(focusBill(['10', '20'])))
  await s3.put(first[1]!, gzipSync(focusBill(['30'], 3).trimEnd()))
  await s3.put(first[2]!, gzipSync(focusBill(['40'], 4)))
  await s3.put(`${root}/one/report-Manifest.json`, legacy('one', first))
  await s3.put(`${root}/report-Manifest.json`, legacy('one', first))
  expect(await run()).toMatchObject({ status: 'success', file_count: 1, rows: 4, stored_cost_usd: '100.00' })
  expect(await run()).toMatchObject({ file_count: 0 })
  const second = [`${root}/two/report-1.csv.gz`]
  await s3.put(second[0]!, gzipSync(focusBill(['11', '20'])))
  await s3.put(`${root}/two/report-Manifest.json`, legacy('two', second))
  await s3.put(`${root}/report-Manifest.json`, legacy('two', second))
  expect(await run()).toMatchObject({ status: 'success', file_count: 1, rows: 2 })
  expect(await total()).toBe('31.00') // nothing of the three files of the first assembly is left
  expect((await files()).map(([name, part]) => [name, part])).toEqual([
    [`${root}/report-Manifest.json (3 files)`, ''],
    [second[0], ''],
  ])
})

test('a data export is read by its manifest, with files as addresses; without one, by its folders', async () => {
  const { s3, run, total } = await startBucket({ prefix: 'exports/' })
  const data = 'exports/focus/data/BILLING_PERIOD=2026-01'
  await s3.put(`${data}/focus-00001.csv.gz`, gzipSync(focusBill(['5'])))
  await s3.put(`${data}/focus-00002.csv.gz`, gzipSync(focusBill(['7'], 2)))
  expect(await run()).toMatchObject({ file_count: 1, rows: 2 })
  expect(await total()).toBe('12.00')
  await s3.put(`${data}/focus-00001.csv.gz`, gzipSync(focusBill(['6'])))
  const dataFiles = [1, 2].map((n) => `s3://bills/${data}/focus-0000${n}.csv.gz`)
  await s3.put('exports/focus/metadata/BILLING_PERIOD=2026-01/focus-Manifest.json', JSON.stringify({ dataFiles }))
  expect(await run()).toMatchObject({ status: 'success', file_count: 1, rows: 2 })
  expect(await total()).toBe('13.00')
  expect(await run()).toMatchObject({ file_count: 0 })
})

test('an export whose files differ in their columns, or are missing, or are ZIP, changes nothing and says so', async () => {
  const { s3, run, total } = await startBucket()
  const root = 'r/20260101-20260201'
  await s3.put(`${root}/a.csv`, focusBill(['5']))
  await s3.put(`${root}/b.csv`, `BilledCost,Other\n1,2\n`)
  await s3.put(`${root}/r-Manifest.json`, legacy('one', [`${root}/a.csv`, `${root}/b.csv`]))
  const message = expect.stringContaining('do not have the same columns')
  expect(await run()).toMatchObject({ status: 'failed', message })
  await s3.put(`${root}/r-Manifest.json`, legacy('two', [`${root}/a.csv`, `${root}/gone.csv`]))
  expect((await run()).message).toContain(`${root}/gone.csv is named by its manifest and not in the listing`)
  await s3.put(`${root}/r-Manifest.json`, legacy('three', [`${root}/a.csv.zip`]))
  expect((await run()).message).toContain("set the report's compression to GZIP or Parquet")
  expect(await total()).toBe('0.00')
})

test('a file that cannot be read does not keep the others from coming, and is tried again', async () => {
  const { s3, run, total } = await startBucket()
  await s3.put('1.csv', 'nonsense,here\n1,2\n')
  await s3.put('2.csv', `${COSTS}2026-01-02,aws,h100,2\n`)
  expect(await run()).toMatchObject({
    status: 'failed',
    file_count: 1,
    message: expect.stringMatching(/^1 failed\. 1\.csv: /),
  })
  expect(await total()).toBe('2.00')
  await s3.put('1.csv', `${COSTS}2026-01-01,aws,h100,1\n`)
  expect(await run()).toMatchObject({ status: 'success', file_count: 1 })
  expect(await total()).toBe('3.00')
})

test('bills of the same month add up, or the newest stands for all, as the source says', async () => {
  const adding = await startBucket()
  const replacing = await startBucket({ same_month: 'replace' })
  for (const { s3, run } of [adding, replacing]) {
    await s3.put('bill-05.csv', focusBill(['5']))
    await s3.put('bill-06.csv', focusBill(['5', '1']))
    expect(await run()).toMatchObject({ status: 'success', file_count: 2 })
  }
  expect((await adding.files()).map(([, part]) => part)).toEqual(['bill-05.csv', 'bill-06.csv'])
  expect((await replacing.files()).map(([, part]) => part)).toEqual(['', ''])
  expect(await replacing.total()).toBe('6.00')
})

test('what S3 refuses is said in words: a wrong secret, an unknown bucket, no S3 at all', async () => {
  const { write, s3 } = await startBucket()
  const attempt = async (config: object, secrets: object = S3_KEYS) =>
    (
      await write('POST', '/api/v1/sources/test', {
        kind: 's3',
        config: { bucket: 'bills', endpoint: s3.endpoint, ...config },
        secrets,
      })
    ).body
  expect((await attempt({}, { ...S3_KEYS, secret_access_key: 'wrong' })).message).toContain(
    'the secret access key is wrong',
  )
  expect((await attempt({}, { ...S3_KEYS, access_key_id: 'NOBODY' })).message).toContain(
    'does not know this access key id',
  )
  expect((await attempt({ bucket: 'none' })).message).toContain('there is no such bucket')
  expect((await attempt({ endpoint: 'http://127.0.0.1:1' })).message).toBe('127.0.0.1:1 cannot be reached')
  expect(await attempt({})).toMatchObject({ is_fine: false, message: 'The server answers, and has no file for us' })
  await s3.put('costs.csv', `${COSTS}2026-01-02,aws,h100,2\n`)
  expect(await attempt({})).toMatchObject({ is_fine: true, files: ['costs.csv'], format: 'cost-csv' })
})

test('an object is read by ranges, from any place to any other', async () => {
  const { s3 } = await startBucket()
  const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 7) % 251)
  await s3.put('bill.parquet', bytes)
  const address = { endpoint: s3.endpoint, region: 'us-east-1', bucket: 'bills', addressing: 'path' } as const
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  const bucket = new Bucket(address, keys, (request) => fetchOutside({ allowPrivateSources: true }, request))
  const [object] = await bucket.list('')
  const file = bucket.ranged(object!)
  expect(file.byteLength).toBe(70_000)
  for (const [start, end] of [
    [0, 4],
    [69_992, 70_000],
    [1234, 65_000],
    [5, 5],
  ] as const)
    expect(new Uint8Array(await file.slice(start, end))).toEqual(bytes.slice(start, end))
  expect(new Uint8Array(await file.slice(69_000))).toEqual(bytes.slice(69_000))
})
