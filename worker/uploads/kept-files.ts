import type { ImportId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import type { RangedFile } from '../ingest/importers/importer.ts'

/** What Heliox needs of an R2 bucket. */
export type Bucket = {
  put(key: string, value: Uint8Array): Promise<unknown>
  get(
    key: string,
    options?: { range: { offset: number; length: number } },
  ): Promise<{ body: ReadableStream<Uint8Array>; arrayBuffer(): Promise<ArrayBuffer> } | null>
  list(options: { prefix: string; cursor?: string }): Promise<{
    objects: { key: string; size: number }[]
    truncated: boolean
    cursor?: string
  }>
  delete(keys: string[]): Promise<void>
}

/** … and of the queue that tells the consumer which import to read. */
export type ImportQueue = { send(message: QueuedImport): Promise<unknown> }
export type QueuedImport = { importId: ImportId }

export type KeptPart = { part: number; bytes: number }

/** R2 deletes so many keys in one call. */
const DELETED_AT_ONCE = 1000

/**
 * Files that are kept until they have been read: each in parts, which are objects of their own below one prefix, so that a part
 * may be sent again and in any order, and nothing but the bucket knows which have come.
 */
export class KeptFiles {
  private readonly bucket: Bucket
  private readonly queue: ImportQueue

  constructor(bucket: Bucket, queue: ImportQueue) {
    this.bucket = bucket
    this.queue = queue
  }

  /** Where the parts of an import's file are. */
  prefixOf(importId: ImportId): string {
    return `uploads/${importId}/`
  }

  async putPart(prefix: string, part: number, bytes: Uint8Array): Promise<void> {
    await this.bucket.put(keyOf(prefix, part), bytes)
  }

  /** The parts that have come, in order. */
  async parts(prefix: string): Promise<KeptPart[]> {
    const parts: KeptPart[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await this.bucket.list({ prefix, ...(cursor ? { cursor } : {}) })
      for (const { key, size } of page.objects) parts.push({ part: Number(key.slice(prefix.length)), bytes: size })
      if (!page.truncated) return parts.sort((a, b) => a.part - b.part)
      cursor = page.cursor
    }
  }

  /** The file as one body, part after part and no faster than it is read. */
  body(prefix: string, parts: readonly KeptPart[]): ReadableStream<Uint8Array> {
    const pieces = this.pieces(prefix, parts)
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await pieces.next()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        async cancel() {
          await pieces.return(undefined)
        },
      },
      { highWaterMark: 0 },
    )
  }

  private async *pieces(prefix: string, parts: readonly KeptPart[]): AsyncGenerator<Uint8Array, undefined> {
    for (const { part } of parts) {
      const reader = (await this.read(prefix, part)).body.getReader()
      try {
        for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
      } finally {
        await reader.cancel().catch(() => undefined)
      }
    }
    return undefined
  }

  /** The file to be read from any place. A range that is asked for is fetched, and no more. */
  ranged(prefix: string, parts: readonly KeptPart[]): RangedFile {
    const byteLength = parts.reduce((sum, { bytes }) => sum + bytes, 0)
    return {
      byteLength,
      slice: async (start, end = byteLength) => {
        const [from, to] = [Math.max(0, start), Math.min(byteLength, end)]
        const whole = new Uint8Array(Math.max(0, to - from))
        let at = 0
        for (const { part, bytes } of parts) {
          const [first, last] = [Math.max(from, at), Math.min(to, at + bytes)]
          if (first < last) {
            const range = { offset: first - at, length: last - first }
            whole.set(new Uint8Array(await (await this.read(prefix, part, range)).arrayBuffer()), first - from)
          }
          at += bytes
        }
        return whole.buffer
      },
    }
  }

  async remove(prefix: string): Promise<void> {
    const parts = await this.parts(prefix)
    for (let at = 0; at < parts.length; at += DELETED_AT_ONCE)
      await this.bucket.delete(parts.slice(at, at + DELETED_AT_ONCE).map(({ part }) => keyOf(prefix, part)))
  }

  async enqueue(importId: ImportId): Promise<void> {
    await this.queue.send({ importId })
  }

  private async read(prefix: string, part: number, range?: { offset: number; length: number }) {
    const object = await this.bucket.get(keyOf(prefix, part), range && { range })
    if (!object)
      throw new HelioxError('unavailable', 'uploads.part_gone', 'A part of the kept file is not there any more')
    return object
  }
}

/** Six digits, so that the order of names is the order of parts. */
function keyOf(prefix: string, part: number): string {
  return `${prefix}${String(part).padStart(6, '0')}`
}

const known = new WeakMap<object, KeptFiles>()

/** The bucket and the queue of a deployment; null where it has none. */
export function keptFilesOf(bindings: object): KeptFiles | null {
  const { UPLOADS, IMPORT_QUEUE } = bindings as { UPLOADS?: Bucket; IMPORT_QUEUE?: ImportQueue }
  if (!UPLOADS || !IMPORT_QUEUE) return null
  const kept = known.get(bindings) ?? new KeptFiles(UPLOADS, IMPORT_QUEUE)
  known.set(bindings, kept)
  return kept
}

/** @throws HelioxError unavailable `uploads.not_set_up` */
export function requireKept(kept: KeptFiles | null): KeptFiles {
  if (kept) return kept
  const message = 'This deployment keeps no files: it has no bucket UPLOADS and no queue IMPORT_QUEUE'
  throw new HelioxError('unavailable', 'uploads.not_set_up', message)
}
