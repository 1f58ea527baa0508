import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@libsql/client/web'
import { expect, onTestFinished, test } from 'vitest'

const SERVER = new URL('./server.ts', import.meta.url).href

async function startChild(file: string): Promise<{ url: string; child: ChildProcess }> {
  const script = `import { startLocalDb } from ${JSON.stringify(SERVER)}
    const db = await startLocalDb({ file: ${JSON.stringify(file)} })
    console.log(db.url)`
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { url, child }
}

test('a server killed in the middle of commits has every row that it acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-local-db-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'test.db')
  let acknowledged = 0
  for (let round = 0; round < 3; round++) {
    const { url, child } = await startChild(file)
    const client = createClient({ url })
    await client.execute('create table if not exists t(a integer primary key)')
    const before = acknowledged
    const write = async () => {
      for (;;) {
        const next = acknowledged + 1
        await client.batch([{ sql: 'insert into t values (cast(? as integer))', args: [next] }], 'write')
        acknowledged = next
        if (next === before + 40) child.kill('SIGKILL')
      }
    }
    await expect(write()).rejects.toThrow()
    expect(acknowledged).toBeGreaterThanOrEqual(before + 40)

    const { url: urlAfter, child: childAfter } = await startChild(file)
    const after = createClient({ url: urlAfter })
    const { rows } = await after.execute('select count(*) as n, max(a) as last from t')
    // The commit on its way may have landed without its answer.
    expect([acknowledged, acknowledged + 1]).toContain(rows[0]?.n)
    expect(rows[0]?.last).toBe(rows[0]?.n)
    acknowledged = Number(rows[0]?.n)
    const exited = once(childAfter, 'exit')
    childAfter.kill('SIGKILL')
    await exited
  }
})
