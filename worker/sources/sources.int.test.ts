import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../db/client.ts'
import { startStack } from '../local/stack.ts'
import { focusBill, startS3 } from './testing.ts'

test('the built Worker’s clock pulls an export in several files from a bucket, once for two fires', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-sources-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const s3 = await startS3()
  const data = 'exports/focus/data/BILLING_PERIOD=2026-01'
  const dataFiles = [1, 2].map((n) => `s3://bills/${data}/focus-0000${n}.csv.gz`)
  await s3.put(`${data}/focus-00001.csv.gz`, gzipSync(focusBill(['10.25', '20'])))
  await s3.put(`${data}/focus-00002.csv.gz`, gzipSync(focusBill(['30'], 3)))
  await s3.put('exports/focus/metadata/BILLING_PERIOD=2026-01/focus-Manifest.json', JSON.stringify({ dataFiles }))
  const headers = { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' }
  const ask = async (path: string, init: RequestInit = {}) =>
    (await fetch(new URL(`/api/v1${path}`, stack.url), { headers, ...init })).json() as Promise<Record<string, unknown>>
  const made = await ask('/sources', { method: 'POST', body: JSON.stringify(s3.source({ prefix: 'exports/' })) })
  expect(made).toMatchObject({ id: 'src_1', last_run: null })
  const db = openDb(stack.databaseUrl, stack.databaseAuthToken)
  await db.$client.execute('update sources set created_at_ms = created_at_ms - 172800000') // as if it were two days old
  db.$client.close()
  await Promise.all([stack.tick(), stack.tick()])
  expect(await ask('/sources/src_1/runs')).toMatchObject({
    total: 1,
    runs: [
      {
        status: 'success',
        actor: 'clock',
        file_count: 1,
        rows: 3,
        stored_cost_usd: '60.25',
        message: '1 file imported',
      },
    ],
  })
  expect(await ask('/costs/total')).toMatchObject({ total_cost_usd: '60.25' })
  await stack.tick()
  expect(await ask('/sources/src_1/runs')).toMatchObject({ total: 1 })
})
