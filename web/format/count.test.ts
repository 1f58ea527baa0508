import { expect, test } from 'vitest'
import { formatBytes, formatCountOf, formatHours, formatTokens } from './count.ts'

test('one is one, more are more', () => {
  expect([0, 1, 1200].map((count) => formatCountOf(count, 'job'))).toEqual(['0 jobs', '1 job', '1,200 jobs'])
})

test('GPU-hours that are there are never 0', () => {
  expect(formatHours('1240.5')).toBe('1,240.5')
  expect(formatHours('0.000278')).toBe('< 0.1')
  expect(formatHours('0')).toBe('0')
})

test('sizes', () => {
  expect([820, 47_100, 3_240_000].map(formatBytes)).toEqual(['820 B', '47.1 kB', '3.2 MB'])
})

test('tokens that nobody counted are not zero, and billions are short', () => {
  expect([null, 0, 18_059_974, 12_345_678_901].map(formatTokens)).toEqual(['–', '0', '18,059,974', '12.35B'])
})
