import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { expect, onTestFinished, test } from 'vitest'
import { migrateUp } from '../../db/local/migrate.ts'
import { startLocalDb } from '../../db/local/server.ts'

const HERE = import.meta.dirname

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'heliox-commands-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function run(command: 'backup' | 'restore', args: string[], settings: Record<string, string>) {
  const { INIT_CWD: _, DATABASE_URL: __, ...rest } = process.env
  const options = { env: { ...rest, ...settings } as NodeJS.ProcessEnv, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(HERE, `${command}.ts`), ...args], options)
  return { status, stdout, stderr }
}

test('the commands bring a data folder back, and refuse in words what they cannot take', async () => {
  const [first, second] = [folder(), folder()]
  const client = createClient({ url: pathToFileURL(join(first, 'heliox.db')).href })
  await migrateUp(client)
  await client.execute(`insert into teams (name, description, budget_nano_usd, created_at_ms) values ('ml', '', 28, 0)`)
  const file = join(first, 'b.gz')
  const made = run('backup', [file], { HELIOX_DATA_DIR: first })
  expect([made.stderr.replace(/^.*Experimental.*\n.*\n/m, ''), made.status]).toEqual(['', 0])
  expect(made.stdout).toContain('budget_nano_usd 28')
  expect(run('backup', [file], { HELIOX_DATA_DIR: first })).toMatchObject({ status: 1 })
  const settings = { HELIOX_DATA_DIR: join(second, 'data') }
  const cut = join(second, 'cut.gz')
  writeFileSync(cut, readFileSync(file).subarray(0, -40))
  for (const [what, words] of [
    [cut, 'cut or damaged'],
    [join(HERE, 'backup.ts'), 'no backup of Heliox'],
    [join(second, 'none'), 'is no file'],
  ] as const) {
    const refused = run('restore', [what], settings)
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(words)])
    expect(refused.stderr).toContain('Nothing was changed.')
  }
  expect(existsSync(join(second, 'data')) ? readdirSync(join(second, 'data')) : []).toEqual([])
  const restored = run('restore', [file], settings)
  expect([restored.status, restored.stdout]).toEqual([0, expect.stringContaining('budget_nano_usd 28')])
  expect(readdirSync(join(second, 'data'))).toEqual(['heliox.db'])
  expect(run('restore', [file], settings)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching('is there already'),
  })
  // A server in front of the file, as a hosted one is; with rows it refuses.
  for (const [dir, status] of [
    [folder(), 0],
    [first, 1],
  ] as const) {
    const server = await startLocalDb({ file: join(dir, 'heliox.db'), authToken: 't', synchronous: 'NORMAL' })
    const env = { ...process.env, DATABASE_URL: server.url, DATABASE_AUTH_TOKEN: 't' } as unknown as NodeJS.ProcessEnv
    const args = [join(HERE, 'restore.ts'), file]
    const ended = await new Promise<number>((resolve) => {
      execFile(process.execPath, args, { env }, (error) => resolve(error ? 1 : 0)) // the server is in this process
    })
    expect([dir === first, ended]).toEqual([status === 1, status])
    await server.close()
  }
  client.close()
}, 120_000)
