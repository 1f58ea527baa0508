import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { ImportStatus } from '../../db/schema/ingest.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { noteStatement } from '../audit/note.ts'
import { expected, HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, readImport } from './import-view.ts'
import type { Importer } from './importers/importer.ts'
import type { BodyProgress } from './read-body.ts'
import type { Said } from './read-options.ts'
import { Tally } from './tally.ts'

/** A larger file's staged rows are left to the clock (`forgetStaged`): its sender should not wait for the clearing up. */
const FORGOTTEN_AT_ONCE = 20_000

/** An import under way: its row, what it reads, and what it has counted. */
export type OpenImport = {
  readonly id: ImportId
  readonly row: bigint
  readonly importer: Importer
  readonly isDryRun: boolean
  /** Up to here jobs that still run are counted. */
  readonly startedAtMs: EpochMs
  readonly tally: Tally
  /** Bytes received so far, for the progress that the page shows. */
  readonly progress: BodyProgress
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
  const [created] = await db.all<{ id: bigint }>(sql`
    insert into imports (format, source, part, provider, currency, time_zone, file_name, recognised_by, bytes_expected,
      status, is_dry_run, user_id, key_id, actor, started_at_ms, progressed_at_ms)
    values (${importer.id}, ${asked.source ?? importer.defaultSource}, ${asked.part}, ${asked.provider}, ${asked.currency},
      ${asked.timeZone}, ${asked.fileName}, ${asked.recognisedBy}, ${BigInt(asked.progress.declaredBytes ?? 0)}, 'reading',
      ${asked.isDryRun ? 1n : 0n}, ${user}, ${key}, ${actor.label}, ${BigInt(startedAtMs)}, ${BigInt(startedAtMs)})
    returning id`)
  const row = created?.id ?? 0n
  const { isDryRun, progress } = asked
  return { id: idText('imp', row), row, importer, isDryRun, startedAtMs, tally: new Tally(), progress }
}

/**
 * Ends an import whose rows are all stored or quarantined, and says so in words; `remark` is one sentence more.
 * @throws HelioxError conflict `ingest.interrupted` if somebody has cleared up after it in the meantime
 */
export async function finishImport(scope: Scope, open: OpenImport, remark = ''): Promise<ImportView> {
  const { rowsRead, failed } = open.tally
  const { inserted, updated } = await readImport(scope.db, open.id)
  if (inserted + updated + failed !== rowsRead) throw interrupted()
  const end = remark && `. ${remark}`
  const rows = `${rowsRead} ${rowsRead === 1 ? 'row' : 'rows'}`
  const stored = open.isDryRun ? 'would be stored' : 'stored'
  if (failed === 0) return close(scope, open, 'success', `${rows} ${stored}${end}`)
  const some = `${rowsRead - failed} of ${rows} ${stored}, ${failed} quarantined`
  if (failed < rowsRead) return close(scope, open, 'partial_success', `${some}${end}`)
  const none = `No row of ${rowsRead} could be ${open.isDryRun ? 'read' : 'stored'}; the reasons are listed`
  return close(scope, open, 'failed', none)
}

/** Closes an import as failed; what was staged is forgotten. The words of an unexpected error stay in the log. */
export async function failImport(scope: Scope, open: OpenImport, error: unknown): Promise<void> {
  open.tally.nothingStored()
  const message = expected(error)?.message ?? 'The import was interrupted: send the file again'
  await close(scope, open, 'failed', message).catch((second: unknown) => {
    scope.log.error('import.close_failed', { importId: open.id, error: String(second) })
  })
}

async function close(scope: Scope, open: OpenImport, status: ImportStatus, message: string): Promise<ImportView> {
  const { id, row, tally, progress } = open
  const now = BigInt(scope.now())
  const forget = [
    sql`delete from staged_costs where import_id = ${row}`,
    sql`delete from staged_jobs where import_id = ${row}`,
  ]
  const ended = { ...(await readImport(scope.db, id)), status, failed: tally.failed } // the other counts stand there already
  await writeBatch(scope.db, [
    ...(tally.rowsRead <= FORGOTTEN_AT_ONCE ? forget : []),
    sql`update imports set status = ${status}, message = ${message}, finished_at_ms = ${now}, progressed_at_ms = ${now},
      bytes_read = ${BigInt(progress.bytesRead)}, ${tally.columns()} where id = ${row}`,
    ...noteOfImport(scope, ended),
  ])
  const view = await readImport(scope.db, id)
  const { format, inserted, updated, unchanged, failed } = view
  scope.log.info('import.finished', { importId: id, format, status, inserted, updated, unchanged, failed })
  return view
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
