// @ts-check
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'

/** Nobody answered, or not to the end. `hasBegun`: some of the file was on its way. */
export class BrokenConnection extends Error {
  /**
   * @param {unknown} cause
   * @param {boolean} hasBegun
   */
  constructor(cause, hasBegun) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.code = String(/** @type {NodeJS.ErrnoException} */ (cause)?.code ?? '')
    this.hasBegun = hasBegun
  }
}

/** @typedef {{ httpStatus: number, answer: any, retryAfter: string }} Answered `answer`: null where it is no JSON */
/**
 * @typedef {{
 *   byteLength: number | null, isGzip?: boolean, idleMs?: number,
 *   onSent: (bytes: number) => void, onAllSent?: () => void,
 * }} How `idleMs`: silence after which the connection counts as broken
 */

const LARGEST_ANSWER = 64 * 1024 * 1024
/** A question with a short answer is not left open for longer. */
const IDLE_MS = 60_000
/** The server gives a sign of life every 15 s. */
const SILENT_EVENTS_MS = 45_000

/** A Heliox server, and the requests to it that are under way. Not fetch: that gives up after five minutes. */
export class Server {
  /** @type {Set<import('node:http').ClientRequest>} */
  #open = new Set()
  #isHungUp = false

  /**
   * @param {URL} url ends in a slash
   * @param {string} key
   */
  constructor(url, key) {
    this.url = url
    this.key = key
  }

  /** Breaks off all that is under way; nothing is asked any more. */
  hangUp() {
    this.#isHungUp = true
    for (const request of this.#open) request.destroy()
  }

  /**
   * @param {string} method
   * @param {string} path below the address
   * @returns {Promise<Answered>}
   */
  ask(method, path) {
    const request = this.#requestTo(method, path, { accept: 'application/json', 'content-length': '0' }, IDLE_MS)
    const answered = answerOf(request, () => false)
    request.end()
    return answered
  }

  /**
   * Sends bytes. An answer that comes before all is sent, such as a refusal, is the answer.
   * @param {string} method
   * @param {string} path
   * @param {AsyncIterable<Buffer>} bytes
   * @param {How} how
   * @returns {Promise<Answered>}
   */
  async send(method, path, bytes, { byteLength, isGzip, idleMs, onSent, onAllSent }) {
    const headers = {
      ...{ 'content-type': 'application/octet-stream', accept: 'application/json' },
      ...(byteLength === null || isGzip ? {} : { 'content-length': String(byteLength) }),
    }
    const request = this.#requestTo(method, path, headers, idleMs)
    let sent = 0
    const answered = answerOf(request, () => sent > 0)
    const file = Readable.from(bytes, { objectMode: true, highWaterMark: 1 })
    const counted = new Transform({
      transform: (piece, _encoding, done) => {
        sent += piece.length
        onSent(piece.length)
        done(null, piece)
      },
      flush: (done) => {
        onAllSent?.()
        const isShort = byteLength !== null && sent < byteLength // the server would wait for the rest
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
      file.destroy()
      request.destroy()
    }
  }

  /**
   * Listens to server-sent events until one is the last, the server closes or the connection breaks.
   * @param {string} path
   * @param {(name: string, data: any) => boolean} onEvent true: that was the last
   * @returns {Promise<boolean>} whether there was a last one
   */
  events(path, onEvent) {
    return new Promise((resolve) => {
      const request = this.#requestTo('GET', path, { accept: 'text/event-stream' }, SILENT_EVENTS_MS)
      request.on('error', () => resolve(false))
      request.on('close', () => resolve(false))
      request.on('response', (response) => {
        const { statusCode, headers } = response
        if (statusCode !== 200 || !headers['content-type']?.startsWith('text/event-stream')) return request.destroy()
        let text = ''
        response.on('error', () => resolve(false))
        response.setEncoding('utf8').on('data', (piece) => {
          const events = (text + piece).split('\n\n')
          text = events.pop() ?? ''
          for (const event of events) {
            const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
            const told = json(data)
            if (told === null || !onEvent(name, told)) continue
            resolve(true)
            request.destroy()
          }
        })
        response.on('end', () => resolve(false))
      })
      request.end()
    })
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {number} [idleMs]
   */
  #requestTo(method, path, headers, idleMs) {
    const url = new URL(path, this.url)
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      ...{ method, headers: { 'x-api-key': this.key, ...headers }, agent: false },
    })
    this.#open.add(request)
    request.on('close', () => this.#open.delete(request))
    if (idleMs)
      request.setTimeout(idleMs, () => {
        request.destroy(Object.assign(new Error('no answer has come'), { code: 'ETIMEDOUT' }))
      })
    if (this.#isHungUp) request.destroy(new Error('given up'))
    return request
  }
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
