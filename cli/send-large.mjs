// @ts-check
import { piecesOf, sendParts } from './send-parts.mjs'
import { sendWhole } from './send-whole.mjs'
import { isPacked, packed, partsOf } from './source.mjs'

/** @typedef {import('./options.mjs').ImportAsked} ImportAsked */
/** @typedef {import('./import-file.mjs').Sending} Sending */
/** @typedef {import('./request.mjs').Answered} Answered */

const USUAL_PART_BYTES = 8 * 1024 * 1024

/**
 * What does not fit into one request goes in parts, and so does what may not: its first part is held back until it is known.
 * @param {ImportAsked} asked
 * @param {import('./request.mjs').Server} server
 * @param {Sending} sending
 * @param {import('./send-whole.mjs').Target} target
 * @param {import('./source.mjs').Source} source
 * @param {import('./send-whole.mjs').Content} whole
 * @param {{ upload_id: string, part_bytes?: number, most_bytes_at_once?: number }} announced
 * @returns {Promise<Answered & { isPacked?: boolean }>}
 */
export async function sendLarge(asked, server, sending, target, source, whole, announced) {
  const { upload_id: id, part_bytes: partBytes = USUAL_PART_BYTES, most_bytes_at_once: most = 0 } = announced
  const progress = /** @type {import('./progress.mjs').Progress} */ (sending.progress)
  progress.begin(whole.isGzip ? null : source.byteLength)
  const parts = partsOf(whole.isGzip ? packed(whole.open()) : whole.open(), partBytes)
  try {
    const first = (await parts.next()).value ?? Buffer.alloc(0)
    if (first.length < partBytes && first.length <= most) {
      const held = { open: () => piecesOf(first), byteLength: first.length, isGzip: false, isRepeatable: true }
      return await sendWhole(server, target, held, progress)
    }
    sending.way = 'parts'
    const sent = await sendParts(server, id, first, parts, progress)
    if (sent.answer?.error?.code !== 'uploads.not_set_up') {
      if (sent.httpStatus >= 400)
        await server.ask('DELETE', `api/v1/uploads/${encodeURIComponent(id)}`).catch(() => null)
      return sent
    }
    // Nowhere to keep parts: packed, it may fit into one request.
    sending.way = 'whole'
    const isGzip = !isPacked(first)
    if (isGzip) sayPacking(asked)
    const rest = { open: () => beginningWith(first, parts), byteLength: null, isGzip, isRepeatable: false }
    const content = whole.isRepeatable ? { ...whole, isGzip: whole.isGzip || isGzip } : rest
    return { ...(await sendWhole(server, target, content, progress)), isPacked: true }
  } finally {
    await parts.return(undefined)
  }
}

/**
 * @param {Buffer} first
 * @param {AsyncIterable<Buffer>} others
 */
async function* beginningWith(first, others) {
  yield* piecesOf(first)
  for await (const part of others) yield* piecesOf(part)
}

/** @param {ImportAsked} asked */
export function sayPacking({ isQuiet, isJson }) {
  if (!isQuiet && !isJson) process.stderr.write('Too large for one request: sending it again, packed\n')
}
