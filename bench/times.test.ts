import { expect, test } from 'vitest'
import { timesOf } from './times.ts'

test('a percentile is a call that was made: of a hundred calls the 95th is the 95th', () => {
  const calls = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(timesOf(calls)).toEqual({ calls: 100, p50: 50, p95: 95, p99: 99 })
  expect(timesOf([7])).toEqual({ calls: 1, p50: 7, p95: 7, p99: 7 })
})
