/** Real footers and page headers nest a handful deep and hold some thousand values. */
const DEEPEST = 12
const MOST_VALUES = 2_000_000

/**
 * Walks a structure of Thrift's compact protocol without building it and answers where it ends. Throws RangeError when it
 * runs out of the bytes, nests too deeply or holds too much: a list of two billion entries is announced in five bytes, and
 * whoever builds it first finds out too late. github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function endOfThrift(bytes: Uint8Array, from: number): number {
  let at = from
  let values = 0
  const byte = () => {
    const value = bytes[at]
    if (value === undefined) throw new RangeError('the structure is cut off')
    at += 1
    return value
  }
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const next = byte()
      value += (next & 0x7f) * 2 ** shift
      if ((next & 0x80) === 0) return value
    }
    throw new RangeError('a number is too long')
  }
  const skip = (length: number) => {
    if (length > bytes.length - at) throw new RangeError('the structure is cut off')
    at += length
  }
  const element = (type: number, isInList: boolean, depth: number): void => {
    values += 1
    if (values > MOST_VALUES || depth > DEEPEST) throw new RangeError('the structure is too large')
    if (type === 1 || type === 2) skip(isInList ? 1 : 0)
    else if (type === 3) skip(1)
    else if (type >= 4 && type <= 6) varint()
    else if (type === 7) skip(8)
    else if (type === 8) skip(varint())
    else if (type === 9) list(depth + 1)
    else if (type === 12) struct(depth + 1)
    else throw new RangeError(`an unknown type ${type}`)
  }
  const list = (depth: number): void => {
    const head = byte()
    const size = head >> 4 === 15 ? varint() : head >> 4
    if (size > bytes.length - at) throw new RangeError('a list is longer than its bytes')
    for (let index = 0; index < size; index += 1) element(head & 0x0f, true, depth)
  }
  const struct = (depth: number): void => {
    for (;;) {
      const head = byte()
      if ((head & 0x0f) === 0) return
      if (head >> 4 === 0) varint() // the field's number, where it is no small step from the last
      element(head & 0x0f, false, depth)
    }
  }
  struct(0)
  return at
}
