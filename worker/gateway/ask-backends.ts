import { toNanoUsd } from '../../db/units/money.ts'
import { rootCause } from '../errors.ts'
import { helioxHeaders } from './answer-headers.ts'
import type { Ask, Backend, Learned } from './backends/backend.ts'
import { backendOf } from './backends/index.ts'
import { BackendsFailed, type Call, settle } from './call.ts'
import type { EndedCall } from './call-record.ts'
import { estimateTokens } from './endpoints/endpoint.ts'
import type { Attempt, BackendRef } from './meter/messages.ts'
import { OpenAiError } from './openai-error.ts'
import { priced } from './pricing/book-price.ts'
import { relayStream } from './relay-stream.ts'
import type { Served } from './snapshot.ts'
import { isKnown, NO_COUNTS, type TokenCounts } from './tokens/counts.ts'

/** Between tries of one backend: doubled each time, and spread so that callers do not come back together. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
/** What is worth another try, here or elsewhere: busy, or broken. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529])

/** A backend's answer whose first byte has come. */
type Reached = { served: Served; backend: Backend; ask: Ask; response: Response; startedAtMs: number }

/**
 * Asks the backends in that order until one answers; further tries only before the first byte has come, so nothing is ever
 * answered twice. A refusal of the request itself (400, 404, 422 …) is the client's, and no other backend is asked.
 *
 * @throws BackendsFailed the last refusal: 502 where backends broke, their own status where the request was at fault
 */
export async function askBackends(call: Call, order: readonly BackendRef[]): Promise<Response> {
  const attempts: Attempt[] = []
  let last: { error: OpenAiError; served: Served | null } = { error: unreachable('No backend was asked'), served: null }
  for (const id of order) {
    const served = call.served.by.find((one) => one.backend.id === id)
    const backend = served && backendOf(served.backend.kind)
    if (!served || !backend) continue
    for (let turn = 0; turn <= served.backend.retries; turn += 1) {
      if (turn > 0) await pause(turn)
      const startedAtMs = call.asking.now()
      const ended = (isWell: boolean, message: string): Attempt => ({
        ...{ backend: id, isWell, ms: call.asking.now() - startedAtMs, message: message.slice(0, 300) },
      })
      const ask = askOf(call, served)
      const tried = await reach(call, served, backend, ask)
      if (tried instanceof OpenAiError) {
        last = { error: tried, served }
        if (tried.status < 500) break // this kind cannot do what is asked for, and was not asked: another kind may
        attempts.push(ended(false, tried.message))
        continue
      }
      if (tried.ok) {
        attempts.push(ended(true, ''))
        return passOn(call, { served, backend, ask, response: tried, startedAtMs }, attempts)
      }
      const refusal = backend.refusal(tried.status, await textOf(tried))
      const { status } = refusal // as it is meant, which is not what some backends answer with
      const isPassing = PASSING.has(status)
      const isOurs = status === 401 || status === 403 // the gateway's own key is wrong, not the client's
      attempts.push(ended(!isPassing && !isOurs, isPassing || isOurs ? `${status} ${refusal.message}` : ''))
      last = {
        error: isOurs ? unreachable(`The backend refused the gateway's credentials`) : asSeen(refusal, tried),
        served,
      }
      if (isOurs) break
      if (!isPassing) throw new BackendsFailed(last.error, attempts, served)
      if (status === 429) break // it asked for patience: another backend has it
    }
  }
  throw new BackendsFailed(last.error, attempts, last.served)
}

function askOf({ body, raw, endpoint, isStream, id }: Call, { upstreamModel }: Served): Ask {
  const options = body.stream_options as { include_usage?: unknown } | undefined
  return {
    ...{ endpoint: endpoint.name, body, raw, upstreamModel, isStream, requestId: id },
    wantsUsage: options?.include_usage === true,
  }
}

