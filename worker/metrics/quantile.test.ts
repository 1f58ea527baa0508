import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

const INFINITE = Number.POSITIVE_INFINITY

test('a quantile is interpolated in its bucket as Prometheus does', () => {
  const buckets = [
    { edge: 0.1, count: 90 },
    { edge: 0.25, count: 100 },
    { edge: INFINITE, count: 100 },
  ]
  expect(quantile(0.95, buckets)).toBeCloseTo(0.175, 12) // as promtool says of the same buckets in rules.test.yml
  expect(quantile(0.5, buckets)).toBeCloseTo(0.0556, 4)
})

test('beyond the last edge it is that edge, and of nothing there is none', () => {
  expect(
    quantile(0.99, [
      { edge: 1, count: 5 },
      { edge: INFINITE, count: 10 },
    ]),
  ).toBe(1)
  expect(quantile(0.99, [{ edge: INFINITE, count: 0 }])).toBeNull()
})
