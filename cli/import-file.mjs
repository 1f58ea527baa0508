// @ts-check
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Progress } from './progress.mjs'
import { ask, BrokenConnection, send } from './request.mjs'
import { refusal, unreachable, unreadable } from './words.mjs'

/** @typedef {import('./options.mjs').ImportAsked} ImportAsked */
/** @typedef {{ path: string | null, byteLength: number | null, isPacked: boolean }} Source `path` null: standard input */
/** @typedef {{ ok: boolean, status: string, answer: any, words: string }} Outcome `words`: why not, where it is not ok */

/** States in which the server is still at work. */
const UNDER_WAY = new Set(['queued', 'reading', 'storing'])
const ASK_AGAIN_MS = 1_000
const READ_BYTES = 256 * 1024

/**
 * Sends a file and waits until the server has stored it. A file that is too large for one request is sent once more,
 * packed. Memory does not grow with the file.
 * @param {ImportAsked} asked
 * @returns {Promise<Outcome>}
 */
export async function importFile(asked) {
  let source
  try {
    source = await sourceOf(asked.file)
  } catch (error) {
    return failed(unreadable(asked.file, error))
  }
  const canPack = source.path !== null && !source.isPacked
  const first = await attempt(asked, source, asked.isGzip && !source.isPacked)
  if (first.httpStatus !== 413 || asked.isGzip || !canPack) return first
  if (!asked.isQuiet && !asked.isJson) process.stderr.write('Too large for one request: sending it again, packed\n')
  return attempt(asked, source, true)
}

/**
 * @param {ImportAsked} asked
 * @param {Source} source
 * @param {boolean} isGzip
 * @returns {Promise<Outcome & { httpStatus?: number }>}
 */
async function attempt(asked, source, isGzip) {
  const { url, key } = asked
  const progress = new Progress(source.byteLength, asked.isQuiet)
  /** @type {unknown} */
  let unread
  try {
    const file = source.path === null ? process.stdin : readOf(source.path, source.byteLength)
    file.on('error', (/** @type {unknown} */ error) => {
      unread = error
    })
    const byteLength = isGzip ? null : source.byteLength
    const path = `api/v1/imports?${new URLSearchParams(asked.question)}`
    let { httpStatus, answer, retryAfter } = await send(new URL(path, url), key, file, { byteLength, isGzip, progress })
    if (httpStatus >= 400 || !answer?.import_id)
      return { ...failed(refusal(url, httpStatus, answer, retryAfter), answer), httpStatus }
    while (UNDER_WAY.has(answer.state)) {
      progress.stored(answer.result?.total_records ?? 0)
      await wait(ASK_AGAIN_MS)
      const again = await ask(new URL(`api/v1/imports/${encodeURIComponent(answer.import_id)}`, url), key)
      if (again.httpStatus >= 400) return failed(refusal(url, again.httpStatus, again.answer, again.retryAfter))
      answer = again.answer
    }
    return { ok: true, status: answer.status, answer, words: '' }
  } catch (error) {
    if (unread) return failed(unreadable(asked.file, unread))
    if (error instanceof BrokenConnection) return failed(unreachable(url, error))
    throw error
  } finally {
    progress.end()
  }
}

/**
 * A file as long as it was: one that still grows has a next time.
 * @param {string} path
 * @param {number | null} byteLength
 */
function readOf(path, byteLength) {
  const end = byteLength === null ? undefined : Math.max(0, byteLength - 1)
  return createReadStream(path, { highWaterMark: READ_BYTES, ...(end === undefined ? {} : { end }) })
}

/**
 * @param {string} words
 * @param {any} [answer]
 * @returns {Outcome}
 */
function failed(words, answer) {
  return { ok: false, status: 'failed', answer: answer ?? null, words }
}

/**
 * What there is to send. Its first bytes tell whether it is packed already (gzip, ZIP, Parquet).
 * @param {string} path
 * @returns {Promise<Source>}
 */
async function sourceOf(path) {
  if (path === '-') return { path: null, byteLength: null, isPacked: false }
  const file = await open(path, 'r')
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    if (!stat.isFile()) return { path, byteLength: null, isPacked: false } // a pipe: reading ahead would take its bytes
    const head = Buffer.alloc(4)
    await file.read(head, 0, 4, 0)
    const isPacked = ['1f8b', '504b'].includes(head.toString('hex', 0, 2)) || head.toString('latin1') === 'PAR1'
    return { path, byteLength: stat.size, isPacked }
  } finally {
    await file.close()
  }
}
