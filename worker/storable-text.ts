import { HelioxError } from './errors.ts'

/**
 * For what comes in, on every wire: no text with NUL or half a character. A database refuses such text in the middle of a
 * write transaction, and then keeps everybody else's writes waiting until it gives the transaction up.
 *
 * @throws HelioxError invalid `request.bad_text`
 */
export function requireStorableText(input: unknown): void {
  const waiting = [input] // not recursion: nobody has limited yet how deep it is
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) throw badText()
    if (value !== null && typeof value === 'object')
      for (const inner of Object.values(value)) if (inner !== undefined) waiting.push(inner)
  }
}

function badText(): HelioxError {
  const message = 'The request holds text that cannot be stored: NUL, or half a character'
  return new HelioxError('invalid', 'request.bad_text', message)
}
