import { brokenBody } from '../errors.ts'
import { OpenAiError, openAiErrorOf } from './openai-error.ts'

/** Pictures and long contexts travel inside the JSON. */
const MOST_BYTES = 32 * 1024 * 1024
/** Deeper than any schema of a tool; deeper still and writing it as JSON again ends in a full stack. */
const DEEPEST = 200
/** What says JSON, or nothing: `fetch` calls text that nobody has named text/plain. */
const TAKEN = /^(application\/([\w.-]+\+)?json|text\/plain|application\/octet-stream)\s*(;|$)/i

/**
 * The JSON object of a call, and its text as it came.
 * @throws OpenAiError 400 where it is none, 413 beyond 32 MiB, 415 for a form and the like
 */
export async function readCallBody(request: Request): Promise<{ body: Record<string, unknown>; raw: string }> {
  const type = request.headers.get('content-type') ?? ''
  if (type !== '' && !TAKEN.test(type))
    throw new OpenAiError(
      ...([415, 'unsupported_content_type'] as const),
      `Unsupported content type: '${type.slice(0, 100)}'. This method only accepts 'application/json' requests.`,
    )
  const raw = await textOf(request).catch((error: unknown) => {
    throw error instanceof OpenAiError ? error : openAiErrorOf(brokenBody(error))
  })
  try {
    const body = JSON.parse(raw) as unknown
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      if (isTooDeep(body)) throw new OpenAiError(400, null, `The body is nested deeper than ${DEEPEST} levels.`)
      return { body: body as Record<string, unknown>, raw }
    }
  } catch (error) {
    if (error instanceof OpenAiError) throw error
  }
  throw new OpenAiError(400, null, 'We could not parse the JSON body of your request: it must be a JSON object.')
}

/** The runtime holds a client to the length that it announces; a body without one is counted as it comes. */
async function textOf(request: Request): Promise<string> {
  const announced = request.headers.get('content-length')
  if (announced !== null) {
    if (Number(announced) > MOST_BYTES) throw tooLarge()
    return request.text()
  }
  if (!request.body) return ''
  const decoder = new TextDecoder()
  const pieces: string[] = []
  let bytes = 0
  for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength
    if (bytes > MOST_BYTES) throw tooLarge()
    pieces.push(decoder.decode(piece, { stream: true }))
  }
  return pieces.join('') + decoder.decode()
}

/** Level by level, so that no depth fills the stack. */
function isTooDeep(body: object): boolean {
  let level: object[] = [body]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true
    const next: object[] = []
    for (const one of level)
      for (const inner of Object.values(one)) if (typeof inner === 'object' && inner !== null) next.push(inner)
    level = next
  }
  return false
}

function tooLarge(): OpenAiError {
  return new OpenAiError(413, 'request_too_large', 'The body is larger than 32 MiB')
}
