import { createHash } from 'node:crypto'
import type { Client } from '@libsql/client/web'
import journal from '../../db/migrations/meta/_journal.json' with { type: 'json' }
import packageManifest from '../../package.json' with { type: 'json' }
import { HelioxError, rootCause } from '../errors.ts'
import { type End, FILE_VERSION, LEFT_OUT, type Manifest, type TableSum } from './backup-file.ts'
import { tableLines, tableSum } from './table-lines.ts'
import { type Asks, rowsOf, tablesIn } from './tables-in.ts'

/** Where the bytes of a backup go. */
export type Sink = { write(bytes: Uint8Array): Promise<void>; close(): Promise<void>; abort(): Promise<void> }
/** So many rows of how many have been written. */
export type Progress = (rows: number, of: number) => void | Promise<void>
export type Written = { manifest: Manifest; end: End; bytes: number; sha256: string }

/** A database that is written all the time is read so often before one gives up. */
const MOST_TRIES = 3

/**
 * Writes what the database holds at one instant to a sink as gzip, page by page. Reads in one transaction; where the server
 * ends that before its time (a hosted one may after 5 s), everything is read twice without one: what is the same both
 * times was so at the instant between. See docs/decisions/0010-backups.md. A sink is closed whole, or aborted.
 * @throws HelioxError unavailable `backups.no_snapshot`
 */
export async function writeBackup(
  client: Client,
  madeAt: Date,
  open: () => Sink,
  progress: Progress,
): Promise<Written> {
  const once = await inTransaction(client, (asks) => written(asks, madeAt, open, progress, async () => true))
  if (once) return once
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const twice = await written(client, madeAt, open, progress, (sums) => isUnchanged(client, sums))
    if (twice) return twice
  }
  throw new HelioxError(
    'unavailable',
    'backups.no_snapshot',
    'The database could not be read at one instant: it ends long readings and is written to all the time. Back up a branch of it, see docs/backups.md',
  )
}

/** Null: the server ended the transaction. */
async function inTransaction<T>(client: Client, work: (asks: Asks) => Promise<T>): Promise<T | null> {
  const transaction = await client.transaction('read')
  try {
    return await work(transaction)
  } catch (error) {
    if (isLost(error) || transaction.closed) return null
    throw error
  } finally {
    transaction.close()
  }
}

/** What servers and the client say of a transaction that is no more. */
function isLost(error: unknown): boolean {
  const cause = rootCause(error)
  const said = `${(cause as { code?: unknown })?.code} ${String(cause)}`
  return /TRANSACTION_TIMEOUT|TRANSACTION_CLOSED|STREAM_EXPIRED|HRANA_CLOSED|stream (not found|expired)|timed? ?out/i.test(
    said,
  )
}

type Table = Manifest['tables'][number]
type Sums = { table: Table; sum: TableSum }[]

async function isUnchanged(asks: Asks, sums: Sums): Promise<boolean> {
  for (const { table, sum } of sums) {
    const again = await tableSum(asks, table, () => undefined)
    if (again.sha256 !== sum.sha256) return false
  }
  return true
}

/** Null: what was written is not of one instant, and the sink was aborted. */
async function written(
  asks: Asks,
  madeAt: Date,
  open: () => Sink,
  progress: Progress,
  isOneInstant: (sums: Sums) => Promise<boolean>,
): Promise<Written | null> {
  const sums: Sums = []
  let manifest: Manifest | null = null
  let end: End | null = null
  async function* text(): AsyncGenerator<string> {
    manifest = await manifestOf(asks, madeAt)
    const of = manifest.tables.reduce((sum, { rows }) => sum + rows, 0)
    const line = `${JSON.stringify(manifest)}\n`
    yield line
    let rows = 0
    for (const table of manifest.tables) {
      yield `${JSON.stringify({ table: table.name })}\n`
      const lines = tableLines(asks, table)
      let next = await lines.next()
      for (; !next.done; next = await lines.next()) {
        yield next.value.text
        rows += next.value.rows
        await progress(rows, of)
      }
      sums.push({ table, sum: next.value })
    }
    const manifestSha256 = createHash('sha256').update(line).digest('hex')
    end = { end: true, manifestSha256, rows, tables: sums.map(({ sum }) => sum) }
    yield `${JSON.stringify(end)}\n`
  }
  const sink = open()
  try {
    const hash = createHash('sha256')
    let bytes = 0
    const reader = gzipped(text()).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      hash.update(next.value)
      bytes += next.value.byteLength
      await sink.write(next.value)
    }
    // Rows that came between the counting and the reading: no snapshot, even where nothing came after.
    const isCounted = sums.every(({ table, sum }) => table.rows === sum.rows)
    if (!manifest || !end || !isCounted || !(await isOneInstant(sums))) {
      await sink.abort()
      return null
    }
    await sink.close()
    return { manifest, end, bytes, sha256: hash.digest('hex') }
  } catch (error) {
    await sink.abort().catch(() => undefined) // what went wrong first is what is told
    throw error
  }
}

async function manifestOf(asks: Asks, madeAt: Date): Promise<Manifest> {
  const [row] = await rowsOf(asks, 'select max(created_at) as at from __drizzle_migrations')
  const schema = journal.entries.find(({ when }) => when === Number(row?.at))?.tag
  if (schema === undefined)
    throw new HelioxError('conflict', 'backups.unknown_schema', 'The database is of a newer Heliox than this one')
  return {
    ...{ helioxBackup: FILE_VERSION, madeAt: madeAt.toISOString(), version: packageManifest.version, schema },
    ...{ leftOut: [...LEFT_OUT], tables: await tablesIn(asks) },
  }
}

/** No faster than it is read. */
function gzipped(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const plain = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await text.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await text.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
  const gzip = new CompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>
  return plain.pipeThrough(gzip)
}