/** The backend's answer with its first byte, or why there is none. */
async function reach(call: Call, served: Served, backend: Backend, ask: Ask): Promise<Response | OpenAiError> {
  const { timeoutMs } = served.backend
  const { asking } = call
  const control = new AbortController()
  const timer = setTimeout(() => control.abort(TIMED_OUT), timeoutMs)
  const hangUp = () => control.abort(asking.request.signal.reason)
  asking.request.signal?.addEventListener('abort', hangUp, { once: true })
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
      return new OpenAiError(504, 'upstream_timeout', `The backend sent nothing within ${timeoutMs} ms`)
    asking.log.warn('a backend could not be reached', { backend: served.backend.name, error: String(rootCause(error)) })
    return unreachable('The backend cannot be reached')
  } finally {
    clearTimeout(timer)
    asking.request.signal?.removeEventListener('abort', hangUp)
  }
}

const TIMED_OUT = new Error('timed out')

async function passOn(call: Call, reached: Reached, attempts: Attempt[]): Promise<Response> {
  if (call.isStream) return relayStream(call, reached, attempts)
  const { backend, ask, response, served } = reached
  const text = await textOf(response)
  let answer: ReturnType<Backend['answer']>
  try {
    answer = backend.answer(text, ask)
  } catch (error) {
    if (!(error instanceof OpenAiError)) throw error
    throw new BackendsFailed(
      error,
      [...attempts, { backend: served.backend.id, isWell: false, ms: 0, message: error.message }],
      served,
    )
  }
  call.heard?.whole(answer.text)
  const ended = await endOf(call, served, answer, { isStream: false })
  const record = settle(call, { ...ended, attempts, timeToFirstTokenMs: null })
  return new Response(answer.text, {
    headers: { 'content-type': 'application/json', ...helioxHeaders(call, record) },
  })
}

type Told = {
  isStream: boolean
  pieces?: number
  status?: EndedCall['status']
  errorCode?: string
  errorMessage?: string
}

/** A call that was answered, wholly or in part: what it used, by the best that is known of it, and what that cost. */
export async function endOf(
  call: Call,
  served: Served,
  learned: Learned,
  { isStream, pieces = 0, status = 'completed', errorCode = '', errorMessage = '' }: Told,
): Promise<Omit<EndedCall, 'attempts' | 'timeToFirstTokenMs'>> {
  const said = learned.usage
  const isSaid = said !== null && isKnown(said.counts)
  // Without a word of the backend's a stream is as many tokens as it had pieces; a whole answer stays unknown.
  const counts: TokenCounts = isSaid
    ? said.counts
    : isStream
      ? { ...NO_COUNTS, inputTokens: inputOf(call), outputTokens: pieces }
      : NO_COUNTS
  const book = await priced(call, served, counts, learned.serviceTier, !isSaid || said.isEstimate === true)
  const reported = said?.reportedCost ? toNanoUsd(said.reportedCost) : null
  return {
    ...{ status, httpStatus: 200, errorCode, errorMessage, by: served, learned, counts },
    cost: {
      costNanoUsd: reported ?? book.costNanoUsd,
      grade: reported !== null ? 'reported' : book.grade,
      computedNanoUsd: reported !== null ? book.costNanoUsd : null,
      priceId: book.price?.id ?? null,
    },
  }
}

function inputOf({ body, endpoint }: Call): number {
  return estimateTokens(endpoint.inputOf(body))
}

/** An answer's text. What dies while it is read is text that is no JSON, and said to be so. */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch {
    return ''
  }
}

/** A backend's own trouble is 502 to the client, its limit 429, and a fault of the request what it is. */
function asSeen(refusal: OpenAiError, { headers }: Response): OpenAiError {
  const { status, code, message, type, param } = refusal
  const retryAfter = headers.get('retry-after')
  const more = { param, ...(retryAfter ? { headers: { 'retry-after': retryAfter } } : {}) }
  if (status === 429) return new OpenAiError(429, code ?? 'rate_limit_exceeded', message, { type, ...more })
  if (status >= 500 || status === 408)
    return new OpenAiError(502, code ?? 'upstream_error', message, { type: 'server_error', ...more })
  if (status < 400) return unreachable(`The backend answered ${status}`)
  return new OpenAiError(status, code, message, { type, ...more })
}

function unreachable(message: string): OpenAiError {
  return new OpenAiError(502, 'upstream_error', message, { type: 'server_error' })
}

function pause(turn: number): Promise<void> {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (turn - 1))
  return new Promise((resume) => setTimeout(resume, most / 2 + (Math.random() * most) / 2))
}
