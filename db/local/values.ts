import { Buffer } from 'node:buffer'
import { HranaError, protocolError } from './hrana-error.ts'

/** What the driver can bind and hand out. Anything else aborts the process (a boolean) or throws. */
export type SqlValue = null | bigint | number | string | Uint8Array

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * Reads one value of the wire, strictly. Integers are decimal text and exact within int64; floats are finite.
 * Throws HranaError PROTOCOL_ERROR for any other shape, and ARGS_INVALID for text that would come back changed or not
 * at all: the driver cuts what it reads at a NUL, and reading text that is not UTF-8 aborts the process. JSON with an
 * unpaired surrogate escape becomes such text as soon as SQLite's JSON functions take it apart.
 */
export function decodeValue(wire: unknown): SqlValue {
  if (typeof wire !== 'object' || wire === null) throw protocolError('A value must be an object with a type')
  const { type, value, base64 } = wire as { type?: unknown; value?: unknown; base64?: unknown }
  if (type === 'text' && typeof value === 'string') return checkedText(value)
  if (type === 'integer' && typeof value === 'string') return decodeInteger(value)
  if (type === 'float' && typeof value === 'number' && Number.isFinite(value)) return value
  if (type === 'null') return null
  if (type === 'blob' && typeof base64 === 'string') return decodeBlob(base64)
  const known = type === 'text' || type === 'integer' || type === 'float' || type === 'blob'
  throw protocolError(known ? `Value of type ${type} is malformed` : 'Value type not recognized')
}

function decodeInteger(text: string): bigint {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw protocolError('Value of type integer is malformed')
  const integer = BigInt(text)
  if (integer > MAX_INT64 || integer < MIN_INT64) throw protocolError('Value of type integer exceeds 64 bits')
  return integer
}

function decodeBlob(base64: string): Uint8Array {
  const digits = base64.replace(/=+$/, '').length
  if (!BASE64.test(base64) || digits % 4 === 1) throw protocolError('Value of type blob is malformed')
  return Buffer.from(base64, 'base64')
}

function checkedText(text: string): string {
  if (text.includes('\0')) throw invalidText('a NUL character')
  if (/^[ \t\n\r]*[[{"]/.test(text) && hasLoneSurrogateEscape(text))
    throw invalidText('JSON with an unpaired surrogate escape')
  return text
}

function invalidText(what: string): HranaError {
  return new HranaError(
    'ARGS_INVALID',
    `Arguments do not match SQL parameters: text with ${what} is not supported`,
    400,
  )
}

const ESCAPED_UNIT = /\\u([dD][89a-fA-F][0-9a-fA-F]{2})/y

/** True when `text` has a JSON escape of one half of a surrogate pair without the other: "\ud800", not "\ud83d\ude00". */
export function hasLoneSurrogateEscape(text: string): boolean {
  for (const prefix of ['\\ud', '\\uD']) {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 3)) {
      if (isEscaped(text, at)) continue
      const unit = unitAt(text, at)
      if (unit === null) continue
      const partner = unit < 0xdc00 ? unitAt(text, at + 6) : isEscaped(text, at - 6) ? null : unitAt(text, at - 6)
      if (partner === null || partner >= 0xdc00 === unit >= 0xdc00) return true
    }
  }
  return false
}

/** An odd number of backslashes before a backslash makes it a character and not the start of an escape. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text[before] === '\\') before--
  return (at - before) % 2 === 0
}

function unitAt(text: string, at: number): number | null {
  if (at < 0) return null
  ESCAPED_UNIT.lastIndex = at
  const hex = ESCAPED_UNIT.exec(text)?.[1]
  return hex === undefined ? null : Number.parseInt(hex, 16)
}

/**
 * A result row as JSON text. It is written by hand because this is the only work per row: twice as fast as building
 * objects for JSON.stringify. An infinite float is null, as sqld's serializer has it.
 */
export function encodeRow(row: readonly SqlValue[]): string {
  let text = '['
  for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + encodeValue(row[i] ?? null)
  return `${text}]`
}

function encodeValue(value: SqlValue): string {
  if (value === null) return '{"type":"null"}'
  if (typeof value === 'bigint') return `{"type":"integer","value":"${value}"}`
  if (typeof value === 'string') return `{"type":"text","value":${JSON.stringify(value)}}`
  if (typeof value === 'number') return `{"type":"float","value":${JSON.stringify(value)}}`
  const base64 = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return `{"type":"blob","base64":"${base64.replace(/=+$/, '')}"}`
}
