import { OpenAiError } from '../../openai-error.ts'
import type { Ask } from '../backend.ts'

/** What is used of the binding (developers.cloudflare.com/workers-ai/configuration/bindings, 2026-11). */
export type AiBinding = {
  run: (model: string, inputs: object, options: { signal?: AbortSignal }) => Promise<unknown>
}

/** By the number in front of its errors (developers.cloudflare.com/workers-ai/platform/errors, 2026-11); the others are 500. */
const STATUSES: Readonly<Record<string, number>> = {
  ...{ 3003: 400, 3006: 413, 3007: 408, 3036: 429, 3040: 429, 5004: 400, 5005: 405, 5007: 404, 5016: 403, 5018: 403 },
}

/**
 * The model's answer through the binding, as a response like one over HTTP.
 * @throws OpenAiError 503 where the Worker has no such binding
 */
export async function runOnBinding(ask: Ask, ai: AiBinding | undefined, timeoutMs: number): Promise<Response> {
  if (!ai)
    throw new OpenAiError(503, 'backend_unavailable', 'This Worker has no binding AI, and the backend no account')
  const control = new AbortController()
  const timer = setTimeout(() => control.abort(), timeoutMs) // until it begins to answer, not while it does
  const silence = new Promise<never>((_, reject) => {
    control.signal.addEventListener('abort', () => reject(control.signal.reason)) // whether or not it heeds the signal
  })
  try {
    const answer = await Promise.race([ai.run(ask.upstreamModel, inputsOf(ask), { signal: control.signal }), silence])
    if (answer instanceof ReadableStream)
      return new Response(answer, { headers: { 'content-type': 'text/event-stream' } })
    return Response.json(answer)
  } catch (error) {
    if (control.signal.aborted)
      throw new OpenAiError(504, 'upstream_timeout', `The backend sent nothing within ${timeoutMs} ms`)
    const message = error instanceof Error ? error.message : String(error)
    return Response.json({ error: { message } }, { status: STATUSES[/\b(\d{4}):/.exec(message)?.[1] ?? ''] ?? 500 })
  } finally {
    clearTimeout(timer)
  }
}

function inputsOf({ endpoint, body }: Ask): object {
  if (endpoint === 'embeddings') return { text: Array.isArray(body.input) ? body.input : [body.input] }
  const { model: _, max_completion_tokens: most = null, ...inputs } = body
  return most === null ? inputs : { max_tokens: most, ...inputs }
}
