// @ts-check
import { followImport } from './follow-import.mjs'
import { Progress } from './progress.mjs'
import { BrokenConnection } from './request.mjs'
import { sayPacking, sendLarge } from './send-large.mjs'
import { sendWhole } from './send-whole.mjs'
import { bytesOf, sourceOf, Unreadable } from './source.mjs'
import { tryAgain } from './try-again.mjs'
import { refusal, unreachable, unreadable } from './words.mjs'

/** @typedef {import('./options.mjs').ImportAsked} ImportAsked */
/** @typedef {import('./source.mjs').Source} Source */
/** @typedef {import('./request.mjs').Answered} Answered */
/** @typedef {{ ok: boolean, status: string, answer: any, words: string }} Outcome `words`: why not, where it is not ok */
/** @typedef {{ importId: string, way: 'none' | 'whole' | 'parts' | 'read', progress: Progress | null }} Sending what is under way, for who gives it up */

/** States in which the server is still at work; `interrupted` too, of a file that it keeps. */
const UNDER_WAY = new Set(['queued', 'reading', 'storing'])

/**
 * Sends a file, at once or in parts, and waits until the server has stored it. Memory does not grow with the file.
 * @param {ImportAsked} asked
 * @param {import('./request.mjs').Server} server
 * @param {Sending} sending
 * @returns {Promise<Outcome>}
 */
export async function importFile(asked, server, sending) {
  try {
    const source = await sourceOf(asked.file)
    const mayPack = source.byteLength !== null && !source.isPacked && !asked.isGzip
    const first = await attempt(asked, server, sending, source, asked.isGzip && !source.isPacked)
    const isTooLarge = first.httpStatus === 413 && !first.isPacked && mayPack
    if (isTooLarge) sayPacking(asked)
    const { httpStatus, answer, retryAfter } = isTooLarge ? await attempt(asked, server, sending, source, true) : first
    if (httpStatus >= 400 || !answer?.import_id)
      return failed(refusal(server.url, httpStatus, answer, retryAfter), answer)
    const isNothing = ['failed', 'cancelled'].includes(answer.state) && answer.result?.total_records === 0
    return isNothing ? failed(answer.message, answer) : { ok: true, status: answer.status, answer, words: '' }
  } catch (error) {
    const unread = error instanceof BrokenConnection ? error.cause : error
    if (unread instanceof Unreadable) return failed(unreadable(asked.file, unread.cause))
    if (error instanceof BrokenConnection) return failed(unreachable(server.url, error))
    throw error
  } finally {
    sending.progress?.end()
    if (asked.file === '-') process.stdin.destroy() // what nobody reads any more would keep the command
  }
}

/**
 * @param {ImportAsked} asked
 * @param {import('./request.mjs').Server} server
 * @param {Sending} sending
 * @param {Source} source
 * @param {boolean} isGzip
 * @returns {Promise<Answered & { isPacked?: boolean }>} the import as it ended, or a refusal
 */
async function attempt(asked, server, sending, source, isGzip) {
  sending.progress?.end()
  const progress = new Progress(asked.isQuiet)
  Object.assign(sending, { importId: '', way: 'none', progress })
  const question = new URLSearchParams(asked.question)
  const size = source.byteLength && !isGzip ? `&bytes=${source.byteLength}` : ''
  const announce = async () => {
    const announced = await tryAgain(
      () => server.ask('POST', `api/v1/uploads?${question}${size}`),
      ({ code }) => code === 'ECONNRESET' || code === 'EPIPE',
    )
    sending.importId = announced.answer?.upload_id ?? ''
    return announced
  }
  const announced = await announce()
  const isOlder = announced.httpStatus === 404 || announced.httpStatus === 405
  if (!isOlder && (announced.httpStatus >= 300 || !sending.importId)) return announced
  Object.assign(sending, { way: 'whole' })
  const { byteLength } = source
  const whole = { open: () => bytesOf(source), byteLength, isGzip, isRepeatable: byteLength !== null }
  const target = {
    path: `api/v1/imports?${question}`,
    importId: isOlder ? null : sending.importId,
    announceAgain: asked.question.dry_run ? async () => (await announce()).answer?.upload_id ?? null : null,
  }
  const fitsAtOnce = isOlder || (byteLength !== null && byteLength <= (announced.answer.most_bytes_at_once ?? 0))
  const sent = fitsAtOnce
    ? await sendWhole(server, target, whole, progress)
    : await sendLarge(asked, server, sending, target, source, whole, announced.answer)
  const { import_id: importId, state } = sent.answer ?? {}
  if (sent.httpStatus >= 400 || !importId || !isAtWork(sending, state)) return sent
  if (sending.way === 'parts') sending.way = 'read'
  return followImport(server, importId, progress, (now) => !isAtWork(sending, now))
}

/**
 * @param {Sending} sending
 * @param {string} state
 */
function isAtWork({ way }, state) {
  return UNDER_WAY.has(state) || (way !== 'whole' && state === 'interrupted')
}

/**
 * @param {string} words
 * @param {any} [answer]
 * @returns {Outcome}
 */
function failed(words, answer) {
  return { ok: false, status: 'failed', answer: answer ?? null, words }
}
