/**
 * Every failure we expect. `kind` decides the status on each wire (tRPC, REST, gateway); `code` is stable,
 * dotted, and what pages and tests match on. Anything else that is thrown is a bug: a 500 without its words.
 */
export type ErrorKind =
  | 'invalid' // the caller can mend the request
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'limit_reached'
  | 'unavailable' // something we need does not answer

export class HelioxError extends Error {
  override readonly name = 'HelioxError'
  readonly kind: ErrorKind
  /** Stable: `room.snake_case`. */
  readonly code: string
  /** One line per bad field ("cost_data -> 0 -> cost_usd: …"); empty when the message says it all. */
  readonly details: readonly string[]

  constructor(kind: ErrorKind, code: string, message: string, more: { details?: string[]; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.kind = kind
    this.code = code
    this.details = more.details ?? []
  }
}

/** The innermost cause, whose words belong in the log: a database layer's own message carries SQL and values. */
export function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  return cause
}
