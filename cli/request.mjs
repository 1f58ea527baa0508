// @ts-check
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'

/** Nobody answered, or not to the end. `hasBegun`: some of the file was on its way. */
export class BrokenConnection extends Error {
  /**
   * @param {unknown} cause
   * @param {boolean} hasBegun
   */
  constructor(cause, hasBegun) {
    super(cause instanceof Error ? cause.message : String(cause))
    this.code = String(/** @type {NodeJS.ErrnoException} */ (cause)?.code ?? '')
    this.hasBegun = hasBegun
  }
}

/** @typedef {{ httpStatus: number, answer: any, retryAfter: string }} Answered `answer`: null where it is no JSON */

const LARGEST_ANSWER = 64 * 1024 * 1024

/**
 * Posts a stream. An answer that comes before all is sent, such as a refusal, is the answer. Not fetch: that gives up
 * when the answer takes more than five minutes.
 * @param {URL} url
 * @param {string} key
 * @param {NodeJS.ReadableStream} file
 * @param {{ byteLength: number | null, isGzip: boolean, progress: import('./progress.mjs').Progress }} how
 * @returns {Promise<Answered>}
 */
export async function send(url, key, file, { byteLength, isGzip, progress }) {
  const request = requestTo(url, 'POST', {
    ...{ 'x-api-key': key, 'content-type': 'application/octet-stream', accept: 'application/json' },
    ...(byteLength === null ? {} : { 'content-length': String(byteLength) }),
  })
  const answered = answerOf(request, () => progress.sentBytes > 0)
  const counted = new Transform({
    transform: (piece, _encoding, done) => {
      progress.sent(piece.length)
      done(null, piece)
    },
    flush: (done) => {
      progress.allSent()
      const isShort = byteLength !== null && progress.sentBytes < byteLength // the server would wait for the rest
      done(isShort ? new Error('the file has become shorter') : null)
    },
  })
  const sending = isGzip
    ? pipeline(file, counted, createGzip({ level: constants.Z_BEST_SPEED }), request)
    : pipeline(file, counted, request)
  sending.catch((error) => request.destroy(error)) // also when the file cannot be read on
  try {
    return await answered
  } finally {
    if ('destroy' in file && typeof file.destroy === 'function') file.destroy()
    request.destroy()
  }
}

/**
 * @param {URL} url
 * @param {string} key
 * @returns {Promise<Answered>}
 */
export function ask(url, key) {
  const request = requestTo(url, 'GET', { 'x-api-key': key, accept: 'application/json' })
  const answered = answerOf(request, () => false)
  request.end()
  return answered
}

/**
 * @param {URL} url
 * @param {string} method
 * @param {Record<string, string>} headers
 */
function requestTo(url, method, headers) {
  return (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method, headers, agent: false })
}

/**
 * @param {import('node:http').ClientRequest} request
 * @param {() => boolean} hasBegun
 * @returns {Promise<Answered>}
 */
function answerOf(request, hasBegun) {
  return new Promise((resolve, reject) => {
    const broken = (/** @type {unknown} */ error) => reject(new BrokenConnection(error, hasBegun()))
    request.on('error', broken)
    let hasResponse = false
    request.on('close', () => {
      if (!hasResponse) broken(new Error('the connection was closed'))
    })
    request.on('response', (response) => {
      hasResponse = true
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => {
        if (text.length < LARGEST_ANSWER) text += piece
      })
      response.on('error', broken)
      response.on('close', () => broken(new Error('the answer broke off'))) // too late where it has ended
      response.on('end', () => {
        const { statusCode = 0, headers } = response
        const moved = statusCode >= 300 && statusCode < 400 ? { moved_to: headers.location ?? '' } : null
        resolve({ httpStatus: statusCode, answer: moved ?? json(text), retryAfter: headers['retry-after'] ?? '' })
      })
    })
  })
}

/** @param {string} text */
function json(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
