import { OpenAiError } from './openai-error.ts'
import type { Patience } from './patience.ts'

/** A whole answer beyond that is none: sixty-four million characters of JSON would be most of an isolate's memory. */
const MOST_BYTES = 32 * 1024 * 1024

/** What could be read of a backend's whole answer, and why not all of it. */
export type UpstreamText = { text: string; broken: OpenAiError | null }

/**
 * The text of an answer that does not stream, as long as there is patience from now. One that dies, stalls or has no end on the way is
 * what came until then: it may have been paid for.
 */
export async function upstreamText(response: Response, patience: Patience): Promise<UpstreamText> {
  const reader = response.body?.getReader()
  if (!reader) {
    patience.end()
    return { text: '', broken: null }
  }
  const decoder = new TextDecoder()
  const pieces: string[] = []
  let bytes = 0
  const broke = (error: OpenAiError): UpstreamText => {
    void reader.cancel().catch(() => undefined)
    return { text: pieces.join(''), broken: error }
  }
  const late = new Promise<'late'>((resolve) => patience.begin(() => resolve('late')))
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late])
      if (read === 'late') return broke(stalled(patience.mostMs))
      if (read.done) return { text: pieces.join('') + decoder.decode(), broken: null }
      bytes += read.value.byteLength
      if (bytes > MOST_BYTES) return broke(tooLong())
      pieces.push(decoder.decode(read.value, { stream: true }))
    }
  } catch {
    return broke(new OpenAiError(502, 'upstream_closed', 'The backend broke off its answer'))
  } finally {
    patience.end()
  }
}

function stalled(timeoutMs: number): OpenAiError {
  return new OpenAiError(504, 'upstream_timeout', `The backend did not end its answer within ${timeoutMs} ms`)
}

function tooLong(): OpenAiError {
  return new OpenAiError(502, 'bad_upstream_answer', 'The backend answered with more than 32 MiB')
}
