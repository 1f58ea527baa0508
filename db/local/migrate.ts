/**
 * `npm run db:migrate`, `db:status`, `db:rollback`: against DATABASE_URL, or the embedded file of a local run.
 * A rollback runs the `.down.sql` beside the migration: written by hand, reviewed with it.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Client, createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'

export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

type Journal = { entries: { tag: string; when: number }[] }
export type MigrationStatus = { name: string; isApplied: boolean }

/** Every migration in order, and whether this database has it. */
export async function migrationStatus(client: Client): Promise<MigrationStatus[]> {
  const applied = new Set(await appliedAt(client))
  return journal().entries.map(({ tag, when }) => ({ name: tag, isApplied: applied.has(when) }))
}

/** Applies what is missing. Safe to repeat. */
export async function migrateUp(client: Client): Promise<void> {
  await migrate(drizzle(client), { migrationsFolder: MIGRATIONS })
}

/** Applies what is missing up to this migration, and nothing after it. Safe to repeat. */
export async function migrateTo(client: Client, name: string): Promise<void> {
  const { entries, ...more } = journal()
  const wanted = entries.slice(0, entries.findIndex(({ tag }) => tag === name) + 1)
  const folder = mkdtempSync(join(tmpdir(), 'heliox-migrations-'))
  try {
    mkdirSync(join(folder, 'meta'))
    for (const { tag } of wanted) copyFileSync(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`))
    writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ ...more, entries: wanted }))
    await migrate(drizzle(client), { migrationsFolder: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Undoes the last applied migration in one transaction, and answers its name; null where none is applied. */
export async function rollbackLast(client: Client): Promise<string | null> {
  const last = (await migrationStatus(client)).findLast(({ isApplied }) => isApplied)
  if (!last) return null
  const { when } = journal().entries.find(({ tag }) => tag === last.name) ?? { when: 0 }
  const down = readFileSync(join(MIGRATIONS, `${last.name}.down.sql`), 'utf8')
  const statements = down.split('--> statement-breakpoint').map((sql) => sql.trim())
  await client.batch(
    [...statements, { sql: 'delete from __drizzle_migrations where created_at = ?', args: [BigInt(when)] }],
    'write',
  )
  return last.name
}

async function appliedAt(client: Client): Promise<number[]> {
  const known = await client.execute(`select 1 from sqlite_master where name = '__drizzle_migrations'`)
  if (known.rows.length === 0) return []
  const { rows } = await client.execute('select created_at from __drizzle_migrations')
  return rows.map((row) => Number(row.created_at))
}

function journal(): Journal {
  return JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as Journal
}

function openTarget(): { client: Client; where: string } {
  const { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken, HELIOX_DATA_DIR: dataDir = '.heliox' } = process.env
  if (url)
    return { client: createClient({ url, ...(authToken ? { authToken } : {}) }), where: new URL(url).host || url }
  mkdirSync(dataDir, { recursive: true })
  const file = resolve(dataDir, 'heliox.db')
  return { client: createClient({ url: pathToFileURL(file).href }), where: file }
}

async function main(command: string | undefined): Promise<void> {
  const { client, where } = openTarget()
  if (command === 'up') await migrateUp(client)
  else if (command === 'rollback')
    console.log(`Undid ${(await rollbackLast(client)) ?? 'nothing: no migration is applied'}`)
  else if (command !== 'status') throw new Error('usage: migrate.ts up | status | rollback')
  console.log(where)
  for (const { name, isApplied } of await migrationStatus(client))
    console.log(`  ${isApplied ? 'applied' : 'pending'}  ${name}`)
  client.close()
}

if (process.argv[1] && existsSync(process.argv[1]) && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.argv[2])
