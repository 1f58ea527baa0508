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
  | 'precondition' // somebody else changed it first
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

/** What the database says when it is for the caller to know: it is busy or full (try again), or the text is none it can hold. */
const DATABASE_SAYS: readonly [RegExp, ErrorKind, string, string][] = [
  [
    /^(SQLITE_BUSY|SQLITE_LOCKED|TOO_MANY_STREAMS|STREAM_EXPIRED)/,
    'unavailable',
    'database.busy',
    'The database is busy: try again',
  ],
  [/^SQLITE_FULL/, 'unavailable', 'database.full', 'The database has no room left'],
  [
    /^ARGS_INVALID/,
    'invalid',
    'request.bad_text',
    'The request holds text that cannot be stored: NUL, or half a character',
  ],
]

/** An error as one that we expect, if it is one; null for a bug. */
export function expected(error: unknown): HelioxError | null {
  if (error instanceof HelioxError) return error
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HelioxError) return cause
    const code = String((cause as { code?: unknown }).code ?? '')
    const known = DATABASE_SAYS.find(([pattern]) => pattern.test(code))
    if (known) return new HelioxError(known[1], known[2], known[3], { cause: error })
  }
  return null
}

/** A file that its sender broke off: no refusal, as its import waits to be taken up again. The wire says 400. */
export class BrokenOff extends Error {}

/** A body that its client broke off, or sent in pieces that are none: nobody hears the answer, or it was not ours to mend. */
export function brokenBody(cause: unknown): HelioxError {
  return new HelioxError('invalid', 'request.body_broken', 'The body of the request broke off', { cause })
}

/** The innermost cause, whose words belong in the log: a database layer's own message carries SQL and values. */
export function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  return cause
}
