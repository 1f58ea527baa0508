import type { FileMetaData, SchemaElement } from 'hyparquet'

/** How a column's values are told as text. `scale`: of a decimal. `isSingle`: 32-bit floats. */
export type ParquetColumn = { scale: number | null; isSingle: boolean; isNested: boolean }

const decoder = new TextDecoder()

/**
 * Takes the decimals of a file's schema out of the reader's hands, which would make floats of them, and answers how each
 * top-level column is told as text.
 */
export function columnsOfSchema({ schema }: FileMetaData): Map<string, ParquetColumn> {
  const columns = new Map<string, ParquetColumn>()
  const [root, ...elements] = schema
  let rest = root?.num_children ?? 0
  let inside = 0
  for (const element of elements) {
    const isTopLevel = inside === 0 && rest > 0
    const scale = scaleOf(element)
    if (scale !== null) {
      delete element.converted_type
      delete element.logical_type
    }
    if (isTopLevel) {
      const isNested = (element.num_children ?? 0) > 0 || element.repetition_type === 'REPEATED'
      columns.set(element.name, { scale, isSingle: element.type === 'FLOAT', isNested })
      rest -= 1
    } else inside -= 1
    inside += element.num_children ?? 0
  }
  return columns
}

function scaleOf({ converted_type, logical_type, scale }: SchemaElement): number | null {
  if (logical_type?.type === 'DECIMAL') return logical_type.scale
  return converted_type === 'DECIMAL' ? (scale ?? 0) : null
}

/** What the reader makes of values that are neither numbers nor text: times are said in UTC, without a float in between. */
export const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => timeText(BigInt(millis)),
  timestampFromMicroseconds: (micros: bigint) => timeText(floorDivide(BigInt(micros), 1_000n)),
  timestampFromNanoseconds: (nanos: bigint) => timeText(floorDivide(BigInt(nanos), 1_000_000n)),
  dateFromDays: (days: number) => timeText(BigInt(days) * 86_400_000n).slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => bytes && decoder.decode(bytes),
}

/** Rounded down, also before 1970. */
function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

/** A time far from any bill's stays a number, which no reader of times takes. */
function timeText(ms: bigint): string {
  return ms > -62_135_596_800_000n && ms < 253_402_300_800_000n ? new Date(Number(ms)).toISOString() : `${ms}`
}

/**
 * A value as the text a CSV would have: decimals to their last digit, floats as the shortest decimal that is this float,
 * maps, lists and structures as JSON; '' for null.
 */
export function valueText(value: unknown, { scale, isSingle }: ParquetColumn): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (scale !== null) return decimalText(value, scale)
  if (typeof value === 'number') return isSingle ? singleText(value) : String(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) return decoder.decode(value)
  if (value instanceof Date) return timeText(BigInt(value.getTime()))
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item instanceof Uint8Array ? decoder.decode(item) : item,
  )
}

function decimalText(value: unknown, scale: number): string {
  const digits = value instanceof Uint8Array ? signed(value) : BigInt(value as number | bigint)
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const cut = text.length - scale
  return `${digits < 0n ? '-' : ''}${text.slice(0, cut)}${scale > 0 ? `.${text.slice(cut)}` : ''}`
}

/** A two's complement number, the most significant byte first. */
function signed(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}

/** A 32-bit float as the shortest decimal that is this float. */
function singleText(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(Number(value.toPrecision(9)))
}
