import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './stack.ts'

/**
 * What `npm start` runs, in a process of its own on a free port: for tests that kill it and for measurements that must
 * not share a thread with it. `call` carries the admin key, `settings` more of the environment. The caller ends `process`.
 */
export async function startChild(dataDir: string, settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(ROOT, 'worker/local/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, HELIOX_DATA_DIR: dataDir, HELIOX_DEMO: '0', PORT: '0', LOG_LEVEL: 'error', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString()
      const [, address] = /running at\s+(\S+)/.exec(said) ?? []
      if (address) resolve(address)
    })
    child.once('exit', () => reject(new Error(`it stopped: ${said}`)))
  })
  const { adminApiKey } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { adminApiKey: string }
  const call = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { 'x-api-key': adminApiKey } })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { process: child, url, call, ended }
}
