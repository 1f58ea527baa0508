import { estimateTokens } from '../endpoints/endpoint.ts'
import { SSE_DONE, sseEvent } from '../sse.ts'
import type { Ask, Backend } from './backend.ts'
import { openaiAnswer, openaiRefusal, openaiStream } from './openai-compatible.ts'

const EMBEDDING_SIZE = 8

/**
 * Answers with the last thing that the user said, a word at a time where it streams; four characters are a token. It asks
 * nobody and costs nothing unless its model has a price: to try everything without a provider. Not for production.
 */
export const echo: Backend = {
  kind: 'echo',
  serves: ['chat.completions', 'completions', 'embeddings', 'responses'],
  providerOf: () => 'echo',
  request: () => ({ url: '', headers: {}, body: '' }),
  send: async (ask) => (ask.isStream ? streamed(ask) : Response.json(whole(ask))),
  answer: openaiAnswer,
  stream: openaiStream,
  refusal: openaiRefusal,
  probe: () => null,
  mostOutput: ({ body, endpoint }) => {
    const { prompt, completion } = counted({ body, endpoint })
    return { inputTokens: prompt, outputTokens: completion }
  },
}

type Echoed = Pick<Ask, 'body' | 'endpoint'>

/** Text of a message, or of its parts that are text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => String((part as { text?: unknown }).text ?? '')).join('')
}

type Message = { role?: unknown; content?: unknown }

function lastSaid({ body, endpoint }: Echoed): string {
  if (endpoint === 'completions') return Array.isArray(body.prompt) ? String(body.prompt[0]) : String(body.prompt ?? '')
  const said = endpoint === 'responses' ? body.input : body.messages
  if (!Array.isArray(said)) return String(said ?? '')
  const last = (said as Message[]).findLast(({ role }) => role === 'user')
  return textOf(last?.content)
}

function counted(asked: Echoed): { prompt: number; completion: number } {
  const { body, endpoint } = asked
  if (endpoint === 'embeddings') return { prompt: estimateTokens(body.input), completion: 0 }
  const said = { completions: body.prompt, responses: body.input, 'chat.completions': body.messages }[endpoint]
  const prompt = Array.isArray(said)
    ? (said as (Message | string)[]).reduce(
        (sum, one) => sum + estimateTokens(typeof one === 'string' ? one : textOf(one.content)),
        0,
      )
    : estimateTokens(said)
  const limit = body.max_completion_tokens ?? body.max_tokens ?? body.max_output_tokens
  const all = estimateTokens(lastSaid(asked))
  return { prompt, completion: typeof limit === 'number' ? Math.min(all, limit) : all }
}

/** What is said back: no longer than the client allows. */
function reply(asked: Echoed): { text: string; isCut: boolean } {
  const said = lastSaid(asked)
  const { completion } = counted(asked)
  const text = said.slice(0, completion * 4)
  return { text, isCut: text.length < said.length }
}

function usageOf(asked: Echoed) {
  const { prompt, completion } = counted(asked)
  return asked.endpoint === 'responses'
    ? { input_tokens: prompt, output_tokens: completion, total_tokens: prompt + completion }
    : { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function head({ upstreamModel: model, requestId }: Ask, object: string) {
  return { id: `echo-${requestId}`, object, created: Math.floor(Date.now() / 1000), model }
}

function whole(ask: Ask): object {
  const { text, isCut } = reply(ask)
  const finish = isCut ? 'length' : 'stop'
  if (ask.endpoint === 'embeddings') {
    const inputs = Array.isArray(ask.body.input) ? ask.body.input : [ask.body.input]
    const data = inputs.map((input, index) => ({ object: 'embedding', index, embedding: embeddingOf(String(input)) }))
    return { object: 'list', model: ask.upstreamModel, data, usage: usageOf(ask) }
  }
  if (ask.endpoint === 'completions')
    return {
      ...head(ask, 'text_completion'),
      choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
      usage: usageOf(ask),
    }
  if (ask.endpoint === 'responses') return responseOf(ask, text, 'completed')
  const message = { role: 'assistant', content: text, refusal: null }
  return {
    ...head(ask, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    usage: usageOf(ask),
  }
}

function responseOf(ask: Ask, text: string, status: string): object {
  const content = [{ type: 'output_text', text, annotations: [] }]
  return {
    ...{ id: `resp_${ask.requestId}`, object: 'response', created_at: Math.floor(Date.now() / 1000), status },
    ...{ model: ask.upstreamModel, error: null, incomplete_details: null },
    output: [{ type: 'message', id: `msg_${ask.requestId}`, role: 'assistant', status, content }],
    usage: status === 'completed' ? usageOf(ask) : null,
  }
}

function streamed(ask: Ask): Response {
  const { text, isCut } = reply(ask)
  const words = text.match(/\s*\S+|\s+$/g) ?? []
  const events = ask.endpoint === 'responses' ? responseEvents(ask, text, words) : chunkEvents(ask, words, isCut)
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    pull(controller) {
      const next = events.shift()
      if (next === undefined) controller.close()
      else controller.enqueue(encoder.encode(next))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

function chunkEvents(ask: Ask, words: readonly string[], isCut: boolean): string[] {
  const isChat = ask.endpoint === 'chat.completions'
  const base = head(ask, isChat ? 'chat.completion.chunk' : 'text_completion')
  const chunk = (delta: object, text: string, finish: string | null) =>
    sseEvent({
      ...base,
      choices: [{ index: 0, ...(isChat ? { delta } : { text }), logprobs: null, finish_reason: finish }],
    })
  return [
    ...(isChat ? [chunk({ role: 'assistant', content: '' }, '', null)] : []),
    ...words.map((word) => chunk({ content: word }, word, null)),
    chunk({}, '', isCut ? 'length' : 'stop'),
    sseEvent({ ...base, choices: [], usage: usageOf(ask) }), // the gateway has asked for it
    SSE_DONE,
  ]
}

function responseEvents(ask: Ask, text: string, words: readonly string[]): string[] {
  let sequence = 0
  const event = (type: string, more: object) => {
    const data = JSON.stringify({ type, sequence_number: sequence, ...more })
    sequence += 1
    return `event: ${type}\ndata: ${data}\n\n`
  }
  const at = { item_id: `msg_${ask.requestId}`, output_index: 0, content_index: 0 }
  return [
    event('response.created', { response: responseOf(ask, '', 'in_progress') }),
    ...words.map((delta) => event('response.output_text.delta', { ...at, delta })),
    event('response.output_text.done', { ...at, text }),
    event('response.completed', { response: responseOf(ask, text, 'completed') }),
  ]
}

/** Always the same numbers for the same text, of length 1 together. */
function embeddingOf(text: string): number[] {
  const sums = Array.from({ length: EMBEDDING_SIZE }, () => 0)
  for (let at = 0; at < text.length; at += 1) {
    const slot = at % EMBEDDING_SIZE
    sums[slot] = (sums[slot] ?? 0) + text.charCodeAt(at)
  }
  const length = Math.hypot(...sums) || 1
  return sums.map((sum) => sum / length)
}
