import { openaiUsage } from '../../tokens/openai-usage.ts'
import type { Ask, Learned } from '../backend.ts'
import { answeredObject, chatCompletion } from '../chat-answer.ts'
import { type JsonObject, objectIn, objectsIn, textIn } from '../json-parts.ts'
import { openaiAnswer } from '../openai-compatible.ts'

/** Newer models answer as OpenAI does; older ones with `{response, tool_calls?, usage?}`, embeddings with `{data: number[][]}`. */
export function workersAiAnswer(text: string, ask: Ask): Learned & { text: string } {
  const json = answeredObject(text)
  if (json.object !== undefined || json.choices !== undefined) return openaiAnswer(text)
  const usage = openaiUsage(json.usage)
  if (ask.endpoint === 'embeddings')
    return { ...{ usage, model: null, serviceTier: null }, text: embeddings(json, ask) }
  const calls = callsOf(json.tool_calls, ask.requestId, 0)
  const { response } = json
  const content = typeof response === 'object' && response !== null ? JSON.stringify(response) : textIn(response)
  const choice = { content, reasoning: '', calls, finish: calls.length > 0 ? 'tool_calls' : 'stop' }
  return chatCompletion(ask, { usage, model: null, serviceTier: null }, '', [choice])
}

/** `{name, arguments}`, the arguments as an object. */
export function callsOf(calls: unknown, requestId: string, before: number) {
  return objectsIn(calls).map((call, index) => {
    const { name, arguments: input } = call.function === undefined ? call : objectIn(call.function)
    const text = typeof input === 'string' ? input : JSON.stringify(input ?? {})
    return { id: textIn(call.id) || `call_${requestId}_${before + index}`, name: textIn(name), arguments: text }
  })
}

function embeddings(json: JsonObject, { upstreamModel }: Ask): string {
  const vectors = Array.isArray(json.data) ? json.data : []
  const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }))
  return JSON.stringify({ object: 'list', model: upstreamModel, data, ...(json.usage ? { usage: json.usage } : {}) })
}
