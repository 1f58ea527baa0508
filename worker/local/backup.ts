/**
 * `npm run backup [-- FILE]`: what the database holds at this instant, as a file that `npm run restore` takes. Of DATABASE_URL,
 * or of the embedded file of a local run, which may be running.
 */
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { checkBackup } from '../backups/read-backup.ts'
import { type Sink, writeBackup } from '../backups/write-backup.ts'
import { expected } from '../errors.ts'
import { progressBar } from './progress-bar.ts'
import { SETTINGS } from './settings.ts'
import { sumsTable } from './sums-table.ts'

const madeAt = new Date()
const bar = progressBar()
const given = process.argv[2] ?? `heliox-${madeAt.toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson.gz`
const file = resolve(process.env.INIT_CWD ?? '.', given) // npm changes the folder

try {
  if (existsSync(file)) throw new Error(`${file} is there already: name another file.`)
  const client = openDatabase()
  const { bytes, end, sha256 } = await writeBackup(
    client,
    madeAt,
    () => fileSink(`${file}.part`),
    async (rows, of) => {
      bar.show('Writing', rows, of)
      await nextTurn() // an embedded file never yields, and nothing native would be freed
    },
  )
  client.close()
  const body = Readable.toWeb(createReadStream(`${file}.part`)) as ReadableStream<Uint8Array>
  await checkBackup(body, (rows, of) => bar.show('Reading', rows, of))
  await rename(`${file}.part`, file)
  bar.end()
  console.log(
    `${file}\n  ${bytes.toLocaleString('en-US')} bytes, read back and whole, SHA-256 ${sha256}\n${sumsTable(end)}`,
  )
} catch (error) {
  bar.end()
  rmSync(`${file}.part`, { force: true })
  console.error(expected(error)?.message ?? (error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
}

function openDatabase() {
  const { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken } = process.env
  if (url) return createClient({ url, intMode: 'bigint', ...(authToken ? { authToken } : {}) })
  const database = join(resolve(SETTINGS.dataDir), 'heliox.db')
  if (!existsSync(database)) throw new Error(`${database} is not there: set HELIOX_DATA_DIR or DATABASE_URL.`)
  return createClient({ url: pathToFileURL(database).href, intMode: 'bigint' })
}

/** Readable by its owner alone: a backup holds all that the database does. */
function fileSink(path: string): Sink {
  const opened = open(path, 'w', 0o600)
  opened.catch(() => undefined) // told where it is first needed
  return {
    write: async (bytes) => void (await (await opened).write(bytes)),
    close: async () => {
      const handle = await opened
      await handle.sync()
      await handle.close()
    },
    abort: async () => {
      await (await opened).close()
      rmSync(path, { force: true })
    },
  }
}
