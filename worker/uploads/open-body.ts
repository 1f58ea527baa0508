import { HelioxError } from '../errors.ts'
import { type BodyProgress, firstPiece, textOf } from '../ingest/read-body.ts'
import type { Content } from '../ingest/told-file.ts'
import type { KeptFiles, KeptPart } from './kept-files.ts'
import { PART_BYTES } from './upload-of.ts'

/** Without a bucket a file that is read by ranges has to fit into memory. */
const MOST_IN_MEMORY = 32 * 1024 * 1024

/** What a request brings, ready to be read. `close` ends it, read or not, and throws away what was laid down for it. */
export type OpenedBody = { content: Content; close(): Promise<void> }

/** How files begin (and end) whose index stands at their end. */
export function isParquet(first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x41 && first[2] === 0x52 && first[3] === 0x31
}

/**
 * Opens the body of a request: text as it arrives; Parquet, which is read from its end, is laid down in the bucket first, in
 * parts of 8 MB, so that memory does not grow with it.
 *
 * @throws HelioxError invalid `ingest.empty`; too_large `ingest.too_large`
 */
export async function openBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  progress: BodyProgress,
  kept: KeptFiles | null,
): Promise<OpenedBody> {
  const { first, pieces } = await firstPiece(body, maxBytes, progress)
  // A body that nobody began to read is read to its end too: its sender is told why it was refused.
  const ended = async () => void (await pieces.return(undefined))
  if (!isParquet(first)) return { content: textOf(first, pieces, maxBytes, progress), close: ended }
  try {
    return kept ? await laidDown(kept, first, pieces) : await inMemory(first, pieces)
  } finally {
    await ended()
  }
}

async function laidDown(kept: KeptFiles, first: Uint8Array, pieces: AsyncIterable<Uint8Array>): Promise<OpenedBody> {
  const prefix = `spool/${crypto.randomUUID()}/`
  const parts: KeptPart[] = []
  const close = () => kept.remove(prefix)
  const put = async (bytes: Uint8Array) => {
    parts.push({ part: parts.length + 1, bytes: bytes.byteLength })
    await kept.putPart(prefix, parts.length, bytes)
  }
  try {
    const part = new Uint8Array(PART_BYTES)
    let size = 0
    for await (const piece of beginningWith(first, pieces)) {
      if (size + piece.byteLength > PART_BYTES) {
        await put(part.subarray(0, size))
        size = 0
      }
      part.set(piece, size)
      size += piece.byteLength
    }
    await put(part.subarray(0, size))
    return { content: kept.ranged(prefix, parts), close }
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

async function inMemory(first: Uint8Array, pieces: AsyncIterable<Uint8Array>): Promise<OpenedBody> {
  const all: Uint8Array[] = []
  let size = 0
  for await (const piece of beginningWith(first, pieces)) {
    size += piece.byteLength
    if (size > MOST_IN_MEMORY) {
      const message = `Without a bucket a Parquet file may have ${MOST_IN_MEMORY / 1024 / 1024} MB: split it, or send it as CSV`
      throw new HelioxError('too_large', 'ingest.too_large', message)
    }
    all.push(piece)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of all) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  const slice = async (start: number, end?: number) => whole.buffer.slice(start, end)
  return { content: { byteLength: size, slice }, close: async () => undefined }
}

async function* beginningWith(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* others
}
