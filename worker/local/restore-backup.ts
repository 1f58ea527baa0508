import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Client, createClient } from '@libsql/client'
import { migrateTo, migrateUp, migrationStatus, rollbackLast } from '../../db/local/migrate.ts'
import { type BackedUpTable, type End, LEFT_OUT, type Manifest, SEQUENCES } from '../backups/backup-file.ts'
import { checkBackup, readBackup } from '../backups/read-backup.ts'
import { tableLines, tableSum } from '../backups/table-lines.ts'
import { loadSql, quoted } from '../backups/table-sql.ts'
import { rowsOf, tablesIn } from '../backups/tables-in.ts'
import { HelioxError } from '../errors.ts'

/** What a restore is doing, and how far it is. */
export type Step = 'check' | 'load' | 'compare'
export type OnStep = (step: Step, rows: number, of: number) => void
export type Restored = { manifest: Manifest; end: End }

/** Lines are stored once so many characters have come. */
const LOADED_CHARS = 1_000_000
/** Where a restore was killed, this is left in the database. */
const MARK = 'heliox_restoring'

/**
 * Fills an empty database with a backup: reads the whole file first, brings the schema to the file's, loads, compares every
 * table's count, checksum and totals with the file's, and migrates on. `open` is called twice. A database that is refused is
 * as it was; one in which loading fails is emptied again.
 * @throws HelioxError invalid `backups.damaged`, … (see `readBackup`), `backups.newer_schema`; conflict `restore.not_empty`,
 * `restore.was_cut`; unavailable `restore.not_equal`, `restore.not_undone`
 */
export async function restoreBackup(
  client: Client,
  open: () => ReadableStream<Uint8Array>,
  onStep: OnStep = () => undefined,
): Promise<Restored> {
  const checked = await check(open, onStep)
  await requireEmpty(client)
  await toSchema(client, checked.manifest.schema)
  const triggers = await triggersIn(client)
  const seeds = await seedsIn(client)
  await client.batch(
    [`create table ${MARK} (id integer primary key)`, ...triggers.map(({ name }) => `drop trigger ${quoted(name)}`)],
    'write',
  )
  try {
    await load(client, checked.manifest, open, onStep)
    await compare(client, checked, onStep)
  } catch (error) {
    await undo(client, checked.manifest.tables, seeds, triggers).catch((cause: unknown) => {
      const message = 'What had come into the database could not be taken out of it again: take a new one'
      throw new HelioxError('unavailable', 'restore.not_undone', message, { details: [String(error)], cause })
    })
    throw error
  }
  await finish(client, triggers)
  await migrateUp(client)
  return checked
}

type Seed = { table: BackedUpTable; text: string }

/** As it was: empty but for what migrations put there. */
async function undo(
  client: Client,
  tables: readonly BackedUpTable[],
  seeds: readonly Seed[],
  triggers: readonly Trigger[],
): Promise<void> {
  await empty(client, tables)
  for (const { table, text } of seeds) await store(client, table, text.trimEnd().split('\n'))
  await finish(client, triggers)
}

async function check(open: () => ReadableStream<Uint8Array>, onStep: OnStep): Promise<Restored> {
  const known = await knownSchemas()
  const checked = await checkBackup(open(), (rows, of) => onStep('check', rows, of))
  requireKnownSchema(checked.manifest, known)
  return checked
}

function requireKnownSchema({ schema, version }: Manifest, known: readonly string[]): void {
  if (known.includes(schema)) return
  const message = `The backup is of Heliox ${version} with the schema ${schema}, which this one does not know: upgrade it first`
  throw new HelioxError('invalid', 'backups.newer_schema', message)
}

