import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { HranaError, protocolError } from './hrana-error.ts'

/**
 * Lets the holder of the token in, and everybody when there is none; but never a page in a browser, which could reach
 * a loopback address too and always names its origin.
 * Throws HranaError AUTH_INVALID (401), FORBIDDEN_ORIGIN (403).
 */
export function checkCaller(request: IncomingMessage, authToken: string | null): void {
  const { authorization = '', origin } = request.headers
  if (origin !== undefined) throw new HranaError('FORBIDDEN_ORIGIN', 'Pages in a browser are not served', 403)
  if (authToken === null) return
  const [, given = ''] = /^Bearer (.*)$/i.exec(authorization) ?? []
  if (!timingSafeEqual(sha256(given), sha256(authToken))) {
    throw new HranaError('AUTH_INVALID', 'Authentication failed: a valid bearer token is required', 401)
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/**
 * Reads a body as JSON. A body above `maxBytes` is read to its end, without being kept, because a client that is cut
 * off while it sends does not see the answer; one above four times that is cut off.
 * Throws HranaError BODY_TOO_LARGE (413), PROTOCOL_ERROR (400) for what is not JSON in UTF-8.
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  let chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > 4 * maxBytes) break
    if (bytes > maxBytes) chunks = []
    else chunks.push(chunk)
  }
  if (bytes > maxBytes) throw new HranaError('BODY_TOO_LARGE', `The body exceeds ${maxBytes} bytes`, 413)
  const body = Buffer.concat(chunks, bytes)
  if (!isUtf8(body)) throw protocolError('Cannot deserialize JSON request body: it is not UTF-8')
  try {
    // Most bodies are ASCII, which is read three times as fast as Latin-1.
    return JSON.parse(body.toString(isAscii(body) ? 'latin1' : 'utf8'))
  } catch (error) {
    throw protocolError(`Cannot deserialize JSON request body: ${error instanceof Error ? error.message : error}`)
  }
}

/** The status and the JSON of an error; of an unexpected one only its message. */
export function errorReply(error: unknown): { status: number; json: string } {
  const known = error instanceof HranaError ? error : null
  const message = error instanceof Error ? error.message : String(error)
  return { status: known?.status ?? 500, json: JSON.stringify({ message, code: known?.code ?? 'INTERNAL_ERROR' }) }
}

/** Answers with JSON, unless the client is gone. Clients look for exactly this content type. */
export function reply(response: ServerResponse, status: number, json: string): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(json)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
}
