import { Refusal } from '../../api.ts'
import { readSse } from './read-sse.ts'

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/** A call as the page makes it; what is left empty is not sent. */
export type Question = {
  readonly model: string
  readonly messages: readonly Message[]
  readonly temperature: number | null
  readonly maxTokens: number | null
  /** Whose call it is; '' for the whole company's, or the only team. */
  readonly teamId: string
}

export type Usage = { promptTokens: number; completionTokens: number }

/** What is known once a call has ended; times are those of this browser. */
export type Answered = {
  requestId: string
  backend: string
  usage: Usage | null
  firstTokenMs: number | null
  totalMs: number
  isStopped: boolean
  /** Why the stream broke off; '' where it did not. */
  problem: string
}

/** The body of the call, as any client would send it. */
export function bodyOf({ model, messages, temperature, maxTokens }: Question): Record<string, unknown> {
  return {
    ...{ model, messages },
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
  }
}

export function teamHeader(teamId: string): Record<string, string> {
  return teamId === '' ? {} : { 'x-heliox-team': teamId }
}

/** The models that the reader may ask. @throws Refusal in the server's words */
export async function listModels(teamId: string): Promise<string[]> {
  const answer = await fetch('/v1/models', { headers: teamHeader(teamId) })
  if (!answer.ok) throw await refusalIn(answer)
  const { data } = (await answer.json()) as { data: { id: string }[] }
  return data.map(({ id }) => id)
}

/**
 * Asks a model with the session of the reader. `onText` hears the answer as it comes; `signal` stops it.
 *
 * @throws Refusal in the server's words, before the first word of an answer
 */
export async function askModel(
  question: Question,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<Answered> {
  const startedAt = performance.now()
  const answered: Answered = {
    ...{ requestId: '', backend: '', usage: null, firstTokenMs: null, totalMs: 0, isStopped: false, problem: '' },
  }
  try {
    const answer = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...teamHeader(question.teamId) },
      body: JSON.stringify({ ...bodyOf(question), stream: true, stream_options: { include_usage: true } }),
      signal,
    })
    if (!answer.ok || !answer.body) throw await refusalIn(answer)
    answered.requestId = answer.headers.get('x-request-id') ?? ''
    answered.backend = answer.headers.get('x-heliox-backend') ?? ''
    for await (const data of readSse(answer.body)) {
      if (data === '[DONE]') break
      const { text, usage, problem } = chunkOf(data)
      if (text !== '') {
        answered.firstTokenMs ??= performance.now() - startedAt
        onText(text)
      }
      answered.usage = usage ?? answered.usage
      answered.problem = problem || answered.problem
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (signal.aborted) answered.isStopped = true
    else if (answered.requestId === '') throw error
    else answered.problem = 'The connection broke off.'
  }
  answered.totalMs = performance.now() - startedAt
  return answered
}

type Chunk = {
  choices?: { delta?: { content?: string | null } }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null
  error?: { message?: string }
}

function chunkOf(data: string): { text: string; usage: Usage | null; problem: string } {
  let chunk: Chunk = {}
  try {
    chunk = JSON.parse(data) as Chunk
  } catch {
    // What is not JSON says nothing that can be shown.
  }
  const { usage } = chunk
  return {
    text: chunk.choices?.[0]?.delta?.content ?? '',
    usage: usage ? { promptTokens: usage.prompt_tokens ?? 0, completionTokens: usage.completion_tokens ?? 0 } : null,
    problem: chunk.error ? (chunk.error.message ?? 'The backend broke off the answer.') : '',
  }
}

async function refusalIn(answer: Response): Promise<Refusal> {
  const requestId = answer.headers.get('x-request-id')
  const said = (await answer.json().catch(() => ({}))) as { error?: { message?: string; code?: string | null } }
  const message = said.error?.message ?? `The gateway answered ${answer.status}`
  const code = said.error?.code ?? `http_${answer.status}`
  return new Refusal(answer.status, { message, details: [], code, requestId })
}
