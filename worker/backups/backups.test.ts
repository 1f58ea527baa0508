import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Client, createClient } from '@libsql/client'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { migrateTo, migrateUp, migrationStatus } from '../../db/local/migrate.ts'
import { restoreBackup } from '../local/restore-backup.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import type { Manifest } from './backup-file.ts'
import { checkBackup } from './read-backup.ts'
import { type Sink, writeBackup } from './write-backup.ts'

/** A place for the bytes of a backup; `isAborted` once nothing of it stays. */
function memorySink() {
  const pieces: Uint8Array[] = []
  const state = { isAborted: false, isClosed: false }
  const sink: Sink = {
    write: async (bytes) => void pieces.push(bytes),
    close: async () => {
      state.isClosed = true
    },
    abort: async () => {
      state.isAborted = true
    },
  }
  return { sink, state, bytes: () => Buffer.concat(pieces) }
}

const streamOf = (bytes: Uint8Array) => () => new Response(Buffer.from(bytes)).body as ReadableStream<Uint8Array>

async function backUp(client: Client): Promise<Buffer> {
  const { sink, bytes } = memorySink()
  await writeBackup(
    client,
    new Date('2026-03-01T12:00:00Z'),
    () => sink,
    () => undefined,
  )
  return bytes()
}

/** A database file of its own; nothing is in it yet. */
function otherDatabase(): Client {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-restored-'))
  const client = createClient({ url: pathToFileURL(join(folder, 'other.db')).href, intMode: 'bigint' })
  onTestFinished(() => {
    client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return client
}

/** Every table with its rows as SQLite has them, and every trigger, index and view. */
async function everything(client: Client): Promise<Record<string, unknown>> {
  const { rows } = await client.execute(`select name, type, sql from sqlite_master order by name`)
  const all: Record<string, unknown> = {}
  for (const { name, type, sql: text } of rows) {
    all[`${type} ${name}`] = text
    if (type !== 'table' || ['sessions', 'leases', '__drizzle_migrations'].includes(String(name))) continue
    const held = await client.execute(`select * from "${name}" `)
    all[`rows of ${name}`] = held.rows.map((row) => Object.values(row).map(String).join('|')).sort()
  }
  return all
}

/** Costs, jobs, tokens, people, keys, notes of the audit log, a number beyond 2^53, and text in every script. */
async function fullHeliox(): Promise<TestHeliox> {
  const heliox = await startHeliox()
  await heliox.as('developer')
  await heliox.send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd\n2026-02-01,aws,h100,28.000000001\n2026-02-02,gcp,a100,9999999.999999999\n',
  )
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n' +
      'job-1,research,llama,aws,h100,8,2026-02-01T01:00:00Z,2026-02-01T05:00:00Z,completed\n' +
      'job-2,Ünïcödé 🎉 "quoted",llama,aws,h100,2,2026-02-01T01:00:00Z,2026-02-01T09:00:00Z,failed\n',
  )
  await heliox.write('POST', '/api/v1/teams', {
    name: 'a\\b "c" ☃',
    description: 'a\\b\t"c" ☃',
    budget_usd: '90000000.123456789',
  })
  const { body } = await heliox.write('POST', '/api/v1/teams', { name: 'goes again' })
  await heliox.fetch(`/api/v1/teams/${body.id}`, { method: 'DELETE', headers: { 'if-match': `"${body.version}"` } })
  return heliox
}

test('a destroyed database comes back: every table, every total, every trigger, and ids go on where they were', async () => {
  const heliox = await fullHeliox()
  const before = await everything(heliox.db.$client)
  const file = await backUp(heliox.db.$client)
  const other = otherDatabase()
  const seen: string[] = []
  const { end } = await restoreBackup(other, streamOf(file), (step, rows, of) => seen.push(`${step} ${rows}/${of}`))
  expect(await everything(other)).toEqual(before)
  expect(seen).toEqual(
    expect.arrayContaining([
      `check ${end.rows}/${end.rows}`,
      `load ${end.rows}/${end.rows}`,
      `compare ${end.rows}/${end.rows}`,
    ]),
  )
  const total = (table: string, column: string) => end.tables.find(({ name }) => name === table)?.totals[column]
  expect(total('cost_entries', 'billed_nano_usd')).toBe('10000028000000000') // 28.000000001 + 9,999,999.999999999
  expect(total('teams', 'budget_nano_usd')).toBe('90000000123456789') // beyond 2^53
  const teams = before['rows of teams'] as unknown[]
  expect(teams).toHaveLength(3)
  await other.execute(`insert into teams (name, description, created_at_ms) values ('next', '', 0)`)
  const [next] = (await other.execute(`select max(id) as id from teams`)).rows
  expect(next?.id).toBe(5n) // 4 was given away once
})

