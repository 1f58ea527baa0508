import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'

/** What a page claims, as far as it decides how long reading it takes and how much memory. */
export type PageClaim = {
  /** Unpacked. */
  bytes: Uint8Array
  encoding: string
  valueCount: number
  isBoolean: boolean
  /** The second version of pages. */
  isSecond: boolean
  maxRepetition: number
  maxDefinition: number
  /** Where the second version of pages keeps its levels; null: the first version, which says so in the page. */
  levelBytes: { repetition: number; definition: number } | null
}

type Checked = 'bytes' | 'valueCount' | 'levelBytes'

/** Values of a page together, once prefixes are put in front of them. */
const LARGEST_TEXT = 128 * 1024 * 1024
/** Runs are padded to groups of eight; some writers pad further. */
const PADDING = 512

/**
 * Throws RangeError for a page whose runs are longer than its values, which a reader would write out one by one: a run of
 * a billion takes six bytes. github.com/apache/parquet-format/blob/master/Encodings.md, read 2026-11.
 */
export function checkValues({ bytes, valueCount, levelBytes, ...claim }: PageClaim): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (const [max, fixed] of [
    [claim.maxRepetition, levelBytes?.repetition],
    [claim.maxDefinition, levelBytes?.definition],
  ] as const) {
    const length = fixed ?? (max > 0 ? view.getUint32(at, true) : 0)
    if (fixed === undefined && max > 0) at += 4
    if (!(length >= 0 && length <= bytes.length - at)) throw new RangeError('the levels of a page are cut off')
    if (max > 0 && checkRuns(bytes.subarray(at, at + length), 32 - Math.clz32(max), valueCount) < valueCount)
      throw new RangeError('the levels of a page are cut off')
    at += length
  }
  const rest = bytes.subarray(at)
  if (claim.encoding.endsWith('_DICTIONARY') || claim.encoding === 'RLE') checkIndexes(rest, valueCount, claim)
  if (claim.encoding.startsWith('DELTA_')) checkDelta(rest)
  if (claim.encoding === 'DELTA_BYTE_ARRAY') checkPrefixes(rest, valueCount)
}

/** Booleans have a length and a bit each; indexes into a dictionary say their width first. */
function checkIndexes(bytes: Uint8Array, count: number, { encoding, isBoolean, isSecond }: Omit<PageClaim, Checked>) {
  if (isSecond ? encoding === 'RLE' : isBoolean) {
    checkRuns(bytes.subarray(4), 1, count)
    return
  }
  const width = bytes[0] ?? 0
  if (width > 32) throw new RangeError('a page has an impossible width')
  if (width > 0) checkRuns(bytes.subarray(1), width, count)
}

/** The runs of a run-length and bit-packed hybrid, to the `count`th value or the end of the bytes: how many they are. */
function checkRuns(bytes: Uint8Array, width: number, count: number): number {
  let seen = 0
  for (let at = 0; at < bytes.length && seen < count; ) {
    const [head, after] = varint(bytes, at)
    const isPacked = head % 2 === 1
    const length = Math.floor(head / 2) * (isPacked ? 8 : 1)
    if (length === 0 || length > count - seen + PADDING) throw new RangeError('a run is longer than its page')
    seen += length
    at = after + (isPacked ? (length / 8) * width : Math.ceil(width / 8))
  }
  return seen
}

/** How a block of differences is laid out: real ones have 128 values in 4 parts, or a few times that. */
function checkDelta(bytes: Uint8Array): void {
  if (bytes.length === 0) return
  const [block, after] = varint(bytes, 0)
  const [parts] = varint(bytes, after)
  if (!(parts > 0 && parts <= 4_096 && block <= 1_048_576)) throw new RangeError('a block has an impossible size')
}

/** Text kept as what it shares with the value before, and the rest. */
function checkPrefixes(bytes: Uint8Array, count: number): void {
  const prefixes = new Int32Array(count)
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  deltaBinaryUnpack(reader, count, prefixes)
  if (prefixes.reduce((sum, length) => sum + Math.max(length, 0), bytes.length) > LARGEST_TEXT)
    throw new RangeError('a page is too large')
}

function varint(bytes: Uint8Array, from: number): [value: number, after: number] {
  let value = 0
  for (let at = from, scale = 1; at < from + 5; at += 1, scale *= 128) {
    const byte = bytes[at]
    if (byte === undefined) break
    value += (byte & 0x7f) * scale
    if (byte < 128) return [value, at + 1]
  }
  throw new RangeError('a number in a page is cut off')
}
