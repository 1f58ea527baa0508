import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { IMPORT_STATUSES, imports } from '../../db/schema/ingest.ts'
import type { ImportId } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { importView } from '../ingest/import-view.ts'
import { cancelled } from '../ingest/open-import.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { KeptFiles } from './kept-files.ts'

/** Size of a part but the last: small enough to be held in memory while it is laid down. */
export const PART_BYTES = 8 * 1024 * 1024
export const MOST_PARTS = 100_000

/** A file that has been announced, and what has come of it. */
export const Upload = z.object({
  uploadId: AnsweredId('imp').describe('The id of the import that it becomes'),
  fileName: z.string(),
  state: z.enum(IMPORT_STATUSES).describe('queued: it waits, for its file or to be read'),
  isComplete: z.boolean().describe('All of it is here; it is read without its sender'),
  partBytes: z.number().int().describe('Size of each part but the last'),
  mostBytesAtOnce: z.number().int().describe('A larger file has to come in parts'),
  bytesExpected: z.number().int().describe('As announced; 0: not known'),
  parts: z.array(z.object({ part: z.number().int(), bytes: z.number().int() })).describe('Those that have come'),
})
export type Upload = z.output<typeof Upload>

/** An announced file. @throws HelioxError not_found `ingest.no_import` */
export async function uploadOf(
  scope: Scope,
  id: ImportId,
  kept: KeptFiles | null,
  mostBytesAtOnce: number,
): Promise<Upload> {
  allow(scope, 'imports:write')
  await importView(scope, id)
  const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
  if (!row) throw new HelioxError('not_found', 'ingest.no_import', `There is no import ${id}`)
  const { fileName, status: state, objectKey, bytesExpected } = row
  return {
    ...{ uploadId: id, fileName, state, isComplete: objectKey !== '', bytesExpected },
    ...{ partBytes: PART_BYTES, mostBytesAtOnce },
    parts: kept ? await kept.parts(kept.prefixOf(id)) : [],
  }
}

/**
 * For who sends an announced file: it still waits for it.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `uploads.not_waiting`, `ingest.cancelled`; forbidden `auth.role`, `auth.key_scope`
 */
export async function requireWaiting(scope: Scope, id: ImportId): Promise<void> {
  allow(scope, 'imports:write')
  await importView(scope, id)
  const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
  if (row?.status === 'queued' && row.objectKey === '') return
  if (row?.status === 'cancelled') throw cancelled()
  throw new HelioxError('conflict', 'uploads.not_waiting', `${id} does not wait for a file`)
}
