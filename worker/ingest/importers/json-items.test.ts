import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactObject, JsonItems } from './json-items.ts'

function read(text: string, size = text.length || 1) {
  const reader = new JsonItems('a document with a list of rows', ['rows', 'first'])
  const items = []
  for (let at = 0; at < text.length; at += size) items.push(...reader.push(text.slice(at, at + size)))
  return items.concat(reader.end())
}

test('the items of named lists come one by one with their place and line, other values are passed over', () => {
  const text =
    '\ufeff{"meta": {"list": [1, 2], "n": 1},\n "rows": [\n {"a": "x]},\\"", "b": [1, {"c": 2}]},\n 7\n], "more": [], "last": [null]}\n'
  expect(read(text)).toEqual([
    { list: 'rows', index: 0, line: 3, text: '{"a": "x]},\\"", "b": [1, {"c": 2}]}' },
    { list: 'rows', index: 1, line: 4, text: '7' },
    { list: 'last', index: 0, line: 5, text: 'null' },
  ])
})

test('a bare list is read too, and text that is not a document is refused whole', () => {
  expect(read('[{"a":1},{"a":2}]').map(({ list, text }) => [list, text])).toEqual([
    ['', '{"a":1}'],
    ['', '{"a":2}'],
  ])
  for (const text of ['', 'date,provider', '"text"', '{"rows":[{"a":1}', '{"rows":[]} {"rows":[]}', '{"lines":[]}'])
    expect(() => read(text)).toThrow('a document with a list of rows')
})

test('any document gives the same items in one piece and cut anywhere', () => {
  const rows = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 })
  fc.assert(
    fc.property(rows, rows, fc.integer({ min: 1, max: 7 }), (first, second, size) => {
      const text = JSON.stringify({ note: 'x"[', first, other: { first: [1] }, second }, null, 1)
      const items = read(text, size)
      const of = (name: string) => items.filter(({ list }) => list === name).map((item) => JSON.parse(item.text))
      expect([of('first'), of('second')]).toEqual(JSON.parse(JSON.stringify([first, second])))
    }),
    { numRuns: 2000 },
  )
})

test('numbers keep every digit they were written with', () => {
  expect(exactObject('{"cost_usd": 0.1000000000000000055511151231, "n": [9007199254740993]}')).toEqual({
    cost_usd: '0.1000000000000000055511151231',
    n: ['9007199254740993'],
  })
})
