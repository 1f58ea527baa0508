// @ts-check
import { tryAgain } from './try-again.mjs'

/** @typedef {import('./request.mjs').Answered} Answered */

/** So much of a part is counted as sent at once. */
const PIECE_BYTES = 64 * 1024
const IDLE_MS = 120_000

/**
 * Sends an announced file in parts, each again when it does not arrive, and says that they are all there.
 * @param {import('./request.mjs').Server} server
 * @param {string} uploadId
 * @param {Buffer} first part
 * @param {AsyncIterator<Buffer>} others untouched when the first part is refused
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Answered>} the import, queued; or a refusal
 */
export async function sendParts(server, uploadId, first, others, progress) {
  const path = `api/v1/uploads/${encodeURIComponent(uploadId)}`
  /** @type {Buffer | null} */
  let part = first
  for (let number = 1; part !== null; number += 1) {
    const bytes = part
    const before = progress.sentBytes
    const put = await tryAgain(() => {
      progress.sentBytes = before
      const how = { byteLength: bytes.length, idleMs: IDLE_MS }
      return server.send('PUT', `${path}/parts/${number}`, piecesOf(bytes), {
        ...how,
        onSent: (count) => progress.sent(count),
      })
    })
    if (put.httpStatus >= 300) return put
    const next = await others.next()
    part = next.done ? null : next.value
  }
  progress.allSent()
  const completed = await tryAgain(() => server.ask('POST', `${path}/complete`))
  // The answer to a first try may have been lost: then nothing waits any more, and the import tells the rest.
  if (completed.answer?.error?.code !== 'uploads.not_waiting') return completed
  return tryAgain(() => server.ask('GET', `api/v1/imports/${encodeURIComponent(uploadId)}`))
}

/** @param {Buffer} bytes */
export async function* piecesOf(bytes) {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}
