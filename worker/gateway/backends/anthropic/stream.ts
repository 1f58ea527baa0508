import { anthropicUsage, mergedUsage } from '../../tokens/anthropic-usage.ts'
import type { Ask, StreamReader } from '../backend.ts'
import { ChatChunks, translatedStream } from '../chat-stream.ts'
import { type JsonObject, objectIn, textIn } from '../json-parts.ts'
import { finishOf, tierIn } from './answer.ts'

/** Anthropic's events as chunks. `message_start` has the input, `message_delta` the output, cumulative: the last one counts. */
export function anthropicStream(ask: Ask): StreamReader {
  const chunks = new ChatChunks(ask)
  let usage: JsonObject = {}
  let model: string | null = null
  let finish: string | null = null
  let [calls, isDone, error] = [0, false, '']

  const delta = (one: JsonObject): string => {
    const text = textIn(one.text ?? one.thinking ?? one.partial_json)
    if (text === '') return ''
    if (one.type === 'text_delta') return chunks.delta({ content: text })
    if (one.type === 'thinking_delta') return chunks.delta({ reasoning_content: text })
    if (one.type !== 'input_json_delta' || calls === 0) return ''
    return chunks.delta({ tool_calls: [{ index: calls - 1, function: { arguments: text } }] })
  }

  const block = ({ type, id, name, text }: JsonObject): string => {
    if (type === 'text' && textIn(text) !== '') return delta({ type: 'text_delta', text })
    if (type !== 'tool_use') return ''
    calls += 1
    const called = { index: calls - 1, id, type: 'function', function: { name, arguments: '' } }
    return chunks.delta({ tool_calls: [called] })
  }

  const see = (event: JsonObject): string => {
    if (event.type === 'content_block_delta') return delta(objectIn(event.delta))
    if (event.type === 'content_block_start') return block(objectIn(event.content_block))
    if (event.type === 'message_start') {
      const message = objectIn(event.message)
      usage = mergedUsage(usage, message.usage)
      model = textIn(message.model) || null
      chunks.id = textIn(message.id) || chunks.id
      chunks.model = model ?? chunks.model
      return chunks.delta({ role: 'assistant', content: '' })
    }
    if (event.type === 'message_delta') {
      usage = mergedUsage(usage, event.usage)
      finish = textIn(objectIn(event.delta).stop_reason) || finish
    }
    if (event.type === 'error') error = textIn(objectIn(event.error).message) || 'The backend failed in the middle'
    if (event.type !== 'message_stop' || isDone) return ''
    isDone = true
    return chunks.delta({}, finishOf(finish)) + chunks.done(anthropicUsage(usage)?.counts ?? null)
  }

  return translatedStream(chunks, {
    see,
    end: () => '',
    learned: () => ({ usage: anthropicUsage(usage), model, serviceTier: tierIn(usage), isDone, error }),
  })
}
