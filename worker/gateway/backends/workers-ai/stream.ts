import { openaiUsage, type SaidUsage } from '../../tokens/openai-usage.ts'
import type { Ask, StreamReader } from '../backend.ts'
import { toolCall } from '../chat-answer.ts'
import { ChatChunks, translatedStream } from '../chat-stream.ts'
import { type JsonObject, objectIn, textIn } from '../json-parts.ts'
import { openaiStream } from '../openai-compatible.ts'
import { callsOf } from './answer.ts'

/** Newer models stream as OpenAI does; older ones `{response: "…"}` and the usage at the end. The first event decides. */
export function workersAiStream(ask: Ask): StreamReader {
  let reader: StreamReader | null = null
  let held = ''
  return {
    read: (text) => {
      if (reader) return reader.read(text)
      held += text
      if (!/\r?\n\r?\n/.test(held) && held.length < 65_536) return ''
      reader = /"choices"\s*:/.test(held) ? openaiStream(ask) : responseStream(ask)
      const first = held
      held = ''
      return reader.read(first)
    },
    end: () => reader?.end() ?? '',
    learned: () => (reader ?? responseStream(ask)).learned(),
  }
}

function responseStream(ask: Ask): StreamReader {
  const chunks = new ChatChunks(ask)
  let usage: SaidUsage | null = null
  let [calls, isDone, isBegun, error] = [0, false, false, '']
  const see = (json: JsonObject): string => {
    if (json.error) error = textIn(objectIn(json.error).message) || 'The backend failed in the middle'
    usage = openaiUsage(json.usage) ?? usage
    const first = isBegun ? '' : chunks.delta({ role: 'assistant', content: '' })
    isBegun = true
    const text = textIn(json.response)
    const made = callsOf(json.tool_calls, ask.requestId, calls)
    const out = made.map((call, at) => chunks.delta({ tool_calls: [{ index: calls + at, ...toolCall(call) }] }))
    calls += made.length
    return first + (text === '' ? '' : chunks.delta({ content: text })) + out.join('')
  }
  const done = (): string => {
    if (isDone) return ''
    isDone = true
    return chunks.delta({}, calls > 0 ? 'tool_calls' : 'stop') + chunks.done(usage?.counts ?? null)
  }
  return translatedStream(chunks, {
    ...{ see, done, end: () => '' },
    learned: () => ({ usage, model: null, serviceTier: null, isDone, error }),
  })
}
