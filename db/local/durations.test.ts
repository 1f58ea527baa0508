import { expect, test } from 'vitest'
import { statementOf } from './classify-sql.ts'
import { Durations } from './durations.ts'

const statement = statementOf('insert into t select value from json_each(?)')
const bound = (length: number) => ({
  ...{ ref: { sql: statement.sql }, args: ['x'.repeat(length)], namedArgs: new Map(), wantRows: false },
})

test('a statement is expected to take what its like took lately, by the size of what is bound to it', () => {
  const durations = new Durations()
  expect(durations.expectedMs(statement, bound(1_000_000))).toBeCloseTo(210, 0) // never run: 10 + 0.2 a thousand
  expect(durations.expectedMs(statement, bound(3))).toBeCloseTo(10, 0)
  durations.note(statement, bound(1_000_000), 800)
  durations.note(statement, bound(3), 1)
  expect(durations.expectedMs(statement, bound(900_000))).toBe(800)
  expect(durations.expectedMs(statement, bound(3))).toBe(1)
  durations.note(statement, bound(1_000_000), 400)
  expect(durations.expectedMs(statement, bound(1_000_000))).toBeCloseTo(680, 6) // 800 + 0.3 × (400 − 800)
})