test('sessions stay out of a backup, and password hashes and sealed secrets are in it', async () => {
  const heliox = await startHeliox()
  await heliox.as('viewer')
  const text = gunzipSync(await backUp(heliox.db.$client)).toString()
  const manifest = JSON.parse(text.slice(0, text.indexOf('\n'))) as Manifest
  expect(manifest.leftOut).toEqual(['sessions', 'leases', '__drizzle_migrations'])
  expect(manifest.tables.map(({ name }) => name)).not.toContain('sessions')
  expect(manifest.tables.find(({ name }) => name === 'users')?.columns).toContain('password_hash')
  expect(manifest.schema).toBe((await migrationStatus(heliox.db.$client)).at(-1)?.name)
})

test('a backup is of one instant: what is written while it is made is not in it', async () => {
  const heliox = await fullHeliox()
  const before = await everything(heliox.db.$client)
  const { sink, bytes } = memorySink()
  let wrote = false
  await writeBackup(
    heliox.db.$client,
    new Date(0),
    () => sink,
    async () => {
      if (wrote) return
      wrote = true
      await heliox.db.run(sql`insert into teams (name, description, created_at_ms) values ('too late', '', 0)`)
      await heliox.db.run(sql`update users set name = 'changed meanwhile'`)
    },
  )
  expect(wrote).toBe(true)
  const other = otherDatabase()
  await restoreBackup(other, streamOf(bytes()))
  expect(await everything(other)).toEqual(before)
})

