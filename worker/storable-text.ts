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

/** The same text as it can be stored: without NUL, and half a character as the sign for one that is unknown. For words of strangers that must be kept as well as they can be. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function badText(): HelioxError {
  const message = 'The request holds text that cannot be stored: NUL, or half a character'
  return new HelioxError('invalid', 'request.bad_text', message)
}
