import { eq, type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { type ImportStatus, imports } from '../../db/schema/ingest.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { noteStatement } from '../audit/note.ts'
import { expected, HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { changedOthers } from './changed-others.ts'
import { type ImportView, readImport } from './import-view.ts'
import type { Importer } from './importers/importer.ts'
import { importerOf } from './importers/index.ts'
import type { BodyProgress } from './read-body.ts'
import type { Said } from './read-options.ts'
import { replacedWords } from './store-bills.ts'
import { Tally } from './tally.ts'

/** A larger file's staged rows are left to the clock (`forgetStaged`): its sender should not wait for the clearing up. */
const FORGOTTEN_AT_ONCE = 20_000

/** An import under way: its row, what it reads, and what it has counted. */
export type OpenImport = {
  readonly id: ImportId
  readonly row: bigint
  readonly importer: Importer
  readonly source: string
  readonly part: string
  readonly isDryRun: boolean
  /** Up to here jobs that still run are counted. */
  readonly startedAtMs: EpochMs
  readonly tally: Tally
  /** Bytes received so far, for the progress that the page shows. */
  readonly progress: BodyProgress
  /** Rows that an earlier reading has staged, and the mark of them; 0 for a new import. */
  readonly cursor: { rows: number; mark: string }
  /** Rows that a dry run could not match with anything that is stored: new ones. */
  readonly unheardOf: { rows: number }
  /** Sentences that its sender should read beside the counts. */
  readonly remarks: string[]
}

type Asked = Said & {
  source: string | null
  part: string
  fileName: string
  recognisedBy: string
  isDryRun: boolean
  progress: BodyProgress
}

/** Begins an import: its row stands in the list from here on. */
export async function openImport({ db, now, actor }: Scope, importer: Importer, asked: Asked): Promise<OpenImport> {
  const startedAtMs = now()
  const user = actor.userId === null ? null : BigInt(rowOf('user', actor.userId) ?? 0)
  const key = actor.keyId === null ? null : BigInt(rowOf('key', actor.keyId) ?? 0)
  const source = asked.source ?? importer.defaultSource
  const { part, isDryRun, progress } = asked
  const [created] = await db.all<{ id: bigint }>(sql`
    insert into imports (format, source, part, provider, currency, time_zone, file_name, recognised_by, bytes_expected,
      status, is_dry_run, user_id, key_id, actor, started_at_ms, progressed_at_ms)
    values (${importer.id}, ${source}, ${part}, ${asked.provider}, ${asked.currency}, ${asked.timeZone},
      ${asked.fileName}, ${asked.recognisedBy}, ${BigInt(progress.declaredBytes ?? 0)}, 'reading',
      ${isDryRun ? 1n : 0n}, ${user}, ${key}, ${actor.label}, ${BigInt(startedAtMs)}, ${BigInt(startedAtMs)})
    returning id`)
  const row = created?.id ?? 0n
  return {
    ...{ id: idText('imp', row), row, importer, source, part, isDryRun, startedAtMs, tally: new Tally(), progress },
    ...{ cursor: { rows: 0, mark: '' }, unheardOf: { rows: 0 }, remarks: [] },
  }
}

/**
 * Takes up an import that broke off, or that waits in the queue, as this reader's own; null: somebody else has. One that
 * was read whole brings its counts along and needs no file. Whose it is has been asked before.
 */
export async function reopenImport(
  { db, now }: Scope,
  id: ImportId,
  progress: BodyProgress,
): Promise<OpenImport | null> {
  const row = BigInt(rowOf('imp', id) ?? 0)
  const { rowsAffected } = await db.run(sql`update imports set status = iif(is_read_whole, 'storing', 'reading'),
    attempts = attempts + 1, finished_at_ms = null, message = '', progressed_at_ms = ${BigInt(now())}
    where id = ${row} and status in ('queued', 'interrupted')`)
  if (rowsAffected !== 1) return null
  const [stored] = await db.select().from(imports).where(eq(imports.id, id))
  if (!stored) return null
  const { source, part, isDryRun, startedAtMs, isReadWhole, cursorRows: rows, cursorMark: mark } = stored
  return {
    ...{ id, row, importer: importerOf(stored.format), source, part, isDryRun, startedAtMs, progress },
    ...{
      tally: isReadWhole ? Tally.of(stored) : new Tally(),
      cursor: { rows, mark },
      unheardOf: { rows: 0 },
      remarks: [],
    },
  }
}

/**
 * Ends an import whose rows are all stored or quarantined, and says so in words.
 * @throws HelioxError conflict `ingest.interrupted` if somebody has cleared up after it in the meantime
 */
export async function finishImport(scope: Scope, open: OpenImport): Promise<ImportView> {
  const { rowsRead, failed } = open.tally
  const { inserted, updated, unchanged, removed } = await readImport(scope.db, open.id)
  if (inserted + updated + failed !== rowsRead) throw interrupted()
  const others = updated > unchanged ? await changedOthers(scope.db, open) : null
  if (others) open.remarks.push(others)
  const replaced = open.importer.isBill && !open.isDryRun ? await replacedWords(scope.db, open.row) : ''
  if (replaced) open.remarks.push(replaced)
  if (removed > 0)
    open.remarks.push(
      `${removed} ${removed === 1 ? 'row' : 'rows'} of the bill it replaces ${open.isDryRun ? 'would be' : removed === 1 ? 'is' : 'are'} gone`,
    )
  const words = [...open.remarks, open.tally.otherMoneyWords(), open.tally.tokenWords()]
  const end = words.map((remark) => remark && `. ${remark}`).join('')
  const rows = `${rowsRead} ${rowsRead === 1 ? 'row' : 'rows'}`
  const stored = open.isDryRun ? 'would be stored' : 'stored'
  if (failed === 0) return close(scope, open, 'success', `${rows} ${stored}${end}`)
  const some = `${rowsRead - failed} of ${rows} ${stored}, ${failed} quarantined`
  if (failed < rowsRead) return close(scope, open, 'partial_success', `${some}${end}`)
  const none = `No row of ${rowsRead} could be ${open.isDryRun ? 'read' : 'stored'}; the reasons are listed${end}`
  return close(scope, open, 'failed', none)
}

/**
 * Closes an import that an error has ended. What was refused with words is over, and what was staged is forgotten; what
 * broke off (a connection, a database) is kept for a day, to be taken up where it stands. The words of an unexpected
 * error stay in the log.
 */
export async function failImport(scope: Scope, open: OpenImport, error: unknown, isStrict = false): Promise<void> {
  const known = expected(error)
  // The right file may still come: what is staged is not touched by the wrong one.
  if (known?.code === 'ingest.not_the_same_file') return breakOff(scope, open)
  const isRefused = known !== null && known.kind !== 'unavailable'
  const closing = isRefused || isStrict || open.isDryRun ? closeRefused(scope, open, known) : breakOff(scope, open)
  await closing.catch((second: unknown) => {
    scope.log.error('import.close_failed', { importId: open.id, error: String(second) })
  })
}

async function closeRefused(scope: Scope, open: OpenImport, error: HelioxError | null): Promise<void> {
  if (error?.code === 'ingest.interrupted') return // it is somebody else's by now
  // Calls are stored as they are read, so a file that is refused half-way keeps those before.
  if (open.importer.kind !== 'tokens') open.tally.nothingStored()
  const status = error?.code === 'ingest.cancelled' ? 'cancelled' : 'failed'
  await close(scope, open, status, error?.message ?? 'The import was interrupted: send the file again')
}

async function breakOff({ db, now, log }: Scope, { id, row, progress }: OpenImport): Promise<void> {
  await db.run(sql`update imports set status = 'interrupted', message = ${interruptedWords(row)}, progressed_at_ms = ${BigInt(now())},
    bytes_read = ${BigInt(progress.bytesRead)} where id = ${row} and status in ('reading', 'storing')`)
  log.warn('import.interrupted', { importId: id })
}

/** What an import that broke off tells its sender, as SQL over its row. */
export function interruptedWords(row: bigint): SQL {
  return sql`iif(is_read_whole or object_key <> '', 'The import was interrupted: it goes on by itself',
    'The import was interrupted after ' || cursor_rows || ' rows: send the file again, or go on with resume=imp_' || ${row})`
}

async function close(scope: Scope, open: OpenImport, status: ImportStatus, message: string): Promise<ImportView> {
  const { id, row, tally, progress } = open
  const now = BigInt(scope.now())
  const ended = { ...(await readImport(scope.db, id)), status, failed: tally.failed } // the other counts stand there already
  await writeBatch(scope.db, [
    ...(tally.rowsRead <= FORGOTTEN_AT_ONCE ? forgetImport(row) : []),
    sql`update imports set status = ${status}, message = ${message}, finished_at_ms = ${now}, progressed_at_ms = ${now},
      bytes_read = max(bytes_read, ${BigInt(progress.bytesRead)}), ${tally.columns()} where id = ${row}`,
    ...noteOfImport(scope, ended),
  ])
  const view = await readImport(scope.db, id)
  const { format, inserted, updated, unchanged, failed } = view
  scope.log.info('import.finished', { importId: id, format, status, inserted, updated, unchanged, failed })
  return view
}

/** The statements that forget what a small import has staged and what of it never took its place. */
export function forgetImport(row: bigint): SQL[] {
  const pending = sql`select id from bills where import_id = ${row} and status = 'pending'`
  return [
    sql`delete from staged_costs where import_id = ${row}`,
    sql`delete from staged_jobs where import_id = ${row}`,
    sql`delete from cost_entries where id in (select c.id from bill_days d
      join cost_entries c on c.entry_date = d.day and c.pool_id = d.pool_id and c.bill_id = d.bill_id
      where d.bill_id in (${pending}))`,
    sql`delete from bill_days where bill_id in (${pending})`,
    sql`delete from bill_hours where bill_id in (${pending})`,
    sql`delete from bills where import_id = ${row} and status = 'pending'`,
  ]
}

/** The audit log's line of an import that has ended, as statements: none for a dry run, which changed nothing. */
export function noteOfImport(scope: Pick<Scope, 'actor' | 'origin' | 'now'>, ended: ImportView): SQL[] {
  const { importId, fileName, isDryRun, format, source, status, inserted, updated, removed, failed } = ended
  if (isDryRun) return []
  const after = { format, source, fileName, status, inserted, updated, removed, failed }
  return [noteStatement(scope, { action: 'imports.create', targetId: importId, target: fileName || importId, after })]
}

/** Somebody cleared up after this import because it stood still for too long. */
export function interrupted(): HelioxError {
  return new HelioxError(
    'conflict',
    'ingest.interrupted',
    'The import stood still for too long and was given up: send the file again',
  )
}

/** Somebody asked for it. */
export function cancelled(): HelioxError {
  return new HelioxError('conflict', 'ingest.cancelled', 'The import was cancelled')
}