/** A database of its own with every migration, for what it holds before anybody has used it. */
async function withFresh<T>(work: (fresh: Client) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-fresh-'))
  const fresh = createClient({ url: pathToFileURL(join(folder, 'fresh.db')).href, intMode: 'bigint' })
  try {
    return await work(fresh)
  } finally {
    fresh.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function knownSchemas(): Promise<string[]> {
  return withFresh(async (fresh) => (await migrationStatus(fresh)).map(({ name }) => name))
}

/** Nothing at all, or what migrations put there and no more. */
async function requireEmpty(client: Client): Promise<void> {
  const [mark] = await rowsOf(client, 'select 1 from sqlite_master where name = ?', [MARK])
  if (mark)
    throw new HelioxError('conflict', 'restore.was_cut', 'A restore was cut off in this database: take a new one')
  const [any] = await rowsOf(client, `select 1 from sqlite_master where type = 'table' limit 1`)
  if (!any) return
  const untouched = await withFresh(async (fresh) => {
    await migrateUp(fresh)
    return new Map((await tablesIn(fresh)).map(({ name, rows }) => [name, rows]))
  })
  const counts = [...(await tablesIn(client)), ...(await leftOutIn(client))]
  for (const { name, rows } of counts) {
    if (name === SEQUENCES || rows <= (untouched.get(name) ?? 0)) continue
    const message = `The database is not empty: ${name} has ${rows} row${rows === 1 ? '' : 's'}. A backup goes into an empty one`
    throw new HelioxError('conflict', 'restore.not_empty', message)
  }
}

async function leftOutIn(client: Client): Promise<{ name: string; rows: number }[]> {
  const counts: { name: string; rows: number }[] = []
  for (const name of LEFT_OUT.filter((one) => !one.startsWith('__'))) {
    const [there] = await rowsOf(client, 'select 1 from sqlite_master where name = ?', [name])
    if (!there) continue
    const [row] = await rowsOf(client, `select count(*) as n from ${quoted(name)}`)
    counts.push({ name, rows: Number(row?.n ?? 0) })
  }
  return counts
}

/** Exactly the schema of the backup: an empty database goes back as easily as on. */
async function toSchema(client: Client, schema: string): Promise<void> {
  await migrateTo(client, schema)
  for (;;) {
    const last = (await migrationStatus(client)).findLast(({ isApplied }) => isApplied)
    if (last === undefined || last.name === schema) return
    await rollbackLast(client)
  }
}

type Trigger = { name: string; sql: string }

async function triggersIn(client: Client): Promise<Trigger[]> {
  const rows = await rowsOf(client, `select name, sql from sqlite_master where type = 'trigger' order by name`)
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }))
}

async function seedsIn(client: Client): Promise<Seed[]> {
  const seeds: Seed[] = []
  for (const table of await tablesIn(client)) {
    let text = ''
    for await (const lines of tableLines(client, table)) text += lines.text
    if (text !== '') seeds.push({ table, text })
  }
  return seeds
}

async function load(
  client: Client,
  { tables }: Manifest,
  open: () => ReadableStream<Uint8Array>,
  onStep: OnStep,
): Promise<void> {
  await empty(client, tables)
  const of = tables.reduce((sum, { rows }) => sum + rows, 0)
  let [rows, chars] = [0, 0]
  let held: string[] = []
  let into: BackedUpTable | null = null
  const flush = async () => {
    if (!into || held.length === 0) return
    await store(client, into, held)
    rows += held.length
    onStep('load', rows, of)
    ;[held, chars] = [[], 0]
  }
  for await (const part of readBackup(open())) {
    if (part.part !== 'rows') continue
    if (part.table.name !== into?.name) {
      await flush()
      into = part.table
    }
    for (const line of part.lines) {
      held.push(line)
      chars += line.length
      if (chars >= LOADED_CHARS) await flush()
    }
  }
  await flush()
  const [orphan] = await rowsOf(client, 'select "table" as name, parent from pragma_foreign_key_check() limit 1')
  if (orphan) throw notEqual(`a row of ${orphan.name} belongs to one of ${orphan.parent} that is not there`)
}

/** One transaction; whose rows belong to whose is looked at when all are there. */
async function store(client: Client, table: BackedUpTable, lines: readonly string[]): Promise<void> {
  const before = table.name === SEQUENCES ? [`delete from ${SEQUENCES}`] : [] // loading the others has moved it
  await client.migrate([...before, { sql: loadSql(table), args: [`[${lines.join(',')}]`] }])
}

async function empty(client: Client, tables: readonly BackedUpTable[]): Promise<void> {
  await client.migrate(tables.map(({ name }) => `delete from ${quoted(name)}`))
}

async function finish(client: Client, triggers: readonly Trigger[]): Promise<void> {
  await client.batch([...triggers.map(({ sql }) => sql), `drop table ${MARK}`], 'write')
}

async function compare(client: Client, { manifest, end }: Restored, onStep: OnStep): Promise<void> {
  let rows = 0
  for (const [at, table] of manifest.tables.entries()) {
    const said = end.tables[at]
    const found = await tableSum(client, table, (more) => {
      rows += more
      onStep('compare', rows, end.rows)
    })
    if (found.rows !== said?.rows) throw notEqual(`${table.name} has ${found.rows} of ${said?.rows} rows`)
    if (found.sha256 !== said.sha256) throw notEqual(`the rows of ${table.name} are not those of the backup`)
    if (JSON.stringify(found.totals) !== JSON.stringify(said.totals))
      throw notEqual(`the totals of ${table.name} are not those of the backup`)
  }
}

function notEqual(how: string): HelioxError {
  return new HelioxError('unavailable', 'restore.not_equal', `What was stored is not what the backup holds: ${how}`)
}
