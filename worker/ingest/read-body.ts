import { HelioxError } from '../errors.ts'
import { decodeText } from './decode-text.ts'
import { type BodyProgress, receiveBody } from './receive-body.ts'
import { isGzip, unpackGzip } from './unpack-gzip.ts'

export type { BodyProgress } from './receive-body.ts'

/**
 * The text of an uploaded file, piece by piece and no faster than it is read: counted as received against `maxBytes`,
 * unpacked if it is gzip (by its first bytes, whatever the headers say), decoded. `progress` moves with the bytes
 * received.
 *
 * @throws HelioxError too_large `ingest.too_large`, `ingest.unpacks_too_large`
 * @throws HelioxError invalid `ingest.not_utf8`, `ingest.not_text`, `ingest.bad_gzip`, `ingest.empty`
 */
export async function* readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<string> {
  const { first, pieces } = await firstPiece(body, maxBytes, progress)
  yield* textOf(first, pieces, maxBytes, progress)
}

/** The first bytes of a body, 64 KiB or all, and the rest. @throws HelioxError invalid `ingest.empty`, too_large `ingest.too_large` */
export async function firstPiece(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  progress: BodyProgress,
): Promise<{ first: Uint8Array; pieces: AsyncGenerator<Uint8Array> }> {
  if (!body) throw new HelioxError('invalid', 'ingest.empty', 'The file is empty')
  const pieces = receiveBody(body, maxBytes, progress)
  const first = await pieces.next()
  if (first.done) throw new HelioxError('invalid', 'ingest.empty', 'The file is empty')
  return { first: first.value, pieces }
}

/** The text of a body whose first bytes have been looked at, see `readBody`. */
export async function* textOf(
  first: Uint8Array,
  pieces: AsyncGenerator<Uint8Array>,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<string> {
  try {
    const bytes = beginningWith(first, pieces)
    yield* decodeText(isGzip(first) ? unpackGzip(bytes, maxBytes, progress) : bytes)
  } finally {
    await pieces.return(undefined) // a file that is refused at its first bytes is still read to its end
  }
}

async function* beginningWith(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* others
}
