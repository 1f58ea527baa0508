import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { expect, onTestFinished, test } from 'vitest'
import { migrateUp } from '../db/local/migrate.ts'

/** A data directory with a migrated database of one pool-day that nobody has shared. */
async function dataDir() {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const client = createClient({ url: pathToFileURL(join(folder, 'heliox.db')).href })
  await migrateUp(client)
  await client.executeMultiple(`insert into pools (provider, gpu_type) values ('aws', 'h100');
    insert into cost_dimensions (key, source, billing_account, account, billing_period, region, service, sku, item,
      instance_type, charge_category, pricing_category, currency, tags) values ('k', '', '', '', '', '', '', '', '', '', '', '', 'USD', '');
    insert into cost_entries (entry_date, pool_id, dimension_id, billed_nano_usd, effective_nano_usd)
      values ('2026-02-10', 1, 1, 5000000000, 5000000000);`)
  client.close()
  return folder
}

function ledger(folder: string, ...words: string[]): Promise<{ code: number; text: string }> {
  const { DATABASE_URL: _, ...env } = process.env
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'ledger.ts'), ...words],
      { env: { ...env, HELIOX_DATA_DIR: folder, NODE_NO_WARNINGS: '1' } as unknown as NodeJS.ProcessEnv },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    ),
  )
}

test('the command says by its exit code whether the ledger holds, and makes it anew', async () => {
  const folder = await dataDir()
  const broken = await ledger(folder, 'check')
  expect(broken.text).toContain('2026-02-10 aws h100: nothing instead of $5.00')
  expect(broken.code).toBe(1)
  expect(await ledger(folder, 'rebuild', '--from', '2026-02-11')).toMatchObject({ code: 0 })
  expect((await ledger(folder, 'check', '--to', '2026-02-10')).code).toBe(1)
  const made = await ledger(folder, 'rebuild', '--to', '2026-02-28')
  expect(made).toEqual({ code: 0, text: expect.stringContaining('The ledger holds.') })
  expect((await ledger(folder, 'check')).code).toBe(0)
  expect((await ledger(folder, 'check', '--sample')).code).toBe(0)
}, 60_000)

test('what it cannot do it says, with another code', async () => {
  const folder = await dataDir()
  for (const words of [
    ['mend'],
    ['check', '--from', 'monday'],
    ['check', '--from', '2026-02-02', '--to', '2026-02-01'],
  ]) {
    const { code, text } = await ledger(folder, ...words)
    expect([words, code, text.length > 10]).toEqual([words, 2, true])
  }
}, 60_000)

test('where no database is, it says so and makes none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  expect(await ledger(folder, 'check')).toEqual({ code: 2, text: expect.stringContaining('There is no database at') })
})
