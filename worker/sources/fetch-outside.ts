import { HelioxError } from '../errors.ts'
import { addressRefusal } from '../outside-address.ts'

/** How far a source may reach, as the deployment says. */
export type Reach = { allowPrivateSources: boolean }

/** A request to a source's server. `secretHeaders` go to the host of `url` and to no other. */
export type OutsideRequest = {
  url: URL
  headers?: Record<string, string>
  secretHeaders?: Record<string, string>
  /** Signs the request just before it is sent; one that is signed follows no redirect. */
  sign?: (url: URL, headers: Record<string, string>) => Promise<Request>
  /** Statuses that the caller understands, beside 2xx. */
  expects?: readonly number[]
}

/** Until the headers of an answer are there, and between two pieces of its body. */
const ANSWER_MS = 30_000
const SILENCE_MS = 60_000
const MOST_REDIRECTS = 5

/**
 * Asks a server outside, with a time limit on the answer and on every pause in its body. Redirects are followed to
 * addresses that are allowed as well, without the secret headers where the host is another, and never from https to http.
 *
 * @throws HelioxError invalid `sources.address_refused`, `sources.unreachable`, `sources.refused` with the status
 */
export async function fetchOutside(reach: Reach, asked: OutsideRequest): Promise<Response> {
  let url = asked.url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    requireReachable(reach, url)
    const isSameHost = url.origin === asked.url.origin
    const headers = { 'user-agent': 'Heliox', ...asked.headers, ...(isSameHost ? asked.secretHeaders : {}) }
    const response = await send(asked, url, headers)
    const target = redirectOf(response, url)
    if (!target) return checked(response, url, asked.expects ?? [])
    await response.body?.cancel()
    if (asked.sign) throw refusedBy(url, response.status, 'it sends requests on to another address: check the region')
    if (url.protocol === 'https:' && target.protocol === 'http:')
      throw new HelioxError('invalid', 'sources.address_refused', `${url.host} redirects from https to http`)
    url = target
  }
  throw new HelioxError(
    'invalid',
    'sources.unreachable',
    `${asked.url.host} redirects more than ${MOST_REDIRECTS} times`,
  )
}

async function send({ sign }: OutsideRequest, url: URL, headers: Record<string, string>): Promise<Response> {
  const request = sign ? await sign(url, headers) : new Request(url, { headers })
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), ANSWER_MS)
  try {
    const response = await fetch(request, { redirect: 'manual', signal: abort.signal })
    if (!response.body) return response
    const { status, statusText, headers: answered } = response
    return new Response(patient(response.body, url, abort), { status, statusText, headers: answered })
  } catch (cause) {
    // The words of the runtime may quote the request: they stay out of the answer and of the log.
    const why = abort.signal.aborted ? `did not answer within ${ANSWER_MS / 1000} seconds` : 'cannot be reached'
    throw new HelioxError('invalid', 'sources.unreachable', `${url.host} ${why}`, { cause: new Error(nameOf(cause)) })
  } finally {
    clearTimeout(timer)
  }
}

/** A body that fails when the server falls silent for too long, or breaks off. */
function patient(body: ReadableStream<Uint8Array>, url: URL, abort: AbortController): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const failed = (why: string) => new HelioxError('invalid', 'sources.unreachable', `${url.host} ${why}`)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let isSilent = false
        const timer = setTimeout(() => {
          isSilent = true
          abort.abort()
        }, SILENCE_MS)
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch {
          controller.error(
            failed(isSilent ? 'fell silent in the middle of the file' : 'broke off in the middle of the file'),
          )
        } finally {
          clearTimeout(timer)
        }
      },
      cancel: () => reader.cancel().catch(() => undefined),
    },
    { highWaterMark: 0 },
  )
}

function redirectOf(response: Response, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(response.status)) return null
  const location = response.headers.get('location')
  return location === null ? null : URL.parse(location, from.href)
}

async function checked(response: Response, url: URL, expects: readonly number[]): Promise<Response> {
  if (response.ok || expects.includes(response.status)) return response
  await response.body?.cancel()
  const hint = [401, 403].includes(response.status)
    ? 'check the secrets and what they allow'
    : response.status >= 500
      ? 'that server has failed'
      : 'check the address'
  throw refusedBy(url, response.status, hint)
}

/** A server's refusal in words: its host and status, never its body, which may repeat what was sent. */
export function refusedBy(url: URL, status: number, hint: string): HelioxError {
  return new HelioxError('invalid', 'sources.refused', `${url.host} answered ${status}: ${hint}`)
}

/** Refuses addresses as `addressRefusal` does, in the field that holds it. @throws HelioxError invalid `sources.address_refused` */
export function requireReachable({ allowPrivateSources }: Reach, url: URL, field?: string): void {
  const why = addressRefusal(url, { allowsInside: allowPrivateSources, setting: 'ALLOW_PRIVATE_SOURCES' })
  if (why === null) return
  const message = `${url.host || 'The address'} ${why}`
  throw new HelioxError(
    'invalid',
    'sources.address_refused',
    message,
    field ? { details: [`${field}: ${message}`] } : {},
  )
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown'
}

/** A whole answer that is small by nature. @throws HelioxError too_large `sources.answer_too_large` */
export async function textOf(response: Response, mostBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of bytesOf(response)) {
    size += piece.byteLength
    if (size > mostBytes)
      throw new HelioxError('too_large', 'sources.answer_too_large', 'The server answers far more than it should')
    pieces.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}

async function* bytesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
