import { OpenAiError } from './openai-error.ts'

/** What a call may say of how much it wants back, and the most of it. OpenAI's own `n` ends at 128; a limit of tokens, where it is one. */
const MOST = {
  ...{ max_tokens: 2 ** 31 - 1, max_completion_tokens: 2 ** 31 - 1, max_output_tokens: 2 ** 31 - 1 },
  ...{ n: 128, best_of: 128 },
} as const

/**
 * Refuses what says in no whole number how much is wanted, or not in yes or no whether it streams: every server reads such a
 * thing in its own way, and a budget could hold no place for it. Null is as good as absent.
 *
 * @throws OpenAiError 400 in OpenAI's words, with `param`
 */
export function refuseUnclearSize(body: Readonly<Record<string, unknown>>): void {
  for (const [name, most] of Object.entries(MOST)) {
    const value = body[name] ?? null
    if (value === null) continue
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer', value)
    if (value < 1) throw outOfRange(name, 'below minimum', 'integer_below_min_value', `>= 1, but got ${value}`)
    if (value > most) throw outOfRange(name, 'above maximum', 'integer_above_max_value', `<= ${most}, but got ${value}`)
  }
  const { stream = null } = body
  if (stream !== null && typeof stream !== 'boolean') throw wrongType('stream', 'a boolean', stream)
}

function wrongType(param: string, wanted: string, value: unknown): OpenAiError {
  const message = `Invalid type for '${param}': expected ${wanted}, but got ${kindOf(value)} instead.`
  return new OpenAiError(400, 'invalid_type', message, { param })
}

function outOfRange(param: string, how: string, code: string, range: string): OpenAiError {
  const message = `Invalid '${param}': integer ${how} value. Expected a value ${range} instead.`
  return new OpenAiError(400, code, message, { param })
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
