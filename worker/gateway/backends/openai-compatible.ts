import { wholeIn } from '../endpoints/endpoint.ts'
import { OpenAiError } from '../openai-error.ts'
import { SSE_DONE, SseCutter } from '../sse.ts'
import { openaiUsage } from '../tokens/openai-usage.ts'
import type { Ask, Backend, KnownBackend, Learned, StreamReader, UpstreamRequest } from './backend.ts'
import { type JsonObject, parsedObject } from './json-parts.ts'

/** Where OpenAI's endpoints stand below its base. */
export const PATHS = {
  'chat.completions': '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  responses: '/responses',
} as const

const OPENAI = 'https://api.openai.com/v1'

/**
 * Whatever speaks OpenAI's own API: OpenAI, vLLM, SGLang, TGI, Ollama, OpenRouter and most others. Bodies and answers pass as
 * they are: only the model's name is changed where it differs, and the usage of a stream is asked for.
 */
export const openaiCompatible: Backend = {
  kind: 'openai-compatible',
  serves: ['chat.completions', 'completions', 'embeddings', 'responses'],
  providerOf: ({ baseUrl, config }) =>
    typeof config.provider === 'string' && config.provider ? config.provider : providerAt(baseUrl || OPENAI),
  request: (ask, backend) => ({
    url: `${backend.baseUrl || OPENAI}${PATHS[ask.endpoint]}`,
    headers: { ...headersOf(backend), 'content-type': 'application/json' },
    body: openaiBody(ask, limitOf(backend)),
  }),
  limit: limitOf,
  answer: openaiAnswer,
  stream: openaiStream,
  refusal: openaiRefusal,
  probe: (backend) => ({ url: `${backend.baseUrl || OPENAI}/models`, headers: headersOf(backend) }),
}

/** OpenAI's newer models take the newer name alone; many other servers know the older one alone. */
function limitOf({ baseUrl }: KnownBackend): 'max_tokens' | 'max_completion_tokens' {
  return providerAt(baseUrl || OPENAI) === 'openai' ? 'max_completion_tokens' : 'max_tokens'
}

function headersOf({ secrets, config }: KnownBackend): UpstreamRequest['headers'] {
  const more = typeof config.headers === 'object' && config.headers !== null ? config.headers : {}
  return {
    ...(secrets.apiKey ? { authorization: `Bearer ${secrets.apiKey}` } : {}),
    ...(more as Record<string, string>),
  }
}

