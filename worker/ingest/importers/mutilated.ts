import fc from 'fast-check'

/** What breaks parsers. */
const POISON = [
  ...['"', '""', ',', '\n', '\r', '\\', '|', '{', '}', '[', ']', ':', '\0', '\ud83d', '\ufeff', '\u2028', ' ', '-'],
  ...['9'.repeat(40), '1e999', '1E-99', 'NaN', 'null', 'NULL', '__proto__', 'constructor', "'; drop table jobs;--"],
  ...['2000-01-01', '2099-12-31T23:59:59Z', '0000-00-00', 'é', '\\u0000', '\\ud83d', 'x'.repeat(150), '99999999'],
  ...[' '.repeat(120), 'gres/gpu=', 'İ', '\t', '\u00a0'],
]

/** A sample with a few places cut out, doubled, swapped or written over with what breaks parsers. */
export function mutilated(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length })
  const edit = fc.tuple(place, fc.nat({ max: 12 }), fc.oneof(fc.constantFrom(...POISON), fc.constant(''), place))
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((mutant, [at, removed, put]) => {
      const piece = typeof put === 'number' ? text.slice(put, put + 80) : put
      return mutant.slice(0, at) + piece + mutant.slice(at + removed)
    }, text),
  )
}

/** Text of any characters, from none to a few hundred. */
export function anyText(): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', maxLength: 300 })
}

/** A sample that ends anywhere, and one that goes on with any text behind any of its places. */
export function cutOff(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length })
  return fc.oneof(
    place.map((end) => text.slice(0, end)),
    fc.tuple(place, anyText()).map(([end, any]) => text.slice(0, end) + any),
  )
}

/** Where a text of this length arrives in pieces of this size. */
export function cutsEvery(size: number, length: number): number[] {
  return Array.from({ length: Math.floor(length / size) }, (_, at) => at * size)
}
