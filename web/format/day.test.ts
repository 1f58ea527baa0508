import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { formatDay, formatDays, formatElapsed, formatFullDay } from './day.ts'

const day = (text: string) => text as Day

test('a day stays the same day wherever the reader is', () => {
  expect(formatDay(day('2026-11-08'))).toBe('Nov 8') // the tests run in Pacific/Auckland
  expect(formatFullDay(day('2026-11-08'))).toBe('Sun, Nov 8, 2026')
})

test('a range is written as short as it can be', () => {
  expect(formatDays(day('2026-11-08'), day('2026-11-21'))).toBe('Nov 8 – 21, 2026')
  expect(formatDays(day('2026-11-08'), day('2026-11-08'))).toBe('Nov 8, 2026')
})

test('how long something took', () => {
  expect(formatElapsed('2026-11-21T08:00:00.000Z', '2026-11-21T08:00:00.012Z')).toBe('< 0.1 s')
  expect(formatElapsed('2026-11-21T08:00:00.000Z', '2026-11-21T08:00:02.340Z')).toBe('2.3 s')
  expect(formatElapsed('2026-11-21T08:00:00.000Z', '2026-11-21T08:04:10.000Z')).toBe('4 min 10 s')
})
