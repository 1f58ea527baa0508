import type { ZodError } from 'zod'
import { HelioxError } from './errors.ts'
import { inputProblems } from './input-problems.ts'

/** A zod failure at the wire as the caller's 400, a line per field. */
export function invalidInput(error: ZodError): HelioxError {
  const details = inputProblems(error)
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  return new HelioxError('invalid', 'request.invalid', `Invalid request: ${details[0]}${more}`, { details })
}
