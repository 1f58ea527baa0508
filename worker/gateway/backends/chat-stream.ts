import { SSE_DONE, SseCutter, sseEvent } from '../sse.ts'
import type { TokenCounts } from '../tokens/counts.ts'
import { openaiUsageOf } from '../tokens/openai-usage.ts'
import type { Ask, Learned, StreamReader } from './backend.ts'
import { seconds } from './chat-answer.ts'
import { type JsonObject, parsedObject } from './json-parts.ts'

type ChatDelta = {
  role?: 'assistant'
  content?: string
  reasoning_content?: string
  refusal?: string | undefined
  tool_calls?: readonly { index: number; function: { name?: unknown; arguments: string } }[]
}

/** Writes a chat's chunks in OpenAI's words. `id` and `model` as soon as the backend has said them. */
export class ChatChunks {
  id: string
  model: string
  private readonly created = seconds()
  private readonly wantsUsage: boolean
  private characters = 0
  private pieces = 0

  constructor({ requestId, upstreamModel, wantsUsage }: Ask) {
    this.id = `chatcmpl-${requestId}`
    this.model = upstreamModel
    this.wantsUsage = wantsUsage
  }

  delta(delta: ChatDelta, finish: string | null = null, index = 0, logprobs: unknown = null): string {
    const called = (delta.tool_calls ?? []).map((call) => call.function.arguments)
    const said = [delta.content, delta.reasoning_content, ...called].join('').length
    this.characters += said
    if (said > 0) this.pieces += 1
    return this.chunk({
      choices: [{ index, delta, logprobs, finish_reason: finish }],
      ...(this.wantsUsage ? { usage: null } : {}),
    })
  }

  /** About how many tokens the client has got: as many as pieces, or one per four characters of English. */
  get tokensSoFar(): number {
    return Math.max(this.pieces, Math.ceil(this.characters / 4))
  }

  /** The usage, where the client wants it, and the end. */
  done(counts: TokenCounts | null): string {
    return (this.wantsUsage && counts ? this.chunk({ choices: [], usage: openaiUsageOf(counts) }) : '') + SSE_DONE
  }

  private chunk(more: object): string {
    const { id, created, model } = this
    return sseEvent({ id, object: 'chat.completion.chunk', created, model, ...more })
  }
}

/** What a translation does with the events of another API's stream. */
export type EventTranslation = {
  /** What the client gets for one event. */
  see: (json: JsonObject) => string
  /** What the client gets for a `[DONE]`, where the API has one. */
  done?: () => string
  /** What is left to say when the backend has ended it. */
  end: () => string
  learned: () => Learned & { isDone: boolean; error: string }
}

/** A stream of another API as the client reads it. An event that is no JSON ends it as failed. */
export function translatedStream(chunks: ChatChunks, { see, done, end, learned }: EventTranslation): StreamReader {
  const cutter = new SseCutter()
  let garbage = ''
  const take = (data: string): string => {
    if (data === '' || garbage !== '') return ''
    if (done && data === '[DONE]') return done()
    const json = parsedObject(data)
    if (!json) garbage = 'The backend sent an event that is not JSON'
    return json ? see(json) : ''
  }
  return {
    read: (text) => {
      let out = ''
      for (const { data } of cutter.push(text)) out += take(data)
      return out
    },
    end: () => {
      const last = cutter.lastEvent()
      const rest = last ? take(last.data) : ''
      return garbage === '' ? rest + end() : rest
    },
    learned: () => {
      const now = learned()
      return { ...now, ...soFar(now, chunks), error: now.error || garbage }
    },
  }
}

/** Before its end the output is only what has come so far. */
function soFar({ usage, isDone }: ReturnType<EventTranslation['learned']>, { tokensSoFar: pieces }: ChatChunks) {
  if (!usage || isDone) return { usage, pieces }
  const outputTokens = Math.max(usage.counts.outputTokens ?? 0, pieces - (usage.counts.reasoningTokens ?? 0))
  return { pieces, usage: { ...usage, counts: { ...usage.counts, outputTokens }, isEstimate: true } }
}
