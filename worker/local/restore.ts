/**
 * `npm run restore -- FILE`: fills an empty database with a backup: the one at DATABASE_URL, or that of a data folder
 * (HELIOX_DATA_DIR) which has none yet. There it is made beside and takes its name when all of it is proved.
 */
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { expected, HelioxError } from '../errors.ts'
import { progressBar } from './progress-bar.ts'
import { type Restored, restoreBackup } from './restore-backup.ts'
import { leaveDataDir, takeDataDir } from './running.ts'
import { SETTINGS } from './settings.ts'
import { sumsTable } from './sums-table.ts'

const STEPS = { check: 'Reading', load: 'Storing', compare: 'Comparing' } as const
const bar = progressBar()
const dataDir = resolve(SETTINGS.dataDir)

try {
  const [given] = process.argv.slice(2)
  if (given === undefined) throw new Error('Which backup? npm run restore -- FILE')
  const file = resolve(process.env.INIT_CWD ?? '.', given)
  if (!existsSync(file) || !statSync(file).isFile()) throw new Error(`${file} is no file.`)
  const { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken } = process.env
  const restored = url ? await intoUrl(file, url, authToken) : await intoFolder(file)
  bar.end()
  const { madeAt, schema } = restored.manifest
  console.log(`Restored ${file}, made ${madeAt} with the schema ${schema}, into ${url ? new URL(url).host : dataDir}`)
  console.log(`Count, checksum and totals of each table are those of the backup:\n${sumsTable(restored.end)}`)
} catch (error) {
  bar.end()
  const known = expected(error)
  console.error(known?.message ?? (error instanceof Error ? error.message : String(error)))
  if (known?.code !== 'restore.not_undone') console.error('Nothing was changed.')
  process.exitCode = 1
}

async function intoUrl(file: string, url: string, authToken: string | undefined): Promise<Restored> {
  const client = createClient({ url, intMode: 'bigint', ...(authToken ? { authToken } : {}) })
  const restored = await restoreBackup(client, () => bytesOf(file), show)
  client.close()
  return restored
}

async function intoFolder(file: string): Promise<Restored> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  takeDataDir(dataDir)
  try {
    const target = join(dataDir, 'heliox.db')
    if (existsSync(target)) {
      const message = `${target} is there already: a backup goes into a data folder without a database`
      throw new HelioxError('conflict', 'restore.not_empty', message)
    }
    return await besides(file, target)
  } finally {
    leaveDataDir(dataDir)
  }
}

async function besides(file: string, target: string): Promise<Restored> {
  const beside = `${target}.restoring`
  const forget = () => {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${beside}${end}`, { force: true })
  }
  forget() // what a restore left that was killed
  try {
    const client = createClient({ url: pathToFileURL(beside).href, intMode: 'bigint' })
    await client.execute('pragma synchronous = off') // it is flushed once, when it is whole
    const restored = await restoreBackup(client, () => bytesOf(file), show)
    client.close()
    const handle = await open(beside, 'r+')
    await handle.sync()
    await handle.close()
    renameSync(beside, target)
    return restored
  } catch (error) {
    forget()
    throw error
  }
}

function bytesOf(file: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>
}

function show(step: keyof typeof STEPS, rows: number, of: number): void {
  bar.show(STEPS[step], rows, of)
}
