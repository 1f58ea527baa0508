import { type NanoUsd, toNanoUsd } from '../../db/units/money.ts'
import { rootCause } from '../errors.ts'
import { withoutSecrets } from '../seal.ts'
import { helioxHeaders } from './answer-headers.ts'
import type { Ask, Backend, Learned } from './backends/backend.ts'
import { BackendsFailed, type Call, settle } from './call.ts'
import type { EndedCall } from './call-record.ts'
import { discreetBackend, discreetError } from './discreet-backend.ts'
import { estimateTokens } from './endpoints/endpoint.ts'
import type { Attempt, BackendRef } from './meter/messages.ts'
import { OpenAiError } from './openai-error.ts'
import { Patience } from './patience.ts'
import { priced } from './pricing/book-price.ts'
import { relayStream } from './relay-stream.ts'
import type { Served } from './snapshot.ts'
import { NO_COUNTS, type TokenCounts } from './tokens/counts.ts'
import { upstreamText } from './upstream-text.ts'
import { type Came, saidTokens, whatCame } from './what-came.ts'

/** Between tries of one backend: doubled each time, and spread so that callers do not come back together. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
/** What is worth another try, here or elsewhere: busy, or broken. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529])

/** A backend's answer whose first byte has come. */
type Reached = { served: Served; backend: Backend; ask: Ask; response: Response; patience: Patience }

/**
 * Asks the backends in that order until one answers; further tries only before the first byte has come, so nothing is ever
 * answered twice. A refusal of the request itself (400, 404, 422 …) is the client's, and no other backend is asked.
 *
 * @throws BackendsFailed the last refusal: 502 where backends broke, their own status where the request was at fault
 */
export async function askBackends(call: Call, order: readonly BackendRef[]): Promise<Response> {
  const attempts: Attempt[] = []
  let last: { error: OpenAiError; served: Served } | null = null
  for (const id of order) {
    const served = call.served.by.find((one) => one.backend.id === id)
    const backend = served && discreetBackend(served.backend)
    if (!served || !backend) continue
    let body = call.body
    for (let turn = 0; turn <= served.backend.retries; turn += 1) {
      if (turn > 0) await pause(turn)
      if (hasHungUp(call)) throw goneUnasked(attempts, last?.served ?? null)
      const startedAtMs = call.asking.now()
      const ended = (isWell: boolean, message: string): Attempt => ({
        ...{ backend: id, isWell, ms: call.asking.now() - startedAtMs, message: message.slice(0, 300) },
      })
      const ask = askOf({ ...call, body }, served)
      const patience = new Patience(served.backend.timeoutMs)
      const tried = await reach(call, served, backend, ask, patience)
      if (tried instanceof OpenAiError || hasHungUp(call)) patience.end()
      if (hasHungUp(call)) throw await hungUp(call, served, attempts)
      if (tried instanceof OpenAiError) {
        last = { error: tried, served }
        if (tried.status < 500) break // this kind cannot do what is asked for, and was not asked: another kind may
        attempts.push(ended(false, tried.message))
        continue
      }
      if (tried.ok) {
        const well = [...attempts, ended(true, '')]
        const passed = await passOn(call, { served, backend, ask, response: tried, patience }, well)
        if (passed instanceof Response) return passed
        attempts.push(ended(false, passed.message))
        last = { error: passed, served }
        break // what answers rubbish will do so again: another backend may not
      }
      const { text } = await upstreamText(tried, patience)
      if (hasHungUp(call)) throw await hungUp(call, served, attempts)
      const refusal = backend.refusal(tried.status, text)
      const lower = withLowerCap(call, body, refusal)
      if (lower) {
        body = lower
        turn -= 1 // what was refused is the gateway's own, and no try of the client's
        continue
      }
      const { status } = refusal // as it is meant, which is not what some backends answer with
      const isElsewhere = tried.status < 400
      const isPassing = PASSING.has(status) || isElsewhere
      const isOurs = status === 401 || status === 403 // the gateway's own key is wrong, not the client's
      attempts.push(ended(!isPassing && !isOurs, isPassing || isOurs ? `${status} ${refusal.message}` : ''))
      last = {
        error: isOurs
          ? unreachable(`The backend refused the gateway's credentials`)
          : discreetError(asSeen(refusal, tried), served.backend.secrets),
        served,
      }
      if (isOurs) break
      if (!isPassing) throw new BackendsFailed(last.error, attempts, served)
      if (status === 429 || isElsewhere) break // it asked for patience, or is elsewhere: the next one
    }
  }
  throw new BackendsFailed(last?.error ?? unreachable('No backend was asked'), attempts, last?.served ?? null)
}

/** How servers say that a limit of output is more than they give, alone or together with what was asked. */
const CAP_TOO_LARGE = /max_(completion_|output_)?tokens|max_?output_?tokens|context[ _](length|window|size)/i
/** Where lowering a limit ends: what is refused then is too long for other reasons. */
const LEAST_CAP = 64

