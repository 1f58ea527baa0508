import { OpenAiError } from '../openai-error.ts'
import { type JsonObject, objectIn, objectsIn, parsedObject, textIn } from './json-parts.ts'

/** A piece of what somebody says. `data` is base64; a link is fetched by the provider, never by Heliox. */
export type ChatPart =
  | { is: 'text'; text: string; cacheControl: unknown }
  | { is: 'data'; mimeType: string; data: string }
  | { is: 'link'; url: string }

export type ToolCall = { id: string; name: string; input: JsonObject; extra: JsonObject }

/** One turn of a conversation, out of OpenAI's words. */
export type ChatTurn =
  | { role: 'user'; parts: ChatPart[] }
  | { role: 'assistant'; parts: ChatPart[]; calls: ToolCall[] }
  /** What a tool answered; `name` is that of the call it answers, '' where there was none. */
  | { role: 'tool'; callId: string; name: string; text: string }

/** A conversation for an API whose instructions stand apart from what is said. */
export type Conversation = { system: ChatPart[]; turns: ChatTurn[] }

/** A fault of the request, or something that this kind of backend cannot do: 400. */
export function cannot(param: string, message: string): OpenAiError {
  return new OpenAiError(400, null, message, { param })
}

/**
 * The `messages` of a chat, read for a translation. Instructions (system, developer) are taken out wherever they stand.
 * @throws OpenAiError 400 naming the message that cannot be read
 */
export function conversationOf({ messages }: JsonObject): Conversation {
  if (!Array.isArray(messages) || messages.length === 0)
    throw cannot('messages', 'messages must be a list with a message')
  const conversation: Conversation = { system: [], turns: [] }
  const names = new Map<string, string>()
  for (const [index, message] of objectsIn(messages).entries()) {
    const at = `messages[${index}]`
    const { role, content } = message
    if (role === 'system' || role === 'developer') conversation.system.push(...partsOf(content, at))
    else if (role === 'user') conversation.turns.push({ role, parts: partsOf(content, at) })
    else if (role === 'assistant') {
      const calls = callsOf(message, at)
      for (const { id, name } of calls) names.set(id, name)
      conversation.turns.push({
        role,
        parts: content === null || content === undefined ? [] : partsOf(content, at),
        calls,
      })
    } else if (role === 'tool') {
      const callId = textIn(message.tool_call_id)
      const text = partsOf(content, at).map((part) => (part.is === 'text' ? part.text : ''))
      conversation.turns.push({ role, callId, name: names.get(callId) ?? '', text: text.join('') })
    } else throw cannot(`${at}.role`, `${at}: this model knows no role '${String(role)}'`)
  }
  return conversation
}

function callsOf({ tool_calls: calls, function_call: older }: JsonObject, at: string): ToolCall[] {
  if (older) throw cannot(`${at}.function_call`, `${at}: use tool_calls in place of function_call`)
  return objectsIn(calls).map((call) => {
    const { name, arguments: text } = objectIn(call.function)
    const input = text === '' || text === undefined ? {} : parsedObject(textIn(text))
    if (!name || !input)
      throw cannot(`${at}.tool_calls`, `${at}: a tool call needs a name and arguments that are a JSON object`)
    return { id: textIn(call.id), name: textIn(name), input, extra: objectIn(call.extra_content) }
  })
}

/** Empty texts are left out: other APIs refuse them. */
function partsOf(content: unknown, at: string): ChatPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ is: 'text', text: content, cacheControl: undefined }]
  if (!Array.isArray(content)) throw cannot(`${at}.content`, `${at}: content must be a text or a list of parts`)
  return objectsIn(content).flatMap((part): ChatPart[] => {
    if (part.type === 'text' || part.type === 'refusal') {
      const text = textIn(part.type === 'text' ? part.text : part.refusal)
      return text === '' ? [] : [{ is: 'text', text, cacheControl: part.cache_control }]
    }
    if (part.type === 'image_url') return [atUrl(textIn(objectIn(part.image_url).url), at)]
    if (part.type === 'input_audio') {
      const { data, format } = objectIn(part.input_audio)
      return [{ is: 'data', mimeType: `audio/${textIn(format)}`, data: textIn(data) }]
    }
    const file = textIn(objectIn(part.file).file_data)
    if (part.type === 'file' && file !== '') return [atUrl(file, at)]
    throw cannot(`${at}.content`, `${at}: a part of type '${String(part.type)}' cannot be given to this model`)
  })
}

function atUrl(url: string, at: string): ChatPart {
  const [, mimeType, data] = /^data:([^;,]+)[^,]*;base64,(.*)$/s.exec(url) ?? []
  if (mimeType && data) return { is: 'data', mimeType, data }
  if (/^(https?|gs):\/\//.test(url)) return { is: 'link', url }
  throw cannot(`${at}.content`, `${at}: neither a link nor a data: URL in base64`)
}
