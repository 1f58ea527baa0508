import { OpenAiError } from '../openai-error.ts'
import { openaiUsageOf } from '../tokens/openai-usage.ts'
import type { Ask, Learned } from './backend.ts'
import { type JsonObject, parsedObject } from './json-parts.ts'

/** One answer of a chat in OpenAI's words. */
export type ChatChoice = {
  content: string
  reasoning: string
  calls: { id: string; name: string; arguments: string; extra?: JsonObject }[]
  finish: string
  refusal?: string
  logprobs?: unknown
}

/** The answer's JSON, or OpenAI's error for a backend that sent none. */
export function answeredObject(text: string): JsonObject {
  const json = parsedObject(text)
  if (json) return json
  throw new OpenAiError(502, 'bad_upstream_answer', 'The backend did not answer with a JSON object')
}

/** A whole `chat.completion`. */
export function chatCompletion(
  { requestId, upstreamModel }: Ask,
  { usage, model, serviceTier }: Learned,
  id: string,
  choices: readonly ChatChoice[],
): Learned & { text: string } {
  const text = JSON.stringify({
    ...{
      id: id || `chatcmpl-${requestId}`,
      object: 'chat.completion',
      created: seconds(),
      model: model || upstreamModel,
    },
    choices: choices.map((choice, index) => {
      const { content, reasoning, calls, finish, refusal, logprobs } = choice
      const message = {
        ...{
          role: 'assistant',
          content: content === '' && calls.length > 0 ? null : content,
          refusal: refusal ?? null,
        },
        ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }),
      }
      return { index, message, logprobs: logprobs ?? null, finish_reason: finish }
    }),
    ...(usage ? { usage: openaiUsageOf(usage.counts) } : {}),
    ...(serviceTier ? { service_tier: serviceTier } : {}),
  })
  return { text, usage, model, serviceTier }
}

/** A tool call as it stands in a message. */
export function toolCall({ id, name, arguments: text, extra }: ChatChoice['calls'][number]) {
  return { id, type: 'function', function: { name, arguments: text }, ...(extra ? { extra_content: extra } : {}) }
}

/** OpenAI's `created`. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
