import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowOf } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { receiveBody } from '../ingest/receive-body.ts'
import { IdText } from '../input-fields.ts'
import type { Scope } from '../scope.ts'
import { type KeptFiles, requireKept } from './kept-files.ts'
import { MOST_PARTS, PART_BYTES, requireWaiting } from './upload-of.ts'

export const PartAsked = z.object({
  uploadId: IdText('imp'),
  part: z.coerce.number().int().min(1).max(MOST_PARTS).describe('From 1'),
})

/** What is laid down of a part. */
export const KeptPartView = z.object({ part: z.number().int(), bytes: z.number().int() })

/**
 * Lays down one part of an announced file; the same number again replaces it, in any order.
 *
 * @throws HelioxError too_large `uploads.part_too_large`; invalid `uploads.empty_part`; conflict `uploads.not_waiting`;
 *   unavailable `uploads.not_set_up`
 */
export async function sendPart(
  scope: Scope,
  { uploadId, part }: z.output<typeof PartAsked>,
  request: Request,
  keptOrNot: KeptFiles | null,
): Promise<z.output<typeof KeptPartView>> {
  await requireWaiting(scope, uploadId)
  const kept = requireKept(keptOrNot)
  const bytes = await wholePart(request)
  await kept.putPart(kept.prefixOf(uploadId), part, bytes)
  await scope.db.run(sql`update imports set progressed_at_ms = ${BigInt(scope.now())}
    where id = ${BigInt(rowOf('imp', uploadId) ?? 0)}`)
  return { part, bytes: bytes.byteLength }
}

/** One buffer and no second copy: some parts may be on their way at once. */
async function wholePart({ body, headers }: Request): Promise<Uint8Array> {
  const declaredBytes = Number(headers.get('content-length') ?? 0)
  const progress = { bytesRead: 0, declaredBytes }
  const whole = new Uint8Array(declaredBytes > 0 && declaredBytes <= PART_BYTES ? declaredBytes : PART_BYTES)
  let at = 0
  if (body)
    for await (const piece of receiveBody(body, PART_BYTES, progress, tooLargePart)) {
      whole.set(piece, at)
      at += piece.byteLength
    }
  if (at === 0) throw new HelioxError('invalid', 'uploads.empty_part', 'The part is empty')
  return whole.subarray(0, at)
}

function tooLargePart(): HelioxError {
  return new HelioxError('too_large', 'uploads.part_too_large', `A part has at most ${PART_BYTES} bytes`)
}
