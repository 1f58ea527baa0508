import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { HelioxError } from '../errors.ts'
import { type BodyProgress, GATHERED_BYTES } from './receive-body.ts'

/** A gzip file may grow this many times while unpacking; text of bills and job lists shrinks 5 to 40 times. */
const MOST_GROWTH = 250
/** … and to this many times the upload limit at most. */
const MOST_UNPACKED_LIMITS = 20

export function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b
}

/**
 * The unpacked bytes of a gzip file, of all its members where it has several (`cat a.gz b.gz`, bgzip). It takes the next
 * packed piece only when what came of the last one has been read: DecompressionStream unpacks as fast as it is fed,
 * and held 600 MB of a 500 MB file.
 *
 * @throws HelioxError too_large `ingest.unpacks_too_large`; invalid `ingest.bad_gzip`; and what `bytes` throws
 */
export async function* unpackGzip(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: GATHERED_BYTES })
  const packed = Readable.from(bytes, { highWaterMark: 1 })
  let failure: unknown
  packed.once('error', (error) => {
    failure = error
    gunzip.destroy()
  })
  packed.pipe(gunzip)
  let size = 0
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      size += piece.byteLength
      if (size > maxBytes * MOST_UNPACKED_LIMITS || size > Math.max(progress.bytesRead, GATHERED_BYTES) * MOST_GROWTH)
        throw new HelioxError(
          'too_large',
          'ingest.unpacks_too_large',
          'The gzip file unpacks to far more than it should',
        )
      yield piece
    }
  } catch (error) {
    if (failure) throw failure
    if (error instanceof HelioxError) throw error
    throw new HelioxError('invalid', 'ingest.bad_gzip', 'The gzip file is damaged or cut off', { cause: error })
  } finally {
    gunzip.destroy()
    packed.destroy()
  }
}
