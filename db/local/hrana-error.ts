import { Buffer } from 'node:buffer'

/**
 * A failure in the words and codes of hosted libSQL (sqld), so that what the Worker matches on is the same in both.
 * `status` null: one statement failed and the answer carries the error in its place. A number: the whole HTTP request
 * is refused with that status.
 */
export class HranaError extends Error {
  override readonly name = 'HranaError'
  readonly code: string
  readonly status: number | null

  constructor(code: string, message: string, status: number | null = null) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** The request breaks the protocol: nothing of it ran, unless an earlier request of the same pipeline did. */
export function protocolError(message: string): HranaError {
  return new HranaError('PROTOCOL_ERROR', message, 400)
}

/** Another stream is writing, or wrote after this one read: roll back and try the transaction again. */
export function busyError(): HranaError {
  return new HranaError('SQLITE_BUSY', 'SQLite error: database is locked')
}

/** sqld's names of SQLite's primary result codes (libsql-server/src/hrana/stmt.rs, read 2026-11-21). */
const NAME_BY_CODE: Readonly<Record<number, string>> = {
  2: 'SQLITE_INTERNAL',
  3: 'SQLITE_PERM',
  4: 'SQLITE_ABORT',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  12: 'SQLITE_NOTFOUND',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  17: 'SQLITE_SCHEMA',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  21: 'SQLITE_MISUSE',
  22: 'SQLITE_NOLFS',
  23: 'SQLITE_AUTH',
  25: 'SQLITE_RANGE',
  26: 'SQLITE_NOTADB',
}

const SYNTAX = /syntax error$|^incomplete input$|^unrecognized token/
/** Errors for which SQLite knows the place in the text; sqld gives exactly those another code. */
const AT_A_PLACE = /^(?:no such column|ambiguous column name|no such function|misuse of [a-z ]+|row value misused)/

/** True when a connection that threw `error` may hold a statement which the driver never resets. */
export function isNativeBusy(error: unknown): boolean {
  return nativeCode(error) === 5
}

/** `error` as sqld would say it. `sql` is the statement that was prepared, null when it was already running. */
export function fromNative(error: unknown, sql: string | null): HranaError {
  if (error instanceof HranaError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = nativeCode(error)
  if (code === null) return new HranaError('INTERNAL_ERROR', message)
  if (sql !== null && code === 1) {
    if (SYNTAX.test(message)) return new HranaError('SQL_PARSE_ERROR', `SQL string could not be parsed: ${message}`)
    if (AT_A_PLACE.test(message)) {
      return new HranaError('SQL_INPUT_ERROR', `SQLite input error: ${message}${placeOf(message, sql)}`)
    }
  }
  return new HranaError(NAME_BY_CODE[code] ?? 'SQLITE_UNKNOWN', `SQLite error: ${message}`)
}

function nativeCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('rawCode' in error) || typeof error.rawCode !== 'number') return null
  return error.rawCode & 0xff
}

function placeOf(message: string, sql: string): string {
  const name = message.slice(message.indexOf(': ') + 2)
  const at = message.includes(': ') ? sql.indexOf(name) : -1
  return at < 0 ? '' : ` (at offset ${Buffer.byteLength(sql.slice(0, at))})`
}
