import { eq, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { imports } from '../../db/schema/ingest.ts'
import { type ImportId, rowOf } from '../../db/units/ids.ts'
import { expected, HelioxError, rootCause } from '../errors.ts'
import { readImport } from '../ingest/import-view.ts'
import { noteOfImport } from '../ingest/open-import.ts'
import { readBody } from '../ingest/read-body.ts'
import { senderOf } from '../ingest/sender.ts'
import { takeUp } from '../ingest/take-up.ts'
import { type Content, letGo } from '../ingest/told-file.ts'
import type { Scope } from '../scope.ts'
import type { KeptFiles, KeptPart } from './kept-files.ts'

/** What became of a message: read (or refused, or nothing to do), or to be tried again. */
export type Consumed = 'done' | 'again'

/**
 * Reads a kept file into the ledger, with the rights that its sender has by now. What an earlier try has staged is passed
 * over; a file that has been read, or was refused with words, is thrown away. Two messages for one file do no harm.
 */
export async function consumeUpload(
  scope: Omit<Scope, 'actor'>,
  kept: KeptFiles,
  id: ImportId,
  maxBytes: number,
): Promise<Consumed> {
  const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
  if (!row?.objectKey || (row.status !== 'queued' && row.status !== 'interrupted')) return 'done'
  let content: Content | null = null
  try {
    const actor = await senderOf(scope, row)
    if (!actor) throw new HelioxError('forbidden', 'uploads.no_sender', 'Its sender may import nothing any more')
    const parts = await kept.parts(row.objectKey)
    const progress = { bytesRead: 0, declaredBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) }
    content = await contentOf(kept, row.objectKey, parts, maxBytes, progress)
    await takeUp({ ...scope, actor }, id, content, progress)
  } catch (error) {
    const known = expected(error)
    scope.log.warn('import.try_failed', { importId: id, error: String(rootCause(error)) })
    if (!known || known.kind === 'unavailable') return 'again'
    if (known.code === 'ingest.not_resumable') return 'done' // another message was first
    await closeRefused(scope, id, known)
    if (known.code === 'ingest.busy') return 'done' // failed for now: its file stays, to be replayed
  } finally {
    if (content) await letGo(content)
  }
  const ended = await readImport(scope.db, id)
  if (ended.status === 'interrupted' || ended.status === 'queued') return 'again'
  if (ended.status !== 'reading' && ended.status !== 'storing') await forgetFile(scope, kept, id, row.objectKey)
  return 'done'
}

/** Parquet has its index at the end: it is read by ranges; everything else as it comes out of the bucket. */
async function contentOf(
  kept: KeptFiles,
  prefix: string,
  parts: readonly KeptPart[],
  maxBytes: number,
  progress: { bytesRead: number; declaredBytes: number },
): Promise<Content> {
  const file = kept.ranged(prefix, parts)
  const magic = new TextDecoder().decode(await file.slice(0, 4))
  if (magic !== 'PAR1') return readBody(kept.body(prefix, parts), maxBytes, progress)
  return {
    byteLength: file.byteLength,
    slice: async (start, end) => {
      progress.bytesRead = Math.max(progress.bytesRead, end ?? file.byteLength)
      return file.slice(start, end)
    },
  }
}

/** What was refused before it was taken up: nobody may read it, or nothing can. */
async function closeRefused(scope: Omit<Scope, 'actor'>, id: ImportId, { message }: HelioxError): Promise<void> {
  await scope.db.run(sql`update imports set status = 'failed', message = ${message},
    finished_at_ms = ${BigInt(scope.now())}
    where id = ${BigInt(rowOf('imp', id) ?? 0)} and status in ('queued', 'interrupted')`)
}

async function forgetFile({ db }: Pick<Scope, 'db'>, kept: KeptFiles, id: ImportId, prefix: string): Promise<void> {
  await kept.remove(prefix)
  await db.run(sql`update imports set object_key = '' where id = ${BigInt(rowOf('imp', id) ?? 0)}`)
}

/** After the last try: the import stands as failed with its file kept, for somebody to replay or throw away. */
export async function buryUpload(scope: Scope, id: ImportId): Promise<void> {
  const { db, now, log } = scope
  const [row] = await db.select().from(imports).where(eq(imports.id, id))
  if (!row || (row.status !== 'queued' && row.status !== 'interrupted')) return
  const tries =
    row.attempts > 0 ? `It broke off ${row.attempts} ${row.attempts === 1 ? 'time' : 'times'}` : 'It never began'
  const message = `${tries}, and is not tried again; its file is kept: replay it, or throw it away`
  await writeBatch(db, [
    sql`update imports set status = 'failed', message = ${message}, finished_at_ms = ${BigInt(now())}
      where id = ${BigInt(rowOf('imp', id) ?? 0)} and status in ('queued', 'interrupted')`,
    ...noteOfImport(scope, { ...(await readImport(db, id)), status: 'failed' }),
  ])
  log.error('import.dead_letter', { importId: id, attempts: row.attempts })
}
