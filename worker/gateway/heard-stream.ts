import { SseCutter } from './sse.ts'

const MOST_CHARACTERS = 256 * 1024

type Json = Record<string, unknown>
type ToolCall = { id?: string; type?: string; function: { name: string; arguments: string } }
type Choice = { text: string; refusal: string; tools: ToolCall[]; finishReason: unknown }

/** Members of a delta that a whole message can be made of. */
const KNOWN = new Set(['role', 'content', 'refusal', 'tool_calls'])

/** Puts together what a stream says, up to 256 kB of it: for teams that keep bodies or answers. */
export class HeardStream {
  private readonly cutter = new SseCutter()
  private readonly choices = new Map<number, Choice>()
  private head: Json | null = null
  private left = MOST_CHARACTERS
  /** Something in it cannot be said again, such as log-probabilities or sound. */
  private isOdd = false
  /** The whole response that the Responses API sends at its end. */
  private final: unknown = null
  isCut = false

  /** Text of the stream, as the client gets it. */
  push(text: string): void {
    if (this.isCut) return
    try {
      for (const { data } of this.cutter.push(text)) if (data !== '' && data !== '[DONE]') this.take(data)
    } catch {
      this.isOdd = true // no JSON: nothing can be made of it
    }
  }

  private take(data: string): void {
    this.left -= data.length / 16 // frames around the words
    const json = JSON.parse(data) as Json
    if (typeof json.type === 'string') {
      this.takeEvent(json.type, json)
      return
    }
    this.head ??= json
    for (const one of Array.isArray(json.choices) ? (json.choices as Json[]) : []) this.takeChoice(one)
    if (this.left < 0) this.isCut = true
  }

  private takeEvent(type: string, json: Json): void {
    if (type === 'response.completed') this.final = json.response
    if (type !== 'response.output_text.delta') return
    this.choice(0).text += this.fitting(json.delta)
  }

  private takeChoice({ index, delta, text, finish_reason: finish, logprobs }: Json): void {
    const choice = this.choice(Number(index ?? 0))
    const { content, refusal, tool_calls: tools, ...rest } = (delta ?? {}) as Json
    if (logprobs || Object.keys(rest).some((name) => !KNOWN.has(name) && rest[name] !== null)) this.isOdd = true
    choice.text += this.fitting(content) + this.fitting(text)
    choice.refusal += this.fitting(refusal)
    for (const tool of Array.isArray(tools) ? (tools as Json[]) : []) this.takeTool(choice, tool)
    if (finish) choice.finishReason = finish
  }

  private takeTool({ tools }: Choice, { index, id, type, function: called }: Json): void {
    const at = Number(index ?? 0)
    if (!(at >= 0 && at < 128)) return
    tools[at] ??= { function: { name: '', arguments: '' } }
    const tool = tools[at] as ToolCall
    if (typeof id === 'string') tool.id = id
    if (typeof type === 'string') tool.type = type
    const { name, arguments: text } = (called ?? {}) as Json
    tool.function.name += this.fitting(name)
    tool.function.arguments += this.fitting(text)
  }

  private choice(index: number): Choice {
    const known = this.choices.get(index)
    if (known) return known
    const fresh: Choice = { text: '', refusal: '', tools: [], finishReason: null }
    if (this.choices.size < 128) this.choices.set(index, fresh)
    return fresh
  }

  private fitting(text: unknown): string {
    if (typeof text !== 'string' || text === '') return ''
    if (text.length > this.left) this.isCut = true
    const fits = text.slice(0, Math.max(0, Math.floor(this.left)))
    this.left -= fits.length
    return fits
  }

  /** What it said, for people: one text, or one for each choice, with the tools it called. */
  said(): unknown {
    const all = [...this.choices.values()].map(({ text, refusal, tools }) => ({
      text: text || refusal,
      ...(tools.length > 0 ? { tool_calls: tools.filter(Boolean) } : {}),
    }))
    return all.length === 1 ? all[0] : all
  }

  /** The answer as it would have come without a stream; null: it cannot be put together. */
  whole(usage: Json): Json | null {
    if (this.isCut || this.isOdd) return null
    if (this.final) return this.final as Json
    if (!this.head || this.choices.size === 0) return null
    const { id, created, model, object, system_fingerprint: fingerprint } = this.head
    const isChat = object === 'chat.completion.chunk'
    const choices = [...this.choices].sort(([a], [b]) => a - b)
    return {
      ...{ id, object: isChat ? 'chat.completion' : 'text_completion', created, model },
      ...(fingerprint ? { system_fingerprint: fingerprint } : {}),
      choices: choices.map(([index, { text, refusal, tools, finishReason }]) => ({
        index,
        ...(isChat
          ? {
              message: {
                ...{
                  role: 'assistant',
                  content: text === '' && tools.length > 0 ? null : text,
                  refusal: refusal || null,
                },
                ...(tools.length > 0 ? { tool_calls: tools.filter(Boolean) } : {}),
              },
            }
          : { text }),
        ...{ logprobs: null, finish_reason: finishReason },
      })),
      usage,
    }
  }
}