/** The body with half the limit, where a budget has set one that the model does not take; null: it is not about that. */
function withLowerCap({ capped, endpoint }: Call, body: Call['body'], refusal: OpenAiError): Call['body'] | null {
  if (capped !== 'added' || ![400, 413, 422].includes(refusal.status) || !CAP_TOO_LARGE.test(refusal.message))
    return null
  const most = endpoint.mostOutput(body) ?? 0
  return most / endpoint.choices(body) > LEAST_CAP ? endpoint.withMostOutput(body, Math.floor(most / 2)) : null
}

function askOf({ body, raw, capped, endpoint, isStream, id }: Call, { upstreamModel }: Served): Ask {
  const options = body.stream_options as { include_usage?: unknown } | undefined
  return {
    ...{ endpoint: endpoint.name, body, raw, capped, upstreamModel, isStream, requestId: id },
    wantsUsage: options?.include_usage === true,
  }
}

/** The backend's answer with its first byte, or why there is none. */
async function reach(
  call: Call,
  served: Served,
  backend: Backend,
  ask: Ask,
  patience: Patience,
): Promise<Response | OpenAiError> {
  const { asking } = call
  const control = new AbortController()
  patience.begin(() => control.abort(TIMED_OUT))
  // As long as the answer lasts, not only until it begins: who hangs up stops the backend as well.
  asking.request.signal?.addEventListener('abort', () => control.abort(), { once: true })
  try {
    const sent = backend.send?.(ask, asking.bindings, served.backend)
    if (sent) return await sent
    const { url, headers, body } = backend.request(ask, served.backend)
    const traceparent = asking.request.headers.get('traceparent')
    return await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', signal: control.signal },
      headers: { ...headers, 'x-request-id': call.id, ...(traceparent ? { traceparent } : {}) },
    })
  } catch (error) {
    if (error instanceof OpenAiError) return error
    if (control.signal.reason === TIMED_OUT)
      return new OpenAiError(504, 'upstream_timeout', `The backend sent nothing within ${patience.mostMs} ms`)
    if (hasHungUp(call)) return unreachable('The client hung up')
    const why = withoutSecrets(String(rootCause(error)), served.backend.secrets)
    asking.log.warn('a backend could not be reached', { backend: served.backend.name, error: why })
    return unreachable('The backend cannot be reached')
  } finally {
    patience.pause()
  }
}

const TIMED_OUT = new Error('timed out')

/** The answer as the client gets it; or why it is none and another backend may be asked, at nobody's cost. */
async function passOn(call: Call, reached: Reached, attempts: Attempt[]): Promise<Response | OpenAiError> {
  const { backend, ask, response, served, patience } = reached
  const isStream = call.isStream && !isWhole(response)
  if (isStream) return relayStream(call, reached, attempts)
  const { text, broken } = await upstreamText(response, patience)
  if (hasHungUp(call)) throw await hungUp(call, served, attempts, whatCame(backend, ask, text))
  let answer: ReturnType<Backend['answer']>
  try {
    if (broken) throw broken
    if (call.isStream) throw notAStream(backend.refusal(502, text))
    answer = backend.answer(text, ask)
  } catch (error) {
    if (!(error instanceof OpenAiError)) throw error
    const came = whatCame(backend, ask, text)
    if (!came) return error
    const { message } = error
    const status = broken || isCutJson(text) ? 'cancelled' : 'failed'
    const how = { status, httpStatus: error.status, errorCode: error.code ?? '', errorMessage: message } as const
    throw new BackendsFailed(error, withFault(attempts, message), served, await cutOff(call, served, came, how))
  }
  call.heard?.whole(answer.text)
  const ended = await endOf(call, served, answer, { pieces: saidTokens(answer.text) })
  const record = settle(call, { ...ended, attempts, timeToFirstTokenMs: null })
  return new Response(answer.text, {
    headers: { 'content-type': 'application/json', ...helioxHeaders(call, record) },
  })
}

/** A page or a JSON where a stream was asked for. Any other type may be one: not every server names it. */
function isWhole({ headers }: Response): boolean {
  return /^(text\/html|application\/(problem\+)?json)\b/i.test(headers.get('content-type') ?? '')
}

function notAStream({ message }: OpenAiError): OpenAiError {
  const quoted = message.slice(0, 200)
  return new OpenAiError(502, 'bad_upstream_answer', `The backend answered without a stream: ${quoted}`)
}

/** Whether the end of a JSON is missing. */
function isCutJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

function hasHungUp({ asking }: Call): boolean {
  return asking.request.signal?.aborted === true
}

/** The client has gone before it had its answer: what was asked is paid for all the same. */
async function hungUp(
  call: Call,
  served: Served,
  attempts: Attempt[],
  came: Came | null = null,
): Promise<BackendsFailed> {
  const message = 'The client hung up'
  const ended = await cutOff(call, served, came, { ...CLIENT_GONE, httpStatus: 499 })
  return new BackendsFailed(new OpenAiError(499, 'client_closed', message), attempts, served, ended)
}

