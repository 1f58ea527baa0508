import { expect, test } from 'vitest'
import { formatAgo } from './ago.ts'

test.each([
  ['2026-03-01T12:00:00Z', 'just now'],
  ['2026-03-01T11:59:01Z', 'just now'],
  ['2026-03-01T11:59:00Z', '1 minute ago'],
  ['2026-03-01T11:00:01Z', '59 minutes ago'],
  ['2026-03-01T09:30:00Z', '2 hours ago'],
  ['2026-02-26T12:00:00Z', '3 days ago'],
  ['2026-03-01T12:00:05Z', 'just now'], // clocks differ
])('%s is %s', (at, said) => {
  expect(formatAgo(at, '2026-03-01T12:00:00Z')).toBe(said)
})
