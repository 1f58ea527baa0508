import { redacted } from './redact.ts'

/** Of what was asked, and of what was answered. */
const MOST_CHARACTERS = 256 * 1024
/** A row of the meter's journal holds 2 MB. */
const MOST_BYTES = 1_500_000

/** What was said in an answer: its JSON, or the text of a stream. */
export type Said = { response: unknown; isCut: boolean }

/** {messages, response} as `requests.body_json` keeps it; `isCut` where something was too long. */
export function keptBody(asked: unknown, said: Said | null, redacts: boolean): string {
  const messages = shortened(asked, redacts)
  const response = said ? shortened(said.response, redacts) : { value: null, isCut: false }
  const isCut = messages.isCut || response.isCut || (said?.isCut ?? false)
  const text = JSON.stringify({
    ...{ messages: messages.value, response: response.value },
    ...(isCut ? { is_cut: true } : {}),
  })
  const isTooLarge = text.length > MOST_BYTES / 4 && new TextEncoder().encode(text).length > MOST_BYTES
  return isTooLarge ? JSON.stringify({ messages: null, response: null, is_cut: true }) : text
}

/** The same value with its texts redacted, and cut when all of them together are too long. */
function shortened(value: unknown, redacts: boolean): { value: unknown; isCut: boolean } {
  let left = MOST_CHARACTERS
  let isCut = false
  const walk = (one: unknown, depth: number): unknown => {
    if (typeof one === 'string') {
      const text = one.length > left ? wholeWords(one.slice(0, left)) : one
      if (text.length < one.length) isCut = true
      left -= text.length
      return redacts ? redacted(text) : text
    }
    left -= 8
    if (typeof one !== 'object' || one === null) return one
    if (depth > 50 || left <= 0) {
      isCut = true
      return null
    }
    if (Array.isArray(one)) return one.map((item) => walk(item, depth + 1))
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, walk(item, depth + 1)]))
  }
  return { value: walk(value, 0), isCut }
}

/** Half a secret is not recognised as one. */
function wholeWords(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf(' ')))
}
