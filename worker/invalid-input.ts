import type { ZodError } from 'zod'
import { HelioxError } from './errors.ts'
import './input-words.ts' // zod's own words are for programmers

/** A zod failure at the wire as the caller's 400: one line per field, "cost_data -> 0 -> cost_usd: …". */
export function invalidInput(error: ZodError): HelioxError {
  const details = error.issues.map(({ path, message }) => {
    const place = path.map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    return place.length > 0 ? `${place.join(' -> ')}: ${message}` : message
  })
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  return new HelioxError('invalid', 'request.invalid', `Invalid request: ${details[0]}${more}`, { details })
}
