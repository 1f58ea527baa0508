import { expect, test } from 'vitest'
import { JsonMembers } from './json-members.ts'

function read(text: string, size = text.length): { name: string; line: number; text: string }[] {
  const json = new JsonMembers('expected maps')
  const members = []
  for (let at = 0; at < text.length; at += size) members.push(...json.push(text.slice(at, at + size)))
  return members.concat(json.end())
}
const names = (text: string) => read(text).map(({ name, text: value }) => `${name}:${value}`)

test('members of maps in a list come one by one, with their lines, wherever the text is cut', () => {
  const text =
    '{"code":200,\n"data":[ {"a":{"x":[1,{"y":"}]"}]},\n "b" : {"name":"b"}},{},null,\n{"c\\"\\\\":{ },"d":5,"e":"s,}","f":[1,2]}],"message":{"a":[{"b":1}]}}\n'
  const members = read(text)
  expect(members).toEqual([
    { name: 'a', line: 2, text: '{"x":[1,{"y":"}]"}]}' },
    { name: 'b', line: 3, text: '{"name":"b"}' },
    { name: 'c\\"\\\\', line: 4, text: '{ }' },
    { name: 'd', line: 4, text: '5' },
    { name: 'e', line: 4, text: '"s,}"' },
    { name: 'f', line: 4, text: '[1,2]' },
  ])
  for (let size = 1; size < text.length; size += 1) expect([size, read(text, size)]).toEqual([size, members])
  expect(read(`\ufeff${text}`, 1)).toEqual(members)
})

test('a bare list, one map for the list, sets of maps, and objects that begin with their name are read too', () => {
  expect(names('[{"a":{}},{"b":{}}]')).toEqual(['a:{}', 'b:{}'])
  expect(names('{"data":{"a":{},"b":{}}}')).toEqual(['a:{}', 'b:{}'])
  expect(names('{"data":{"sets":[{"allocations":{"a":{}},"window":{}},{"allocations":{"b":{}}}],"step":1}}')).toEqual([
    ...['a:{}', 'window:{}', 'b:{}', 'step:1'],
  ])
  expect(names('{"data":[{"allocations":{"allocations":{"name":"allocations"}}}]}')).toEqual([
    ':{"name":"allocations"}', // a namespace of that name
  ])
  const own = '{"name":"a","properties":{"cluster":"c"},"start":"x"}'
  expect(names(`[${own},${own}]`)).toEqual([`:${own}`, `:${own}`])
  expect(names(`{"data":[[${own}]]}`)).toEqual([`:[${own}]`])
})

test('what is no such document is refused: another list, an early end, text behind it, a bracket left open', () => {
  for (const text of ['', '5', '{"a":1}', '{"data":[{"a":{}}', '[{}]x', '{"data":[{"a":1]}', '{"data":[{"a":{}]}}'])
    expect(() => read(text), text).toThrow(/Not the stated format: expected maps/)
  expect(() => read(`{"data":[{"a":"${'x'.repeat(1_100_000)}"}]}`)).toThrow(/longer than a megabyte/)
})
