import { BrokenOff, HelioxError } from '../errors.ts'

/** `declaredBytes`: the length that the sender announced, to refuse before reading; 0 or absent: none. */
export type BodyProgress = { bytesRead: number; declaredBytes?: number }

/** A body arrives in pieces of 4 KiB; gathered, a large file needs a sixteenth of the turns. */
export const GATHERED_BYTES = 65_536

/**
 * The body in pieces of 64 KiB (the last one shorter), never empty, counted in `progress` as they arrive. The next piece
 * is asked for when the last one has been taken, so that the reader sets the sender's pace.
 *
 * @throws HelioxError too_large `ingest.too_large`, or what `refusal` says instead
 */
export async function* receiveBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  progress: BodyProgress,
  refusal = tooLarge,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let gathered = new Uint8Array(GATHERED_BYTES)
  let size = 0
  try {
    if ((progress.declaredBytes ?? 0) > maxBytes) throw refusal(maxBytes)
    for (;;) {
      const { done, value } = await reader.read().catch(brokenOff)
      if (done) break
      progress.bytesRead += value.byteLength
      if (progress.bytesRead > maxBytes) throw refusal(maxBytes)
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

function brokenOff(cause: unknown): never {
  throw cause instanceof HelioxError ? cause : new BrokenOff('the body broke off', { cause })
}

/** What a file above `MAX_UPLOAD_MB` is told, with the way that takes it. */
export function tooLarge(maxBytes: number): HelioxError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024)
  return new HelioxError(
    'too_large',
    'ingest.too_large',
    `The file is larger than ${megabytes} MB as sent: send it in parts, see POST /api/v1/uploads`,
  )
}

/** So much is always read on: it costs a moment, and a small limit would break the pipe of a file that is a little larger. */
const LEAST_DRAINED = 64 * 1024 * 1024

/**
 * Reads on and throws away what a refused file still sends, up to twice the limit: a connection that closes while the
 * sender writes shows the sender a broken pipe instead of the reason.
 */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  let drained = 0
  try {
    while (drained <= Math.max(2 * maxBytes, LEAST_DRAINED)) {
      const { done, value } = await reader.read()
      if (done) return
      drained += value.byteLength
    }
    await reader.cancel()
  } catch {
    // the sender is gone: nobody is left to be told
  }
}
