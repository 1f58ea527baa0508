import { rootCause } from '../errors.ts'
import { withoutSecrets } from '../seal.ts'
import { costComment, helioxHeaders, withComment } from './answer-headers.ts'
import { CLIENT_GONE, endOf, withFault } from './ask-backends.ts'
import type { Ask, Backend, StreamReader } from './backends/backend.ts'
import { type Call, settle } from './call.ts'
import { GatheredText } from './gathered-text.ts'
import type { Attempt, CallRecord } from './meter/messages.ts'
import { errorBody, OpenAiError } from './openai-error.ts'
import type { Patience } from './patience.ts'
import type { Served } from './snapshot.ts'
import { sseEvent } from './sse.ts'

type Reached = { served: Served; backend: Backend; ask: Ask; response: Response; patience: Patience }
type End = { status: 'completed' | 'failed' | 'cancelled'; errorCode: string; errorMessage: string }

const WELL: End = { status: 'completed', errorCode: '', errorMessage: '' }

/**
 * Hands a stream on as it comes and meters it at its end, whatever that is: its own, the client's hanging up, the backend's
 * dying or falling silent. What was cut off is `cancelled` and paid for by what came until then, never $0. No more of it is
 * held than one event and a burst, see `GatheredText`: a client that reads slowly makes the backend wait. Nothing is passed on
 * after the stream's own end.
 */
export function relayStream(call: Call, reached: Reached, attempts: Attempt[]): Response {
  const { served, backend, ask, response, patience } = reached
  const upstream = response.body
  if (!upstream) {
    patience.end()
    throw new OpenAiError(502, 'bad_upstream_answer', 'The backend answered without a stream')
  }
  const reader = upstream.getReader()
  const stream = backend.stream(ask)
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const { signal } = call.asking.request
  let firstAtMs: number | null = null
  let isSettled = false
  const whole = untilTold(call)
  /** Meters the end, the first that is told; the call as it is metered then. */
  const end = async (how: End): Promise<CallRecord | null> => {
    if (isSettled) return null
    isSettled = true
    const metering = meter(call, served, stream, how, attempts, firstAtMs).catch((error: unknown) => {
      call.asking.log.error('the end of a stream could not be metered: it will count as cut off', {
        ...{ call: call.id, error: String(rootCause(error)) },
      })
      return null
    })
    call.asking.outlive(metering)
    whole()
    return metering
  }
  let controller: ReadableStreamDefaultController<Uint8Array>
  const text = new GatheredText((piece) => controller.enqueue(encoder.encode(piece)))
  const close = (last: string) => {
    patience.end()
    if (last !== '') controller.enqueue(encoder.encode(last))
    controller.close()
  }
  const stop = () => {
    patience.end()
    text.take()
    void reader.cancel().catch(() => undefined)
  }
  /** The backend has failed in the middle: the client is told behind what came until then. */
  const fail = (how: End) => {
    if (isSettled) return
    close(text.take() + wordsOf(how))
    void end(how)
    stop()
  }
  const hangUp = () => {
    void end(CLIENT_GONE)
    stop()
  }
  const tooLate = () => fail(silentFor(patience.mostMs))
  signal?.addEventListener('abort', hangUp, { once: true })
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own
    },
    async pull() {
      try {
        // A piece that is held, or holds only what the client did not ask for, sends nothing: the next one is waited for.
        for (;;) {
          patience.begin(tooLate)
          const { done, value } = await reader.read()
          patience.pause()
          if (isSettled) return // the client has hung up meanwhile, or been told that the backend is silent
          const piece = done
            ? stream.read(decoder.decode()) + stream.end()
            : stream.read(decoder.decode(value, { stream: true }))
          if (piece !== '') firstAtMs ??= call.asking.now()
          if (piece !== '') call.heard?.piece(piece)
          const how = endedBy(stream, done)
          if (how === null && piece === '') continue
          if (how === null) {
            const isTaken = (controller.desiredSize ?? 0) > 0 // else the client reads slowly, and the backend waits
            if (text.add(piece) || !isTaken) return
            continue
          }
          const record = await end(how)
          if (signal?.aborted) return
          const last = text.take() + piece
          close(how === WELL ? withComment(last, record && costComment(call, record)) : last + wordsOf(how))
          if (!done) stop()
          return
        }
      } catch (error) {
        const how = signal?.aborted ? CLIENT_GONE : brokenBy(error)
        if (how.errorCode === 'upstream_closed')
          call.asking.log.warn('a stream broke off', {
            call: call.id,
            error: withoutSecrets(String(rootCause(error)), served.backend.secrets),
          })
        fail(how)
      }
    },
    cancel: hangUp,
  })
  const headers = {
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    ...helioxHeaders(call, {
      backend: served.backend.name,
      cache: call.draft.cache,
      costNanoUsd: null,
      isStream: true,
    }),
  }
  return new Response(body, { headers })
}

/** Keeps the runtime with the call until its end is told: else it drops the stream of a client that has gone, and nobody meters it. */
function untilTold({ asking }: Call): () => void {
  let told: () => void = () => undefined
  asking.outlive(
    new Promise<void>((resolve) => {
      told = resolve
    }),
  )
  return told
}

async function meter(
  call: Call,
  served: Served,
  stream: StreamReader,
  how: End,
  attempts: Attempt[],
  firstAtMs: number | null,
): Promise<CallRecord> {
  const { pieces, ...learned } = stream.learned()
  const ended = await endOf(call, served, learned, { pieces, ...how })
  const seen =
    how.status === 'completed' || how.errorCode === 'client_closed' ? attempts : withFault(attempts, how.errorMessage)
  return settle(call, {
    ...ended,
    attempts: seen,
    timeToFirstTokenMs: firstAtMs === null ? null : firstAtMs - call.startedAtMs,
  })
}

/** How it has ended; null: it has not. A stream that stops without saying that it is done was cut off. */
function endedBy(stream: StreamReader, hasStopped: boolean): End | null {
  const { isDone, error } = stream.learned()
  if (isDone && error === '') return WELL
  if (!isDone && !hasStopped && error === '') return null
  if (error !== '') return { status: 'failed', errorCode: 'upstream_error', errorMessage: error }
  return { status: 'cancelled', errorCode: 'upstream_closed', errorMessage: 'The backend broke off the stream' }
}

function silentFor(timeoutMs: number): End {
  const errorMessage = `The backend fell silent for ${timeoutMs} ms`
  return { status: 'cancelled', errorCode: 'upstream_timeout', errorMessage }
}

function brokenBy(error: unknown): End {
  if (error instanceof RangeError)
    return { status: 'cancelled', errorCode: 'bad_upstream_answer', errorMessage: 'An event of the stream has no end' }
  return { status: 'cancelled', errorCode: 'upstream_closed', errorMessage: 'The backend broke off the stream' }
}

/** How a client is told inside a stream, whose status has long been sent. */
function wordsOf({ errorCode, errorMessage }: End): string {
  return sseEvent(errorBody(new OpenAiError(502, errorCode, errorMessage)))
}
