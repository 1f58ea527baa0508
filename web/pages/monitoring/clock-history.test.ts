import { expect, test } from 'vitest'
import { clockHistory } from './clock-history.ts'

const at = (...times: string[]) => times.map((time) => ({ finishedAt: `2026-03-01T${time}:00Z` }))

test('the longest pause between two ends is told with the end behind it, and is a gap beyond twice what is due', () => {
  expect(clockHistory(at('12:30', '12:25', '12:00', '11:55'), 5)).toEqual({
    ...{ count: 4, since: '2026-03-01T11:55:00Z', isGappy: true },
    longest: { minutes: 25, before: '2026-03-01T12:25:00Z' },
  })
  expect(clockHistory(at('12:10', '12:05', '11:55'), 5)).toMatchObject({ isGappy: false, longest: { minutes: 10 } })
})

test('one end has no pause, and none no history', () => {
  expect(clockHistory(at('12:00'), 5)).toEqual({
    ...{ count: 1, since: '2026-03-01T12:00:00Z', longest: null, isGappy: false },
  })
  expect(clockHistory([], 5)).toBeNull()
})
