import { blotter, withoutSecrets } from '../seal.ts'
import type { Backend, KnownBackend, Learned, StreamReader } from './backends/backend.ts'
import { backendOf } from './backends/index.ts'
import { OpenAiError } from './openai-error.ts'

/** In what a model says only a whole key of such a length is hidden: "ollama" is a key as well, and a word. */
const LEAST_IN_ANSWERS = 16

type Secrets = KnownBackend['secrets']

const kept = new WeakMap<KnownBackend, Backend>()

/**
 * The kind of a backend, for this one: nothing that it says carries the key that the gateway asks it with, as a server does
 * that quotes the headers it was sent. Refusals, errors and streams go through here on their way to clients, rows and logs.
 * Undefined: no such kind.
 */
export function discreetBackend(known: KnownBackend): Backend | undefined {
  const kind = backendOf(known.kind)
  if (!kind || Object.keys(known.secrets).length === 0) return kind
  const ready = kept.get(known) ?? discreet(kind, known.secrets)
  kept.set(known, ready)
  return ready
}

function discreet(kind: Backend, secrets: Secrets): Backend {
  const clean = blotter(Object.values(secrets), LEAST_IN_ANSWERS)
  return {
    ...kind,
    refusal: (status, text) => discreetError(kind.refusal(status, withoutSecrets(text, secrets)), secrets), // it cuts words off: half a key is not found
    answer: (text, ask) => {
      try {
        const answer = kind.answer(clean(text), ask)
        return { ...answer, ...discreetNames(answer, clean), text: clean(answer.text) }
      } catch (error) {
        throw error instanceof OpenAiError ? discreetError(error, secrets) : error
      }
    },
    stream: (ask) => discreetStream(kind.stream(ask), secrets, clean),
  }
}

/** The same error without secrets in any of its words, and without headers that hold one. */
export function discreetError(error: OpenAiError, secrets: Secrets): OpenAiError {
  const { status, code, message, type, param, headers } = error
  const textOrNull = (text: string | null) => (text === null ? null : withoutSecrets(text, secrets))
  const harmless = Object.entries(headers).filter(([, value]) => withoutSecrets(value, secrets) === value)
  return new OpenAiError(status, textOrNull(code), withoutSecrets(message, secrets), {
    ...{ type: withoutSecrets(type, secrets), param: textOrNull(param), headers: Object.fromEntries(harmless) },
  })
}

/** Events come whole, so no key is cut in two. Those that tell an error hide every part of it. */
function discreetStream(stream: StreamReader, secrets: Secrets, clean: (text: string) => string): StreamReader {
  const cleaned = (text: string) => {
    if (text === '') return text
    return stream.learned().error === '' ? clean(text) : withoutSecrets(text, secrets)
  }
  return {
    read: (text) => cleaned(stream.read(text)),
    end: () => cleaned(stream.end()),
    learned: () => {
      const learned = stream.learned()
      const error = learned.error === '' ? '' : withoutSecrets(learned.error, secrets)
      return { ...learned, ...discreetNames(learned, clean), error }
    },
  }
}

function discreetNames({ model, serviceTier }: Learned, clean: (text: string) => string) {
  return { model: model && clean(model), serviceTier: serviceTier && clean(serviceTier) }
}
