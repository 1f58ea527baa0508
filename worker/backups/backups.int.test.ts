import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStack } from '../local/stack.ts'
import { checkBackup } from './read-backup.ts'

test('the built Worker makes a backup into its bucket, reads it back and hands it out whole', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-backups-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const ask = (path: string, method = 'GET') =>
    fetch(new URL(`/api/v1${path}`, stack.url), { method, headers: { 'x-api-key': stack.adminApiKey } })
  await ask('/admin/ingest/cost/mock', 'POST')
  const made = await ask('/backups', 'POST')
  const backup = (await made.json()) as { id: string; status: string; rows: number; bytes: number }
  expect([made.status, backup.status]).toEqual([201, 'good'])
  const file = await ask(`/backups/${backup.id}/file`)
  expect(file.headers.get('content-type')).toBe('application/gzip')
  const { end } = await checkBackup(file.body as ReadableStream<Uint8Array>)
  expect(end.rows).toBe(backup.rows)
  expect(end.tables.find(({ name }) => name === 'cost_entries')?.rows).toBe(28)
  await stack.tick() // the night's, by the clock
  const { backups } = (await (await ask('/backups')).json()) as { backups: { made_by: string; status: string }[] }
  expect(backups.map(({ made_by, status }) => [made_by, status])).toEqual([
    ['clock', 'good'],
    [expect.any(String), 'good'],
  ])
}, 120_000)
