import type { ZodError } from 'zod'
import { HelioxError } from './errors.ts'

/** A zod failure at the wire as the caller's 400: one line per field, "cost_data -> 0 -> cost_usd: …". */
export function invalidInput(error: ZodError): HelioxError {
  const details = error.issues.map(({ path, message }) => {
    const place = path.map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    return place.length > 0 ? `${place.join(' -> ')}: ${message}` : message
  })
  return new HelioxError(
    'invalid',
    'request.invalid',
    details.length === 1 ? `Invalid request: ${details[0]}` : 'Invalid request',
    { details },
  )
}
