import { OpenAiError } from './openai-error.ts'

/** Pictures and long contexts travel inside the JSON. */
const MOST_BYTES = 32 * 1024 * 1024

/**
 * The JSON object of a call, and its text as it came.
 * @throws OpenAiError 400 where it is none, 413 beyond 32 MiB
 */
export async function readCallBody(request: Request): Promise<{ body: Record<string, unknown>; raw: string }> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) throw tooLarge()
  const raw = await request.text()
  if (raw.length > MOST_BYTES) throw tooLarge()
  try {
    const body = JSON.parse(raw) as unknown
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return { body: body as Record<string, unknown>, raw }
  } catch {
    // said below
  }
  throw new OpenAiError(400, null, 'We could not parse the JSON body of your request: it must be a JSON object.')
}

function tooLarge(): OpenAiError {
  return new OpenAiError(413, 'request_too_large', 'The body is larger than 32 MiB')
}