test('where the server ends long transactions, all is read twice, and a change between makes it read again', async () => {
  const heliox = await fullHeliox()
  const client = heliox.db.$client
  let questions = 0
  const impatient = new Proxy(client, {
    get: (target, name) => {
      if (name === 'transaction')
        return async () => ({
          closed: false,
          close: () => undefined,
          execute: async (statement: Parameters<Client['execute']>[0]) => {
            questions += 1
            if (questions > 20) throw Object.assign(new Error('gone'), { code: 'STREAM_EXPIRED' })
            return client.execute(statement)
          },
        })
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const sinks: ReturnType<typeof memorySink>[] = []
  let changes = 0
  const open = () => {
    const made = memorySink()
    sinks.push(made)
    return made.sink
  }
  const change = async (rows: number, of: number) => {
    // In the second reading alone, once the tables that change have been read.
    if (sinks.length !== 2 || changes > 0 || rows < of) return
    changes += 1
    await heliox.db.run(sql`update users set name = 'changed meanwhile'`)
    await heliox.db.run(sql`update teams set description = 'changed meanwhile'`)
  }
  await writeBackup(impatient, new Date(0), open, change)
  expect(sinks.map(({ state }) => state)).toEqual([
    { isAborted: true, isClosed: false },
    { isAborted: true, isClosed: false },
    { isAborted: false, isClosed: true },
  ])
  const other = otherDatabase()
  await restoreBackup(other, streamOf(sinks.at(-1)?.bytes() ?? Buffer.of()))
  expect(await everything(other)).toEqual(await everything(client))
  const restless = async () => {
    await heliox.db.run(sql`insert into models (name) values (${crypto.randomUUID()})`)
  }
  questions = 0
  await expect(writeBackup(impatient, new Date(0), open, restless)).rejects.toMatchObject({
    code: 'backups.no_snapshot',
  })
  expect(sinks.slice(3).every(({ state }) => state.isAborted && !state.isClosed)).toBe(true)
})

test('a file that is cut anywhere, has one byte changed, or is something else is refused and changes nothing', async () => {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-02-01,aws,h100,28\n')
  const file = await backUp(heliox.db.$client)
  const other = otherDatabase()
  const refusal = async (bytes: Uint8Array) => {
    const error = await restoreBackup(other, streamOf(bytes)).then(
      () => null,
      (thrown: { code?: string }) => thrown.code ?? String(thrown),
    )
    const { rows } = await other.execute('select count(*) as n from sqlite_master')
    return [error, rows[0]?.n]
  }
  const wrong: readonly string[] = ['backups.damaged', 'backups.no_backup']
  for (let at = 0; at < file.length; at += Math.ceil(file.length / 12)) {
    const [cut, left] = await refusal(file.subarray(0, at))
    expect([at, wrong.includes(String(cut)), left]).toEqual([at, true, 0n])
  }
  for (let at = 10; at < file.length; at += Math.ceil(file.length / 24)) {
    const flipped = Buffer.from(file)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    const [changed, left] = await refusal(flipped)
    expect([at, wrong.includes(String(changed)), left]).toEqual([at, true, 0n])
  }
  const text = gunzipSync(file).toString()
  const lines = text.trimEnd().split('\n')
  const rezipped = (all: readonly string[]) => gzipSync(all.map((line) => `${line}\n`).join(''))
  const cases: [string, string, Uint8Array][] = [
    ['text', 'backups.no_backup', Buffer.from('date,cost\n')],
    ['another gzip', 'backups.no_backup', gzipSync('{"a":1}\n')],
    ['an amount changed', 'backups.damaged', gzipSync(text.replaceAll('28000000000', '29000000000'))],
    [
      'a row less',
      'backups.damaged',
      rezipped(lines.filter((line) => !line.startsWith('["aws') && !/^\[1,"aws"/.test(line))),
    ],
    ['no end', 'backups.damaged', rezipped(lines.slice(0, -1))],
    ['more after the end', 'backups.damaged', rezipped([...lines, '[1]'])],
    ['a newer file', 'backups.newer_file', gzipSync(text.replace('"helioxBackup":1', '"helioxBackup":2'))],
    ['a newer schema', 'backups.newer_schema', gzipSync(withSchema(text, '9999_later'))],
    ['the first line changed', 'backups.damaged', gzipSync(text.replace(/"version":"[^"]+"/, '"version":"0.0.0"'))],
  ]
  for (const [what, code, bytes] of cases) expect([what, ...(await refusal(bytes))]).toEqual([what, code, 0n])
  await restoreBackup(other, streamOf(file))
})

test('a database with rows is refused and stays as it was; one with every migration and no rows is taken', async () => {
  const heliox = await fullHeliox()
  const file = await backUp(heliox.db.$client)
  const before = await everything(heliox.db.$client)
  await expect(restoreBackup(heliox.db.$client, streamOf(file))).rejects.toMatchObject({ code: 'restore.not_empty' })
  expect(await everything(heliox.db.$client)).toEqual(before)
  const migrated = otherDatabase()
  await migrateUp(migrated)
  await restoreBackup(migrated, streamOf(file))
  expect(await everything(migrated)).toEqual(before)
})

test('a backup of an older schema is loaded into that schema and migrated on', async () => {
  const heliox = await startHeliox()
  const [last, older] = (await migrationStatus(heliox.db.$client)).reverse()
  const old = otherDatabase()
  await migrateTo(old, older?.name ?? '')
  await old.execute(`insert into teams (name, description, created_at_ms) values ('from before', '', 7)`)
  const file = await backUp(old)
  expect((await checkBackup(streamOf(file)())).manifest.schema).toBe(older?.name)
  for (const target of [otherDatabase(), await migratedDatabase()]) {
    await restoreBackup(target, streamOf(file))
    expect((await migrationStatus(target)).every(({ isApplied }) => isApplied)).toBe(true)
    const { rows } = await target.execute('select name, created_at_ms from teams')
    expect(rows.map((row) => Object.values(row))).toEqual([['from before', 7n]])
  }
  expect(last?.isApplied).toBe(true)
})

async function migratedDatabase(): Promise<Client> {
  const client = otherDatabase()
  await migrateUp(client)
  return client
}

test('a load that fails half-way leaves the database as empty as it was', async () => {
  const heliox = await fullHeliox()
  const file = await backUp(heliox.db.$client)
  const other = await migratedDatabase()
  const before = await everything(other)
  let loads = 0
  const full = new Proxy(other, {
    get: (target, name) => {
      const value = Reflect.get(target, name)
      if (name !== 'migrate') return typeof value === 'function' ? value.bind(target) : value
      return async (statements: Parameters<Client['migrate']>[0]) => {
        loads += 1
        if (loads === 12) throw new Error('disk full')
        return target.migrate(statements)
      }
    },
  })
  await expect(restoreBackup(full, streamOf(file))).rejects.toThrow('disk full')
  expect(await everything(other)).toEqual(before)
  await restoreBackup(other, streamOf(file))
})

/** The same backup, as an honest Heliox with that schema would have written it. */
function withSchema(text: string, schema: string): string {
  const [first = '', ...others] = text.trimEnd().split('\n')
  const manifest = `${first.replace(/"schema":"\w+"/, `"schema":"${schema}"`)}\n`
  const sha256 = createHash('sha256').update(manifest).digest('hex')
  return `${manifest}${others.join('\n').replace(/"manifestSha256":"\w+"/, `"manifestSha256":"${sha256}"`)}\n`
}

test('the documented estate comes back as 28 entries, 30 jobs and 3 teams, with the same bill and shares', async () => {
  const heliox = await startHeliox()
  for (const what of ['cost', 'jobs']) await heliox.write('POST', `/api/v1/admin/ingest/${what}/mock`)
  const file = await backUp(heliox.db.$client)
  const figures = async (client: Client) => {
    const { rows } = await client.execute(`select (select count(*) from cost_entries) as entries,
      (select count(*) from jobs) as jobs, (select count(*) from teams) as teams,
      (select sum(billed_nano_usd) from ledger_costs) as billed, (select sum(allocation_nano_usd) from ledger_cells) as shared`)
    return { ...rows[0] }
  }
  const before = await figures(heliox.db.$client)
  const other = otherDatabase()
  await restoreBackup(other, streamOf(file))
  expect(await figures(other)).toEqual(before)
  expect(before).toMatchObject({ entries: 28n, jobs: 30n, teams: 3n, billed: 52_073_580_000_000n })
})
