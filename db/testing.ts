import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { onTestFinished } from 'vitest'
import { type Db, onClient } from './client.ts'

/**
 * A private database with the real migrations applied, gone when the test ends. A file, not ':memory:':
 * that would be one connection, on which a statement beside an open transaction fails.
 */
export async function freshDb(): Promise<Db> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-'))
  const client = createClient({ url: `file:${join(folder, 'test.db')}`, intMode: 'bigint' })
  await client.executeMultiple('pragma journal_mode=wal; pragma synchronous=off')
  const db = onClient(client)
  onTestFinished(() => {
    client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(db, { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) })
  return db
}
