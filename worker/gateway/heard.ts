import type { NanoUsd } from '../../db/units/money.ts'
import type { Asking } from '../asking.ts'
import { HeardStream } from './heard-stream.ts'
import { keptBody } from './kept-body.ts'
import type { CallRecord } from './meter/messages.ts'
import type { TeamRules } from './snapshot.ts'
import { keepAnswer, type Question } from './stored-answers.ts'
import { completionTokens, promptTokens } from './tokens/counts.ts'

type Body = Readonly<Record<string, unknown>>

/** What a team wants kept of one call: the words of it, the answer for the next same question, both, or (then there is none of these) nothing. */
export class Heard {
  private readonly rules: TeamRules
  private readonly body: Body
  private readonly question: Question | null
  private readonly isCapped: boolean
  private text: string | null = null
  private stream: HeardStream | null = null

  constructor(rules: TeamRules, body: Body, question: Question | null, isCapped = false) {
    this.isCapped = isCapped
    this.rules = rules
    this.body = body
    this.question = question
  }

  /** A whole answer, as the client gets it. */
  whole(text: string): void {
    this.text = text
  }

  /** A piece of a stream, as the client gets it. */
  piece(text: string): void {
    this.stream ??= new HeardStream()
    this.stream.push(text)
  }

  /** What stands in `requests.body_json`; null: the team keeps no words. */
  bodyJson(): string | null {
    if (!this.rules.keepsBodies) return null
    const asked = this.body.messages ?? this.body.input ?? this.body.prompt ?? null
    const said = this.stream
      ? { response: this.stream.said(), isCut: this.stream.isCut }
      : this.text === null
        ? null
        : { response: jsonOf(this.text), isCut: false }
    return keptBody(asked, said, this.rules.redacts)
  }

  /** Keeps the answer of a call that ended well. */
  async keep(asking: Pick<Asking, 'db' | 'now'>, record: CallRecord): Promise<void> {
    if (!this.question || record.status !== 'completed' || record.cache !== 'miss') return
    const whole = this.stream?.whole(usageOf(record))
    const text = this.text ?? (whole ? JSON.stringify(whole) : null)
    if (text === null || (this.isCapped && isCutShort(text))) return
    const cost = record.costNanoUsd === null ? null : (BigInt(record.costNanoUsd) as NanoUsd)
    await keepAnswer(asking, this.question, text, cost)
  }
}

/** An answer that met the limit of a budget is none for others. */
function isCutShort(text: string): boolean {
  const { choices, status } = jsonOf(text) as { choices?: unknown; status?: unknown }
  if (status === 'incomplete') return true
  return Array.isArray(choices) && choices.some((one: { finish_reason?: unknown }) => one?.finish_reason === 'length')
}

/** Of a stream, whose own is not always there: as OpenAI writes it. */
function usageOf(record: CallRecord) {
  const [prompt, completion] = [promptTokens(record), completionTokens(record)]
  return {
    ...{ prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    prompt_tokens_details: { cached_tokens: record.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: record.reasoningTokens ?? 0 },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