/** The registrable part of a host: "api.openai.com" is openai; an address or a bare name is itself. */
export function providerAt(baseUrl: string): string {
  const { hostname } = new URL(baseUrl)
  if (/^[\d.]+$|^\[/.test(hostname)) return 'self-hosted'
  const parts = hostname.split('.')
  return (parts.length >= 2 ? parts.at(-2) : parts[0]) || 'self-hosted'
}

/** The client's body for a backend that speaks OpenAI's API. */
export function openaiBody(ask: Ask, limit: 'max_tokens' | 'max_completion_tokens'): string {
  const { raw, endpoint, upstreamModel, isStream, wantsUsage } = ask
  const body = limit === 'max_tokens' ? withOlderLimit(ask) : ask.body
  const asksUsage = isStream && endpoint !== 'responses' && !wantsUsage
  if (raw !== null && body.model === upstreamModel && !asksUsage) return raw
  const options = asksUsage ? { stream_options: { ...(body.stream_options as object), include_usage: true } } : {}
  return JSON.stringify({ ...body, model: upstreamModel, ...options })
}

/** The limit that the gateway set, by the older name; what the client itself said stays. */
export function withOlderLimit({ body, endpoint, capped }: Ask): Ask['body'] {
  if (!capped || endpoint !== 'chat.completions' || (body.max_tokens ?? null) !== null) return body
  const { max_completion_tokens: most, ...rest } = body
  return { ...(capped === 'added' ? rest : body), max_tokens: most }
}

export function openaiAnswer(text: string): Learned & { text: string } {
  const json = parsedObject(text)
  if (!json) throw new OpenAiError(502, 'bad_upstream_answer', 'The backend did not answer with a JSON object')
  // Some say with 200 that they have failed (OpenRouter); a response of OpenAI's has `error: null`.
  if (json.error && json.choices === undefined && json.output === undefined && json.data === undefined)
    throw new OpenAiError(502, 'upstream_error', messageIn(json.error), { type: 'server_error' })
  return { text, ...learnedOf(json) }
}

function learnedOf(json: JsonObject): Learned {
  return {
    usage: openaiUsage(json.usage),
    model: typeof json.model === 'string' ? json.model : null,
    serviceTier: typeof json.service_tier === 'string' ? json.service_tier : null,
  }
}

/** That an answer of a stream has ended. */
const FINISH = /"finish_reason"\s*:\s*"/

/** A stream as it is, without the chunk of usage that the client did not ask for. */
export function openaiStream({ wantsUsage, endpoint, body }: Ask): StreamReader {
  const cutter = new SseCutter()
  let learned: Learned = { usage: null, model: null, serviceTier: null }
  let [pieces, finished, isDone, error] = [0, 0, false, '']
  const look = (data: string): boolean => {
    if (isDone || error !== '') return false // what comes after the end is not of this answer
    if (data === '[DONE]') {
      isDone = true
      return true
    }
    if (data !== '') pieces += 1
    if (FINISH.test(data)) finished += 1
    const isFirst = learned.model === null
    if (!isFirst && !data.includes('"usage"') && !data.includes('"error"')) return true
    const json = parsedObject(data)
    if (!json) return true
    if (json.error) {
      error = messageIn(json.error) || 'The backend failed in the middle'
      pieces -= 1
      return false // the gateway says it itself, once
    }
    const said = endpoint === 'responses' ? ((json.response as Record<string, unknown> | undefined) ?? json) : json
    const now = learnedOf(said)
    learned = { ...learned, ...now, usage: now.usage ?? learned.usage, model: now.model ?? learned.model ?? '' }
    if (endpoint === 'responses' && /^response\.(completed|incomplete|failed)$/.test(String(json.type))) isDone = true
    const isUsageAlone = now.usage !== null && Array.isArray(json.choices) && json.choices.length === 0
    if (isUsageAlone) pieces -= 1
    return !isUsageAlone || wantsUsage
  }
  return {
    read: (text) => {
      let out = ''
      for (const { raw, data } of cutter.push(text)) if (look(data)) out += raw
      return out
    },
    end: () => {
      const last = cutter.lastEvent()
      const rest = last && look(last.data) ? last.raw : ''
      // Some servers end the connection in place of [DONE]: all answers have ended then, or the usage has been said.
      const isWhole = finished > 0 && (learned.usage !== null || finished >= (wholeIn(body.n) ?? 1))
      if (isDone || error !== '' || endpoint === 'responses' || !isWhole) return rest
      isDone = true
      return rest + SSE_DONE
    },
    learned: () => ({ ...learned, model: learned.model || null, pieces, isDone, error }),
  }
}

function messageIn(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown }
  return (typeof message === 'string' ? message : JSON.stringify(error)).slice(0, MOST_MESSAGE)
}

/** Of a refusal's words. A context that is too long is quoted by some in whole. */
const MOST_MESSAGE = 4_000
/** How servers that know no code of OpenAI's say that a request is too long (vLLM, SGLang, TGI, llama.cpp). */
const TOO_LONG =
  /maximum context length|context[ _](length|window|size)|longer than the model's|inputs? tokens? .{0,60}must be/i

/** OpenAI's own envelope passes as it is; anything else is quoted. */
export function openaiRefusal(status: number, text: string): OpenAiError {
  const json = parsedObject(text)
  const isFlat = typeof json?.message === 'string' // vLLM's older envelope has no `error` around it
  const error = isFlat ? json : (json?.error ?? json?.detail)
  if (typeof error !== 'object' || error === null) {
    const words = (typeof error === 'string' ? error : text.trim().slice(0, 500)).slice(0, MOST_MESSAGE)
    return new OpenAiError(status, codeOf(status, null, words), words || `The backend answered ${status}`)
  }
  const { message, code, type, param } = error as Record<string, unknown>
  const textOr = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : null)
  const words = typeof message === 'string' ? message.slice(0, MOST_MESSAGE) : `The backend answered ${status}`
  return new OpenAiError(status, codeOf(status, textOr(code), words), words, {
    ...(textOr(type) === null ? {} : { type: textOr(type) as string }),
    param: textOr(param),
  })
}

function codeOf(status: number, code: string | null, words: string): string | null {
  if (code === null && (status === 400 || status === 413) && TOO_LONG.test(words)) return 'context_length_exceeded'
  return code
}
