import { rootCause } from '../errors.ts'
import { helioxHeaders } from './answer-headers.ts'
import { endOf } from './ask-backends.ts'
import type { Ask, Backend, StreamReader } from './backends/backend.ts'
import { type Call, settle } from './call.ts'
import { GatheredStream } from './gathered-stream.ts'
import type { Attempt } from './meter/messages.ts'
import { errorBody, OpenAiError } from './openai-error.ts'
import { SilenceWatch } from './silence-watch.ts'
import type { Served } from './snapshot.ts'
import { sseEvent } from './sse.ts'

type Reached = { served: Served; backend: Backend; ask: Ask; response: Response; startedAtMs: number }
type End = { status: 'completed' | 'failed' | 'cancelled'; errorCode: string; errorMessage: string }

const WELL: End = { status: 'completed', errorCode: '', errorMessage: '' }

/**
 * Hands a stream on as it comes and meters it at its end, whatever that is: its own, the client's hanging up, the backend's
 * dying or falling silent. What was cut off is `cancelled` and paid for by what came until then, never $0. No more of it is
 * held than the client is slow to take.
 */
export function relayStream(call: Call, { served, backend, ask, response }: Reached, attempts: Attempt[]): Response {
  const upstream = response.body
  if (!upstream) throw new OpenAiError(502, 'bad_upstream_answer', 'The backend answered without a stream')
  const reader = upstream.getReader()
  const stream = backend.stream(ask)
  const decoder = new TextDecoder()
  const { timeoutMs } = served.backend
  let firstAtMs: number | null = null
  let isSettled = false
  const end = (how: End): void => {
    if (isSettled) return
    isSettled = true
    call.asking.outlive(meter(call, served, stream, how, attempts, firstAtMs))
  }
  const out = new GatheredStream(async () => {
    end({ status: 'cancelled', errorCode: 'client_closed', errorMessage: 'The client hung up' })
    await reader.cancel().catch(() => undefined)
  })
  const watch = new SilenceWatch(timeoutMs, () => void breakOff(SILENT))
  const breakOff = async (error: unknown): Promise<void> => {
    if (isSettled) return
    const isSilent = error === SILENT
    const how: End = {
      status: 'cancelled',
      errorCode: isSilent ? 'upstream_timeout' : 'upstream_closed',
      errorMessage: isSilent ? `The backend fell silent for ${timeoutMs} ms` : 'The backend broke off the stream',
    }
    if (!isSilent) call.asking.log.warn('a stream broke off', { call: call.id, error: String(rootCause(error)) })
    end(how)
    out.close(wordsOf(how))
    await reader.cancel().catch(() => undefined)
  }
  const relay = async (): Promise<void> => {
    for (;;) {
      watch.begin()
      const { done, value } = await reader.read()
      watch.rest()
      if (isSettled) return
      if (done) {
        const rest = stream.end()
        const how = endedBy(stream)
        end(how)
        return out.close(how === WELL ? rest : rest + wordsOf(how))
      }
      // A piece that holds only what the client did not ask for sends nothing.
      const text = stream.read(decoder.decode(value, { stream: true }))
      if (text === '') continue
      firstAtMs ??= call.asking.now()
      await out.write(text)
    }
  }
  relay()
    .catch(breakOff)
    .finally(() => watch.stop())
  const headers = {
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    ...helioxHeaders(call, { backend: served.backend.name, cache: 'off', costNanoUsd: null, isStream: true }),
  }
  return new Response(out.body, { headers })
}

async function meter(
  call: Call,
  served: Served,
  stream: StreamReader,
  how: End,
  attempts: Attempt[],
  firstAtMs: number | null,
): Promise<void> {
  const { pieces, ...learned } = stream.learned()
  const ended = await endOf(call, served, learned, { isStream: true, pieces, ...how })
  const seen = how.status === 'completed' || how.errorCode === 'client_closed' ? attempts : withFault(attempts, how)
  settle(call, {
    ...ended,
    attempts: seen,
    timeToFirstTokenMs: firstAtMs === null ? null : firstAtMs - call.startedAtMs,
  })
}

/** The backend that answered did not do so well after all. */
function withFault(attempts: readonly Attempt[], { errorMessage }: End): Attempt[] {
  const last = attempts.at(-1)
  return last ? [...attempts, { ...last, isWell: false, message: errorMessage }] : [...attempts]
}

/** A stream that stops without saying that it is done was cut off. */
function endedBy(stream: StreamReader): End {
  const { isDone, error } = stream.learned()
  if (error !== '') return { status: 'failed', errorCode: 'upstream_error', errorMessage: error }
  if (isDone) return WELL
  return { status: 'cancelled', errorCode: 'upstream_closed', errorMessage: 'The backend broke off the stream' }
}

/** How a client is told inside a stream, whose status has long been sent. */
function wordsOf({ errorCode, errorMessage }: End): string {
  return sseEvent(errorBody(new OpenAiError(502, errorCode, errorMessage)))
}

const SILENT = new Error('silent')
