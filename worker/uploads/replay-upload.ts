import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeBatch } from '../../db/client.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import { noteStatement } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { type ImportView, importView } from '../ingest/import-view.ts'
import { forgetImport } from '../ingest/open-import.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type KeptFiles, requireKept } from './kept-files.ts'

export const Replay = z.object({ importId: IdText('imp') })

/** A message that has not been heard of for so long is lost: the queue is asked again. */
const LOST_AFTER_MS = 5 * 60_000

/**
 * Reads the kept file of a failed import once more, from its beginning. For who may import and sees it; it is stored with
 * the rights of who sent it.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `uploads.nothing_kept`; unavailable `uploads.not_set_up`
 */
export async function replayUpload(
  scope: Scope,
  { importId }: z.output<typeof Replay>,
  keptOrNot: KeptFiles | null,
): Promise<ImportView> {
  allow(scope, 'imports:write')
  const view = await importView(scope, importId)
  if (view.status !== 'failed' || !view.isKept) {
    const message = 'There is nothing to replay: the import has not failed, or its file is not kept'
    throw new HelioxError('conflict', 'uploads.nothing_kept', message)
  }
  const kept = requireKept(keptOrNot)
  const row = BigInt(rowOf('imp', importId) ?? 0)
  await writeBatch(scope.db, [
    ...forgetImport(row),
    sql`delete from quarantined_rows where import_id = ${row}`,
    sql`update imports set status = 'queued', message = '', finished_at_ms = null, attempts = 0, is_cancel_asked = 0,
      cursor_rows = 0, cursor_mark = '', is_read_whole = 0, inserted = 0, updated = 0, unchanged = 0, removed = 0,
      progressed_at_ms = ${BigInt(scope.now())} where id = ${row} and status = 'failed' and object_key <> ''`,
    noteStatement(scope, { action: 'imports.replay', targetId: importId, target: view.fileName || importId }),
  ])
  await kept.enqueue(importId)
  return importView(scope, importId)
}

/**
 * Gives to the queue again what it should be reading and is not: its message was lost with its process. The clock calls it.
 * Answers the ids; one that is under way after all is left alone by the consumer.
 */
export async function requeueLost(
  { db, now }: Pick<Scope, 'db' | 'now'>,
  kept: KeptFiles,
  afterMs = LOST_AFTER_MS,
): Promise<ImportId[]> {
  const rows = await db.all<{ id: bigint }>(sql`update imports set progressed_at_ms = ${BigInt(now())}
    where object_key <> '' and status in ('queued', 'interrupted') and progressed_at_ms <= ${BigInt(now() - afterMs)}
    returning id`)
  const ids = rows.map(({ id }) => idText('imp', id))
  for (const id of ids) await kept.enqueue(id)
  return ids
}

/** The queue has lost all its messages: the next tick gives it every file again. */
export async function forgetMessages({ db }: Pick<Scope, 'db'>): Promise<void> {
  await db.run(sql`update imports set progressed_at_ms = 0
    where object_key <> '' and status in ('queued', 'interrupted')`)
}

/** A file whose import failed is kept so long for somebody to replay it. */
export const DEAD_KEPT_MS = 30 * 86_400_000

/**
 * Throws away the files that nobody needs any more: of imports that have ended, of failed ones after a month, and of
 * `ids`, announced files that never became whole. Answers how many. The clock calls it, and whoever cancels an import.
 */
export async function sweepFiles(
  { db, now }: Pick<Scope, 'db' | 'now'>,
  kept: KeptFiles,
  ids: readonly ImportId[] = [],
): Promise<number> {
  const numbers = JSON.stringify(ids.map((id) => rowOf('imp', id)))
  const rows = await db.all<{ id: bigint }>(sql`select id from imports
    where (object_key <> '' and (status in ('success', 'partial_success', 'cancelled', 'removed')
        or (status = 'failed' and finished_at_ms <= ${BigInt(now() - DEAD_KEPT_MS)})))
      or (object_key = '' and status in ('failed', 'cancelled') and id in (select value from json_each(${numbers})))`)
  for (const { id } of rows) {
    await kept.remove(kept.prefixOf(idText('imp', id)))
    await db.run(sql`update imports set object_key = '' where id = ${id}`)
  }
  return rows.length
}
