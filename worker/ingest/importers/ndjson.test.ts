import { expect, test } from 'vitest'
import { NdjsonLines } from './ndjson.ts'

function read(text: string, step = text.length || 1) {
  const lines = new NdjsonLines()
  const found = []
  for (let at = 0; at < text.length; at += step) found.push(...lines.push(text.slice(at, at + step)))
  return [...found, ...lines.end()]
}

test('lines keep their number, behind a byte order mark, with CRLF and blank lines, cut anywhere', () => {
  const expected = [
    { line: 1, text: '{"a": 1}' },
    { line: 4, text: '{"b": "\u2028"}' },
  ]
  for (const text of ['{"a": 1}\n\n \n{"b": "\u2028"}', '\ufeff{"a": 1}\r\n\r\n \r\n{"b": "\u2028"}\r\n'])
    for (let step = 1; step <= text.length; step += 1) expect(read(text, step)).toEqual(expected)
})

test('a line over a megabyte has no text and takes no other with it', () => {
  const long = `{"a": "${'x'.repeat(1_048_576)}"}`
  const expected = [
    { line: 1, text: '{}' },
    { line: 2, text: null },
    { line: 3, text: '{"b": 2}' },
  ]
  for (const step of [1_000, 700_000, 3_000_000]) expect(read(`{}\n${long}\n{"b": 2}\n`, step)).toEqual(expected)
})