/** The client has gone while no backend works for it, be it that it waited for its turn: nothing is paid. */
function goneUnasked(attempts: Attempt[], served: Served | null): BackendsFailed {
  const error = new OpenAiError(499, 'client_closed', CLIENT_GONE.errorMessage)
  return new BackendsFailed(error, attempts, served, {
    ...{ ...CLIENT_GONE, httpStatus: 499, by: served, learned: null, counts: NO_COUNTS, timeToFirstTokenMs: null },
    cost: { costNanoUsd: 0n as NanoUsd, grade: 'computed', computedNanoUsd: null, priceId: null },
  })
}

export const CLIENT_GONE = {
  ...({ status: 'cancelled', errorCode: 'client_closed', errorMessage: 'The client hung up' } as const),
}

/** The backend that answered did not do so well after all. */
export function withFault(attempts: readonly Attempt[], message: string): Attempt[] {
  return attempts.map((one, at) => (at === attempts.length - 1 ? { ...one, isWell: false, message } : one))
}

/** The end of an answer of which only that came. */
async function cutOff(
  call: Call,
  served: Served,
  came: Came | null,
  how: Pick<Told, 'status' | 'httpStatus' | 'errorCode' | 'errorMessage'>,
) {
  const { pieces, ...learned } = came ?? { usage: null, model: null, serviceTier: null, pieces: 0 }
  return { ...(await endOf(call, served, learned, { pieces, ...how })), timeToFirstTokenMs: null }
}

type Told = {
  /** About how many tokens of output came. */
  pieces: number
  status?: EndedCall['status']
  /** What the client was answered with. */
  httpStatus?: number
  errorCode?: string
  errorMessage?: string
}

/** A call that was answered, wholly or in part: what it used, by the best that is known of it, and what that cost. */
export async function endOf(
  call: Call,
  served: Served,
  learned: Learned,
  { pieces, status = 'completed', httpStatus = 200, errorCode = '', errorMessage = '' }: Told,
): Promise<Omit<EndedCall, 'attempts' | 'timeToFirstTokenMs'>> {
  const said = learned.usage
  const { counts, isWhole } = completed(call, said?.counts ?? NO_COUNTS, pieces)
  const book = await priced(call, served, counts, learned.serviceTier, !isWhole || said?.isEstimate === true)
  const reported = said?.reportedCost ? toNanoUsd(said.reportedCost) : null
  return {
    ...{ status, httpStatus, errorCode, errorMessage, by: served, learned, counts },
    cost: {
      costNanoUsd: reported ?? book.costNanoUsd,
      grade: reported !== null ? 'reported' : book.grade,
      computedNanoUsd: reported !== null ? book.costNanoUsd : null,
      priceId: book.price?.id ?? null,
    },
  }
}

/** What the backend does not say of its work is estimated, by what was asked and by what came: it was not for nothing. */
function completed(call: Call, counts: TokenCounts, pieces: number): { counts: TokenCounts; isWhole: boolean } {
  const hasInput = counts.inputTokens !== null || counts.cachedInputTokens !== null
  const hasOutput = counts.outputTokens !== null || counts.reasoningTokens !== null
  const isWhole = hasInput && (hasOutput || pieces === 0)
  return {
    counts: {
      ...counts,
      ...(hasInput ? {} : { inputTokens: inputOf(call) }),
      ...(hasOutput || (hasInput && pieces === 0) ? {} : { outputTokens: pieces }),
    },
    isWhole,
  }
}

function inputOf({ body, endpoint }: Call): number {
  return estimateTokens(endpoint.inputOf(body))
}

/** A backend's own trouble is 502 to the client, its limit 429, and a fault of the request what it is. */
function asSeen(refusal: OpenAiError, { headers }: Response): OpenAiError {
  const { status, code, message, type, param } = refusal
  const retryAfter = headers.get('retry-after')
  const more = { param, ...(retryAfter ? { headers: { 'retry-after': patience(retryAfter) } } : {}) }
  if (status === 429) return new OpenAiError(429, code ?? 'rate_limit_exceeded', message, { type, ...more })
  if (status >= 500 || status === 408)
    return new OpenAiError(502, code ?? 'upstream_error', message, { type: 'server_error', ...more })
  if (status < 400) return unreachable(`The backend answered ${status}`)
  return new OpenAiError(status, code, message, { type, ...more })
}

const LONGEST_PATIENCE_S = 3_600

/** How long a backend asks its callers to wait, in seconds: at most an hour, whatever it says. */
function patience(retryAfter: string): string {
  const seconds = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return String(Math.min(LONGEST_PATIENCE_S, Math.max(1, Math.ceil(Number.isNaN(seconds) ? 1 : seconds))))
}

function unreachable(message: string): OpenAiError {
  return new OpenAiError(502, 'upstream_error', message, { type: 'server_error' })
}

function pause(turn: number): Promise<void> {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (turn - 1))
  return new Promise((resume) => setTimeout(resume, most / 2 + (Math.random() * most) / 2))
}
