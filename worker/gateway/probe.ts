import { HelioxError } from '../errors.ts'
import { withoutSecrets } from '../seal.ts'
import type { KnownBackend } from './backends/backend.ts'
import { backendOf } from './backends/index.ts'

/** What asking a backend's probe address has shown. `message` is for people and quotes nothing that the backend sent. */
export type Probed = {
  /** Whether calls may be sent there: it answers, and not with a failure or a refusal of the key. */
  isWell: boolean
  /** Whether it answered with a list of models, as it should. */
  hasList: boolean
  message: string
  durationMs: number
  /** Its own names of its models, sorted. */
  models: string[]
}

const LONGEST_LIST_BYTES = 4 * 1024 * 1024
const MOST_MODELS = 1_000

/** Asks a backend how it is, for so long at most. Redirects are not followed: they could lead its key elsewhere. */
export async function probe(known: KnownBackend, longestMs: number): Promise<Probed> {
  const startedAt = Date.now()
  const found = (words: Partial<Probed> & { message: string }): Probed => ({
    ...{ isWell: false, hasList: false, models: [] },
    ...words,
    durationMs: Date.now() - startedAt,
  })
  const kind = backendOf(known.kind)
  if (!kind) return found({ message: `Nothing here speaks to backends of the kind ${known.kind}` })
  let host = ''
  try {
    const asked = kind.probe(known)
    if (asked === null) return found({ isWell: true, hasList: true, message: 'It is asked without an address' })
    host = new URL(asked.url).host
    const signal = AbortSignal.timeout(longestMs)
    const response = await fetch(asked.url, { headers: asked.headers, redirect: 'manual', signal })
    const why = refusalIn(response.status)
    if (why) {
      await response.body?.cancel()
      return found({ isWell: why.isWell, message: `${host} ${why.words} (${response.status})` })
    }
    const models = modelsIn(withoutSecrets(await shortText(response), known.secrets))
    if (models === null)
      return found({ isWell: true, message: `${host} answers, but not with a list of models: check the address` })
    return found({ isWell: true, hasList: true, models, message: `${host} answers` })
  } catch (error) {
    if (error instanceof HelioxError) return found({ message: error.message })
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const why = isLate ? `does not answer within ${longestMs / 1000} s` : 'cannot be reached: check the address'
    return found({ message: `${host || 'The backend'} ${why}` })
  }
}

/** What a status other than success means; a backend that has no list of models may do well all the same. */
function refusalIn(status: number): { isWell: boolean; words: string } | null {
  if (status >= 200 && status < 300) return null
  if (status === 401 || status === 403) return { isWell: false, words: 'refuses the key' }
  if (status >= 300 && status < 400)
    return { isWell: false, words: 'sends on to another address, which is not followed: enter that one' }
  if (status === 429) return { isWell: true, words: 'answers, and is at its limit' }
  if (status < 500) return { isWell: true, words: 'answers, but has no list of models at this address' }
  return { isWell: false, words: 'has failed' }
}

/** @throws HelioxError invalid `backends.answer_too_large` */
async function shortText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader()
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    pieces.push(piece.value)
    size += piece.value.byteLength
    if (size <= LONGEST_LIST_BYTES) continue
    await reader?.cancel()
    throw new HelioxError('invalid', 'backends.answer_too_large', 'The backend answers far more than a list of models')
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}

type Named = { id?: unknown; name?: unknown }

/** Names in a list as OpenAI, Anthropic (data), Gemini (models) or Cloudflare (result) writes it; null: none of them. */
function modelsIn(text: string): string[] | null {
  try {
    const { data, models, result } = JSON.parse(text) as Record<string, unknown>
    const list = [data, models, result].find(Array.isArray) as Named[] | undefined
    if (!list) return null
    const names = list.map((one) => (data === list ? one.id : (one.name ?? one.id)))
    const texts = names.filter((name) => typeof name === 'string').map((name) => name.replace(/^models\//, ''))
    return [...new Set(texts)].sort().slice(0, MOST_MODELS)
  } catch {
    return null
  }
}
