import { geminiUsage } from '../../tokens/gemini-usage.ts'
import type { SaidUsage } from '../../tokens/openai-usage.ts'
import type { Ask, StreamReader } from '../backend.ts'
import { toolCall } from '../chat-answer.ts'
import { ChatChunks, translatedStream } from '../chat-stream.ts'
import { type JsonObject, objectIn, objectsIn, textIn } from '../json-parts.ts'
import { blockedChoice, choiceOf } from './answer.ts'

type Seen = { calls: number; isDone: boolean }

/** Gemini's chunks as OpenAI's. Each has the usage so far; nothing but a reason to finish in every candidate says that it is done. */
export function geminiStream(ask: Ask): StreamReader {
  const chunks = new ChatChunks(ask)
  const seen = new Map<number, Seen>()
  const wanted = typeof ask.body.n === 'number' ? ask.body.n : 1
  let usage: SaidUsage | null = null
  let [model, error, isBlocked]: [string | null, string, boolean] = [null, '', false]
  let hasEnded = false // its events say no end of their own, and usage may follow the last candidate
  const isDone = () => isBlocked || (seen.size >= wanted && [...seen.values()].every((one) => one.isDone))

  const candidate = (one: JsonObject): string => {
    const index = Number(one.index ?? 0)
    const known = seen.get(index)
    const before = known?.calls ?? 0
    const { content, reasoning, calls, finish, logprobs } = choiceOf(one, ask.requestId, before)
    seen.set(index, { calls: before + calls.length, isDone: (known?.isDone ?? false) || finish !== '' })
    let out = known ? '' : chunks.delta({ role: 'assistant', content: '' }, null, index)
    if (reasoning !== '') out += chunks.delta({ reasoning_content: reasoning }, null, index)
    if (content !== '' || logprobs) out += chunks.delta({ content }, null, index, logprobs)
    for (const [at, call] of calls.entries())
      out += chunks.delta({ tool_calls: [{ index: before + at, ...toolCall(call) }] }, null, index)
    return finish === '' || known?.isDone ? out : out + chunks.delta({}, finish, index)
  }

  const see = (json: JsonObject): string => {
    if (json.error) error = textIn(objectIn(json.error).message) || 'The backend failed in the middle'
    usage = geminiUsage(json.usageMetadata) ?? usage
    model = textIn(json.modelVersion) || model
    chunks.id = textIn(json.responseId) || chunks.id
    chunks.model = model ?? chunks.model
    const reason = textIn(objectIn(json.promptFeedback).blockReason)
    const candidates = objectsIn(json.candidates)
    if (reason === '' || candidates.length > 0 || isBlocked) return candidates.map(candidate).join('')
    isBlocked = true
    const { refusal, finish } = blockedChoice(reason)
    return chunks.delta({ role: 'assistant', content: '', refusal }) + chunks.delta({}, finish)
  }

  return translatedStream(chunks, {
    see,
    end: () => {
      hasEnded = isDone() && error === ''
      return hasEnded ? chunks.done(usage?.counts ?? null) : ''
    },
    learned: () => ({ usage, model, serviceTier: null, isDone: hasEnded, error }),
  })
}
