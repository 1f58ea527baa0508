import { HelioxError } from '../errors.ts'
import type { RangedFile } from './importers/importer.ts'
import type { BodyProgress } from './read-body.ts'

/** A Parquet file that comes in a request is read from memory up to here. */
const MOST_IN_MEMORY = 32 * 1024 * 1024
const MAGIC = [...'PAR1'].map((letter) => letter.charCodeAt(0))

/**
 * Whether a body is Parquet, by its first bytes: then all of it, as a file that can be read from any place; else a body
 * with the same bytes. A stopgap for files that are small: Parquet's index stands at its end, so a larger one has to be
 * laid down somewhere before it can be read.
 *
 * @throws HelioxError too_large `ingest.too_large`
 */
export async function parquetBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  progress: BodyProgress,
): Promise<{ file: RangedFile | null; body: ReadableStream<Uint8Array> | null }> {
  if (!body) return { file: null, body }
  const reader = body.getReader()
  let first = new Uint8Array()
  for (let isDone = false; first.length < MAGIC.length && !isDone; ) {
    const { done, value } = await reader.read()
    isDone = done
    if (value) first = joined([first, value])
  }
  if (!MAGIC.every((byte, at) => first[at] === byte)) return { file: null, body: beginningWith(first, reader) }
  const most = Math.min(maxBytes, MOST_IN_MEMORY)
  const pieces: Uint8Array[] = [first]
  let size = first.length
  for (;;) {
    if (size > most) {
      await reader.cancel().catch(() => undefined)
      const message = `A Parquet file may have ${Math.floor(most / 1024 / 1024)} MB: split it, or send it as CSV`
      throw new HelioxError('too_large', 'ingest.too_large', message)
    }
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    size += value.length
  }
  progress.bytesRead = size
  const { buffer } = joined(pieces)
  return { file: { byteLength: size, slice: async (start, end) => buffer.slice(start, end) }, body: null }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function beginningWith(first: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  let isFirst = first.length > 0
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = isFirst ? { done: false, value: first } : await reader.read()
        isFirst = false
        if (done || !value) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
