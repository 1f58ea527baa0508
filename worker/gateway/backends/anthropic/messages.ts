import { type ChatPart, type ChatTurn, cannot } from '../chat-request.ts'
import type { JsonObject } from '../json-parts.ts'

/** A message of Anthropic's. */
export type Said = { role: 'user' | 'assistant'; content: JsonObject[] }

export function messageOf(turn: ChatTurn): Said {
  if (turn.role === 'user') return { role: 'user', content: turn.parts.map(blockOf) }
  if (turn.role === 'tool') {
    const { callId, text } = turn
    return { role: 'user', content: [{ type: 'tool_result', tool_use_id: callId, content: text }] }
  }
  const calls = turn.calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }))
  return { role: 'assistant', content: [...turn.parts.map(blockOf), ...calls] }
}

/** Instructions; null where there are none. A text is sent as one, parts with cache marks as they are. */
export function systemOf(parts: readonly ChatPart[]): unknown {
  if (parts.length === 0) return null
  const blocks = parts.map(blockOf)
  return blocks.some((block) => 'cache_control' in block) ? blocks : blocks.map(({ text }) => text).join('\n\n')
}

function blockOf(part: ChatPart): JsonObject {
  if (part.is === 'text')
    return { type: 'text', text: part.text, ...(part.cacheControl ? { cache_control: part.cacheControl } : {}) }
  if (part.is === 'link') {
    if (!part.url.startsWith('http'))
      throw cannot('messages', 'messages: this model reads pictures from https:// and data: URLs')
    return { type: 'image', source: { type: 'url', url: part.url } }
  }
  const { mimeType, data } = part
  const source = { type: 'base64', media_type: mimeType, data }
  if (mimeType.startsWith('image/')) return { type: 'image', source }
  if (mimeType === 'application/pdf') return { type: 'document', source }
  throw cannot('messages', `messages: this model does not read ${mimeType}`)
}
