import type { ChatPart, ChatTurn, ToolCall } from '../chat-request.ts'
import { type JsonObject, objectIn, parsedObject, textIn } from '../json-parts.ts'

type Content = { role: 'user' | 'model'; parts: JsonObject[] }

/**
 * Stands for a signature that the client has not kept: Gemini 3 refuses calls without any, and takes this one unchecked
 * (ai.google.dev/gemini-api/docs/thought-signatures, 2026-11).
 */
const NO_SIGNATURE = 'skip_thought_signature_validator'

/** What was said, by turns; those of one side after each other are one. `isSigned`: the model wants calls with signatures. */
export function contentsOf(turns: readonly ChatTurn[], isSigned: boolean): Content[] {
  const contents: Content[] = []
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'model' : 'user'
    const parts = partsOf(turn, isSigned)
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else if (parts.length > 0) contents.push({ role, parts })
  }
  return contents
}

function partsOf(turn: ChatTurn, isSigned: boolean): JsonObject[] {
  if (turn.role === 'user') return turn.parts.map(partOf)
  if (turn.role === 'assistant')
    return [...turn.parts.map(partOf), ...turn.calls.map((call, index) => callPart(call, index, isSigned))]
  const { name, callId, text } = turn
  return [{ functionResponse: { id: callId, name: name || callId, response: parsedObject(text) ?? { result: text } } }]
}

/** Only the first of calls made together is signed. */
function callPart({ id, name, input, extra }: ToolCall, index: number, isSigned: boolean): JsonObject {
  const kept = textIn(objectIn(extra.google).thought_signature)
  const signature = kept || (index === 0 && isSigned ? NO_SIGNATURE : '')
  return { functionCall: { id, name, args: input }, ...(signature ? { thoughtSignature: signature } : {}) }
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif' },
  ...{ heic: 'image/heic', heif: 'image/heif', pdf: 'application/pdf' },
}

export function partOf(part: ChatPart): JsonObject {
  if (part.is === 'text') return { text: part.text }
  if (part.is === 'data') return { inlineData: { mimeType: part.mimeType, data: part.data } }
  const ending = /\.(\w+)(?:[?#]|$)/.exec(part.url.replace(/^\w+:\/\/[^/]*/, ''))?.[1]?.toLowerCase() ?? ''
  return { fileData: { fileUri: part.url, ...(TYPES[ending] ? { mimeType: TYPES[ending] } : {}) } }
}
