import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowOf } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { type ImportView, importView } from '../ingest/import-view.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { tooLargeToKeep } from './announce-upload.ts'
import { type KeptFiles, type KeptPart, requireKept } from './kept-files.ts'
import { requireWaiting } from './upload-of.ts'

export const UploadAsked = z.object({ uploadId: IdText('imp') })

/**
 * Says that all parts have come: from here on the file is read without its sender. Answers the import, queued.
 *
 * @throws HelioxError conflict `uploads.parts_missing`, `uploads.not_waiting`; too_large `uploads.too_large`;
 *   unavailable `uploads.not_set_up`
 */
export async function completeUpload(
  scope: Scope,
  { uploadId }: z.output<typeof UploadAsked>,
  keptOrNot: KeptFiles | null,
  maxBytes: number,
): Promise<ImportView> {
  await requireWaiting(scope, uploadId)
  const kept = requireKept(keptOrNot)
  const prefix = kept.prefixOf(uploadId)
  const parts = await kept.parts(prefix)
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const { bytesExpected } = await importView(scope, uploadId)
  if (bytes > maxBytes) throw tooLargeToKeep(maxBytes)
  requireWhole(parts, bytes, bytesExpected)
  await scope.db.run(sql`update imports set object_key = ${prefix}, bytes_expected = ${BigInt(bytes)},
    progressed_at_ms = ${BigInt(scope.now())}
    where id = ${BigInt(rowOf('imp', uploadId) ?? 0)} and status = 'queued' and object_key = ''`)
  await kept.enqueue(uploadId)
  return importView(scope, uploadId)
}

function requireWhole(parts: readonly KeptPart[], bytes: number, expected: number): void {
  const gap = parts.findIndex(({ part }, index) => part !== index + 1)
  const missing = parts.length === 0 ? 1 : gap >= 0 ? gap + 1 : null
  const why =
    missing !== null
      ? `part ${missing} has not come`
      : expected > 0 && bytes !== expected
        ? `${bytes} of ${expected} bytes have come`
        : null
  if (why) throw new HelioxError('conflict', 'uploads.parts_missing', `The file is not whole: ${why}`)
}

/**
 * Gives up a file: one that still waits for its parts is cancelled, and one that was kept after its import had failed or
 * was cancelled is thrown away. Idempotent.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `uploads.in_use` while it is being read
 */
export async function discardUpload(
  scope: Scope,
  { uploadId }: z.output<typeof UploadAsked>,
  kept: KeptFiles | null,
): Promise<void> {
  allow(scope, 'imports:write')
  await importView(scope, uploadId)
  const row = BigInt(rowOf('imp', uploadId) ?? 0)
  const now = BigInt(scope.now())
  await scope.db.run(sql`update imports set status = iif(status = 'queued', 'cancelled', status), object_key = '',
    message = iif(status = 'queued', 'The upload was given up', message), finished_at_ms = coalesce(finished_at_ms, ${now})
    where id = ${row} and (status in ('failed', 'cancelled') or (status = 'queued' and object_key = ''))`)
  const { status } = await importView(scope, uploadId)
  if (status !== 'failed' && status !== 'cancelled')
    throw new HelioxError('conflict', 'uploads.in_use', 'The file is needed: cancel the import first')
  if (kept) await kept.remove(kept.prefixOf(uploadId))
}
