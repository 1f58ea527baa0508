import { HelioxError } from '../errors.ts'

/** A gzip file may grow this many times while unpacking; text of bills and job lists shrinks 5 to 40 times. */
const MOST_GROWTH = 250
/** … and to this many times the upload limit at most. */
const MOST_UNPACKED_LIMITS = 20

/** `declaredBytes`: the length that the sender announced, to refuse before reading; 0 or absent: none. */
export type BodyProgress = { bytesRead: number; declaredBytes?: number }

/**
 * The text of an uploaded file, piece by piece: counted as received against `maxBytes`, unpacked if it is gzip (by its
 * first bytes, whatever the headers say), decoded as UTF-8. `progress` moves with the bytes received.
 *
 * @throws HelioxError too_large `ingest.too_large`, `ingest.unpacks_too_large`
 * @throws HelioxError invalid `ingest.not_utf8`, `ingest.bad_gzip`, `ingest.empty`
 */
export async function* readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<string> {
  if (!body) throw new HelioxError('invalid', 'ingest.empty', 'The body is empty: send the file itself')
  const pieces = received(body, maxBytes, progress)
  const first = await pieces.next()
  if (first.done) throw new HelioxError('invalid', 'ingest.empty', 'The file is empty')
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b
  const bytes = beginningWith(first.value, pieces)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const piece of isGzip ? unpacked(bytes, maxBytes, progress) : bytes) yield decoded(decoder, piece)
  yield decoded(decoder)
}

function decoded(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch {
    throw new HelioxError(
      'invalid',
      'ingest.not_utf8',
      'The file is not UTF-8 text: save it as UTF-8 and send it again',
    )
  }
}

/** A body arrives in pieces of 4 KiB; gathered, a large file needs a sixteenth of the turns. */
const GATHERED_BYTES = 65_536

/** The body in pieces of 64 KiB (the last one shorter), never empty, counted as they arrive. */
async function* received(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let gathered = new Uint8Array(GATHERED_BYTES)
  let size = 0
  try {
    if ((progress.declaredBytes ?? 0) > maxBytes) throw tooLarge(maxBytes)
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      progress.bytesRead += value.byteLength
      if (progress.bytesRead > maxBytes) throw tooLarge(maxBytes)
      for (let at = 0; at < value.byteLength; ) {
        const part = value.subarray(at, at + GATHERED_BYTES - size)
        gathered.set(part, size)
        size += part.byteLength
        at += part.byteLength
        if (size < GATHERED_BYTES) continue
        yield gathered
        gathered = new Uint8Array(GATHERED_BYTES)
        size = 0
      }
    }
    if (size > 0) yield gathered.subarray(0, size)
  } finally {
    await drain(reader, maxBytes)
  }
}

function tooLarge(maxBytes: number): HelioxError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024)
  return new HelioxError('too_large', 'ingest.too_large', `The file is larger than ${megabytes} MB as sent`)
}

/**
 * Reads on and throws away what a refused file still sends, up to twice the limit: a connection that closes while the
 * sender writes shows the sender a broken pipe instead of the reason.
 */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  let drained = 0
  try {
    while (drained <= 2 * maxBytes) {
      const { done, value } = await reader.read()
      if (done) return
      drained += value.byteLength
    }
    await reader.cancel()
  } catch {
    // the sender is gone: nobody is left to be told
  }
}

async function* beginningWith(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* others
}

async function* unpacked(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  progress: BodyProgress,
): AsyncGenerator<Uint8Array> {
  const gzip = new DecompressionStream('gzip')
  const writer = gzip.writable.getWriter()
  let failure: unknown
  const feeding = (async () => {
    for await (const piece of bytes) await writer.write(piece as Uint8Array<ArrayBuffer>)
    await writer.close()
  })().catch(async (error: unknown) => {
    failure = error
    await writer.abort(error).catch(() => undefined)
  })
  const reader = (gzip.readable as ReadableStream<Uint8Array>).getReader()
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      if (size > maxBytes * MOST_UNPACKED_LIMITS || size > Math.max(progress.bytesRead, GATHERED_BYTES) * MOST_GROWTH)
        throw new HelioxError(
          'too_large',
          'ingest.unpacks_too_large',
          'The gzip file unpacks to far more than it should',
        )
      yield value
    }
  } catch (error) {
    if (error instanceof HelioxError) throw error
    if (failure instanceof HelioxError) throw failure
    throw new HelioxError('invalid', 'ingest.bad_gzip', 'The gzip file is damaged or cut off', { cause: error })
  } finally {
    await reader.cancel().catch(() => undefined)
    await feeding
  }
  if (failure) throw failure
}
