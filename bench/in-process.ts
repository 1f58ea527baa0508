import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { onClient } from '../db/client.ts'
import type { EpochMs } from '../db/units/time.ts'
import { createApp } from '../worker/index.ts'
import { createLog } from '../worker/log.ts'
import { INSIDE, machine, type Scope } from '../worker/scope.ts'

const KEY = 'an-admin-key-of-this-bench'
const SETTINGS = {
  ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error' },
  ...{ SECRET_KEY: 'a-secret-key-of-this-bench-0123456789', ADMIN_API_KEY: KEY },
}

/** The app on a database of its own, in this process, with a clock that stands still until moved. */
export type InProcess = {
  scope: Scope
  call: (path: string, init?: RequestInit) => Promise<Response>
  json: <T>(path: string) => Promise<T>
  moveTo: (ms: number) => void
  close: () => void
}

/** Opens as many as are wanted, each a copy of one empty database with the real migrations. `close` removes that one. */
export async function emptyDatabases(): Promise<{ open: (nowMs: number) => Promise<InProcess>; close: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const template = join(folder, 'empty.db')
  const client = createClient({ url: `file:${template}`, intMode: 'bigint' })
  await migrate(onClient(client), {
    migrationsFolder: fileURLToPath(new URL('../db/migrations', import.meta.url)),
  })
  client.close()
  let opened = 0
  return {
    open: async (nowMs) => {
      opened += 1
      const file = join(folder, `${opened}.db`)
      copyFileSync(template, file)
      return openInProcess(file, nowMs)
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function openInProcess(file: string, startMs: number): Promise<InProcess> {
  const client = createClient({ url: `file:${file}`, intMode: 'bigint' })
  await client.executeMultiple('pragma journal_mode=wal; pragma synchronous=off')
  const db = onClient(client)
  let nowMs = startMs
  const now = () => nowMs as EpochMs
  const app = createApp({ bindings: SETTINGS, openDb: () => db, now })
  const call = async (path: string, init: RequestInit = {}) =>
    app.fetch(new Request(new URL(`/api/v1${path}`, 'http://localhost'), { ...init, headers: { 'x-api-key': KEY } }))
  return {
    scope: { ...{ db, now, log: createLog('error') }, ...{ actor: machine('bench'), origin: INSIDE } },
    call,
    json: async <T>(path: string) => {
      const response = await call(path)
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as T
    },
    moveTo: (ms) => {
      nowMs = ms
    },
    close: () => {
      client.close()
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    },
  }
}
