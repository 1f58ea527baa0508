import { z } from 'zod'
import { imports } from '../../db/schema/ingest.ts'
import { rowOf } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { importerOf } from '../ingest/importers/index.ts'
import { requireMayImport } from '../ingest/told-file.ts'
import { refuseReservedSource, UploadQuestion } from '../ingest/upload.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Upload, uploadOf } from './upload-of.ts'

/** What is said about a file before it comes: the same as beside one that comes at once. */
export const Announcement = UploadQuestion.omit({ resume: true }).extend({
  bytes: z.coerce.number<number | string>().int().min(1).optional().describe('Size of the file as it will be sent'),
  dryRun: z.union([z.boolean(), UploadQuestion.shape.dryRun]).default(false),
})

/**
 * Announces a file, so that its import has an id before the first byte leaves: it may then be sent at once
 * (`POST /imports?resume=`) or in parts. Nothing else happens until it comes; without a file it is forgotten after a day.
 *
 * @throws HelioxError too_large `uploads.too_large` above `maxKeptBytes`; invalid `ingest.unknown_format`, `ingest.reserved_source`
 */
export async function announceUpload(
  scope: Scope,
  asked: z.output<typeof Announcement>,
  { maxKeptBytes: maxBytes, maxUploadBytes }: { maxKeptBytes: number; maxUploadBytes: number },
): Promise<Upload> {
  allow(scope, 'imports:write')
  refuseReservedSource(asked.source)
  const { format, source = '', part, provider, currency, timeZone, fileName, dryRun, bytes = 0 } = asked
  if (format !== 'auto') requireMayImport(scope, importerOf(format))
  if (bytes > maxBytes) throw tooLargeToKeep(maxBytes)
  const { actor, db, now } = scope
  const [created] = await db
    .insert(imports)
    .values({
      ...{ format, source, part, provider, currency, timeZone, fileName, isDryRun: dryRun, bytesExpected: bytes },
      ...{ status: 'queued', userId: actor.userId, keyId: actor.keyId, actor: actor.label },
      ...{ startedAtMs: now(), progressedAtMs: now() },
    })
    .returning({ id: imports.id })
  if (!created || rowOf('imp', created.id) === null) throw new Error('the import was not announced')
  return uploadOf(scope, created.id, null, maxUploadBytes)
}

export function tooLargeToKeep(maxBytes: number): HelioxError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024)
  return new HelioxError('too_large', 'uploads.too_large', `A file that is sent in parts may have ${megabytes} MB`)
}
