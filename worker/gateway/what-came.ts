import type { Ask, Backend, Learned } from './backends/backend.ts'
import { objectsIn, parsedObject } from './backends/json-parts.ts'
import { estimateTokens } from './endpoints/endpoint.ts'
import { OpenAiError } from './openai-error.ts'

/** What a text of a backend's was, where it was no answer as it should be. `pieces`: about how many tokens of output it has. */
export type Came = Learned & { pieces: number }

const NOTHING_LEARNED: Learned = { usage: null, model: null, serviceTier: null }

/**
 * What can be learned of a text that was cut off, or came as a stream in place of a whole answer or the other way about: a model
 * has worked for it all the same. Null: no model has, it is a page, a word of a proxy, or an error.
 */
export function whatCame(backend: Backend, ask: Ask, text: string): Came | null {
  if (/^\s*(data|event|id|retry)?:/.test(text)) return streamThatCame(backend, ask, text)
  if (!/^\s*\{/.test(text)) return null
  if (!parsedObject(text)) return { ...NOTHING_LEARNED, pieces: estimateTokens(text) } // its end is missing
  try {
    const { text: said, ...learned } = backend.answer(text, ask)
    const pieces = saidTokens(said)
    return learned.usage || pieces > 0 ? { ...learned, pieces } : null
  } catch (error) {
    if (error instanceof OpenAiError) return null
    throw error
  }
}

function streamThatCame(backend: Backend, ask: Ask, text: string): Came | null {
  const reader = backend.stream({ ...ask, isStream: true })
  try {
    reader.read(text)
    reader.end()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error // an event without an end: what came before it counts
  }
  const { usage, model, serviceTier, pieces } = reader.learned()
  return usage || pieces > 0 ? { usage, model, serviceTier, pieces } : null
}

/** Members of an answer that hold what a model has said, thought or called. */
const WORDS = new Set(['content', 'text', 'refusal', 'reasoning_content', 'reasoning', 'arguments', 'name', 'summary'])

/** About how many tokens of output a whole answer in OpenAI's words has, where nobody says. */
export function saidTokens(text: string): number {
  const { choices, output } = parsedObject(text) ?? {}
  return Math.ceil(charactersIn([...objectsIn(choices), ...objectsIn(output)]) / 4)
}

function charactersIn(value: unknown, isSaid = false): number {
  if (typeof value === 'string') return isSaid ? value.length : 0
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + charactersIn(one, isSaid), 0)
  return Object.entries(value).reduce(
    (sum, [name, one]) => (name === 'logprobs' ? sum : sum + charactersIn(one, WORDS.has(name))),
    0,
  )
}
