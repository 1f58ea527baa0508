import { eq, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { imports } from '../../db/schema/ingest.ts'
import { type ImportId, rowOf } from '../../db/units/ids.ts'
import { expected, HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, importView, readImport } from './import-view.ts'
import { run } from './ingest-file.ts'
import { noteOfImport, reopenImport } from './open-import.ts'
import type { BodyProgress } from './read-body.ts'
import { readOptions } from './read-options.ts'
import { type Content, letGo, tellFile } from './told-file.ts'

/**
 * Sends the file of an import that was announced, or goes on with one that broke off: what an earlier try has staged is
 * passed over, so the same file, in whatever packing, ends as if it had never broken off. For who may import and sees it.
 *
 * @throws HelioxError not_found `ingest.no_import`; forbidden `auth.role`, `auth.key_scope`
 * @throws HelioxError conflict `ingest.not_resumable`, `ingest.not_the_same_file`; and what `ingestFile` throws
 */
export async function resumeImport(
  scope: Scope,
  id: ImportId,
  content: Content,
  progress: BodyProgress,
): Promise<ImportView> {
  allow(scope, 'imports:write')
  try {
    await importView(scope, id)
    const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
    if (row?.objectKey) throw notResumable('its file is here already: it goes on by itself')
    return await takeUp(scope, id, content, progress)
  } finally {
    await letGo(content)
  }
}

/**
 * Takes an import up with its file, for whose rights `scope` stands. A file that is refused before it is read closes an
 * import that waited for it; one that broke off stays as it was.
 *
 * @throws HelioxError conflict `ingest.not_resumable` where it is under way or has ended, and what `ingestFile` throws
 */
export async function takeUp(
  scope: Scope,
  id: ImportId,
  content: Content,
  progress: BodyProgress,
): Promise<ImportView> {
  const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
  if (!row || (row.status !== 'queued' && row.status !== 'interrupted'))
    throw notResumable(row && ENDED.has(row.status) ? 'it has ended' : 'it is still under way')
  const number = BigInt(rowOf('imp', id) ?? 0)
  const told = row.isReadWhole
    ? null
    : await tellFile(scope, content, row.format).catch(async (error: unknown) => {
        if (row.status === 'queued') await refuse(scope, id, error)
        throw error
      })
  if (told) {
    const { importer, why } = told
    await scope.db.run(sql`update imports set format = ${importer.id}, source = iif(source = '', ${importer.defaultSource},
      source), part = iif(part = '', ${importer.partOf?.(row.fileName) ?? ''}, part), recognised_by = iif(recognised_by = '', ${why}, recognised_by), bytes_expected = iif(bytes_expected = 0,
      ${BigInt(progress.declaredBytes ?? 0)}, bytes_expected) where id = ${number} and status = ${row.status}`)
  }
  const open = await reopenImport(scope, id, progress)
  if (!open) throw notResumable('it is still under way')
  return run(scope, open, told ? told.read(await readOptions(scope, row)) : null)
}

const ENDED: ReadonlySet<string> = new Set(['success', 'partial_success', 'failed', 'cancelled', 'removed'])

/** The same for one whose file was refused before anybody looked who sends it: only where the actor sees it. */
export async function refuseWaiting(scope: Scope, id: ImportId, error: unknown): Promise<void> {
  const { status, isKept } = await importView(scope, id)
  if (status === 'queued' && !isKept) await refuse(scope, id, error)
}

/** Closes an import that waited for a file which is refused before any of it was staged. Silence may be tried again. */
async function refuse(scope: Scope, id: ImportId, error: unknown): Promise<void> {
  const known = expected(error)
  if (!known || known.kind === 'unavailable') return
  const ended = { ...(await readImport(scope.db, id)), status: 'failed' as const }
  await writeBatch(scope.db, [
    sql`update imports set status = 'failed', message = ${known.message}, finished_at_ms = ${BigInt(scope.now())},
      progressed_at_ms = ${BigInt(scope.now())} where id = ${BigInt(rowOf('imp', id) ?? 0)} and status = 'queued'`,
    ...noteOfImport(scope, ended),
  ])
}

function notResumable(why: string): HelioxError {
  return new HelioxError('conflict', 'ingest.not_resumable', `The import cannot be resumed: ${why}`)
}
