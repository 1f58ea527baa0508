// @ts-check
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGzip } from 'node:zlib'

/** @typedef {{ path: string | null, byteLength: number | null, isPacked: boolean }} Source `path` null: standard input; `byteLength` null: not known, and it can be read once only */

/** What was to be sent cannot be read. `cause` says why. */
export class Unreadable extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

const READ_BYTES = 256 * 1024

/**
 * What there is to send. Its first bytes tell whether it is packed already.
 * @param {string} path
 * @returns {Promise<Source>}
 * @throws {Unreadable}
 */
export async function sourceOf(path) {
  if (path === '-') return { path: null, byteLength: null, isPacked: false }
  try {
    const file = await open(path, 'r')
    try {
      const stat = await file.stat()
      if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
      if (!stat.isFile()) return { path, byteLength: null, isPacked: false } // a pipe: reading ahead would take its bytes
      const head = Buffer.alloc(4)
      await file.read(head, 0, 4, 0)
      return { path, byteLength: stat.size, isPacked: isPacked(head) }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new Unreadable(error)
  }
}

/**
 * Whether a file that begins so is packed already (gzip, ZIP, Parquet).
 * @param {Buffer} head
 */
export function isPacked(head) {
  return ['1f8b', '504b'].includes(head.toString('hex', 0, 2)) || head.toString('latin1', 0, 4) === 'PAR1'
}

/**
 * The bytes of a source as they come. A file as long as it was: one that still grows has a next time.
 * @param {Source} source
 * @returns {AsyncGenerator<Buffer>}
 * @throws {Unreadable} also where a file has become shorter
 */
export async function* bytesOf({ path, byteLength }) {
  if (byteLength === 0) return
  const end = byteLength === null ? {} : { end: byteLength - 1 }
  const file = path === null ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES, ...end })
  let read = 0
  try {
    for await (const piece of file) {
      read += piece.length
      yield piece
    }
  } catch (error) {
    throw new Unreadable(error)
  }
  if (byteLength !== null && read < byteLength) throw new Unreadable(new Error('it has become shorter'))
}

/**
 * Bytes packed as they come.
 * @param {AsyncIterable<Buffer>} bytes
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* packed(bytes) {
  const gzip = createGzip({ level: 1 })
  const reading = (async () => {
    for await (const piece of bytes) if (!gzip.write(piece)) await new Promise((resume) => gzip.once('drain', resume))
    gzip.end()
  })()
  reading.catch((error) => gzip.destroy(error))
  yield* gzip
}

/**
 * Bytes in parts of one size, the last one shorter; each is a buffer of its own, so that it can be sent again.
 * @param {AsyncIterable<Buffer>} bytes
 * @param {number} size
 * @returns {AsyncGenerator<Buffer, undefined>}
 */
export async function* partsOf(bytes, size) {
  let part = Buffer.allocUnsafe(size)
  let at = 0
  for await (const piece of bytes)
    for (let from = 0; from < piece.length; ) {
      const taken = piece.copy(part, at, from)
      at += taken
      from += taken
      if (at < size) continue
      yield part
      part = Buffer.allocUnsafe(size)
      at = 0
    }
  if (at > 0) yield part.subarray(0, at)
  return undefined
}
