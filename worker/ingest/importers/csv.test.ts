import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CsvReader, type CsvRecord } from './csv.ts'

function read(text: string, size = text.length || 1): CsvRecord[] {
  const reader = new CsvReader()
  const records: CsvRecord[] = []
  for (let at = 0; at < text.length; at += size)
    for (const record of reader.push(text.slice(at, at + size))) records.push(record)
  return records.concat(reader.end())
}
const fieldsOf = (text: string) => read(text).map(({ fields }) => fields)

test('quotes, doubled quotes, delimiters and newlines inside quotes, LF, CRLF, a byte order mark and blank lines are read', () => {
  const text = '\ufeffa,b,c\r\n1,"x ""y"", z",3\r\n\r\n"two\r\nlines",,\n5" disk,6,"7"'
  expect(read(text)).toEqual([
    { line: 1, fields: ['a', 'b', 'c'] },
    { line: 2, fields: ['1', 'x "y", z', '3'] },
    { line: 4, fields: ['two\r\nlines', '', ''] },
    { line: 6, fields: ['5" disk', '6', '7'] },
  ])
})

test('a quote that is never closed costs its own line and no other', () => {
  expect(fieldsOf('a,b\n1,"open\n2,3\n4,5\n')).toEqual([['a', 'b'], null, ['2', '3'], ['4', '5']])
})

test('text behind a closing quote makes the row broken, not merged into the next', () => {
  expect(fieldsOf('"a"b,c\nd,e\n')).toEqual([null, ['d', 'e']])
})

test('a record longer than a megabyte is refused and the next one is read', () => {
  expect(fieldsOf(`${'x'.repeat(1_100_000)}\nd,e\n`)).toEqual([null, ['d', 'e']])
  expect(fieldsOf(`"${'x\n'.repeat(600_000)}"\nd,e\n`).at(-1)).toEqual(['d', 'e'])
})

test('what is written comes back, wherever the text is cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '7'), maxLength: 6 })
  const write = (rows: string[][]) =>
    rows.map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\r\n`).join('')
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, size) => {
        expect(read(write(rows), size).map(({ fields }) => fields)).toEqual(rows)
      },
    ),
    { numRuns: 2000 },
  )
})

test('any text is read the same in one piece and cut at every character, and its lines are counted', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' '), maxLength: 40 })
  fc.assert(
    fc.property(text, (any) => {
      const whole = read(any)
      expect(read(any, 1)).toEqual(whole)
      for (const { line } of whole) expect(line).toBeLessThanOrEqual(any.split('\n').length)
    }),
    { numRuns: 5000 },
  )
})
