import { expect, test } from 'vitest'
import { formatMonth, formatMonthDays } from './month.ts'

test('a month is written out, with its days to the last one', () => {
  expect([formatMonth('2026-01'), formatMonthDays('2026-01')]).toEqual(['January 2026', 'January 1 – 31, 2026'])
  expect(formatMonthDays('2028-02')).toBe('February 1 – 29, 2028')
  expect(formatMonthDays('2026-12')).toBe('December 1 – 31, 2026')
})

test('text that is no month stays as it is', () => {
  expect([formatMonth('soon'), formatMonthDays('soon')]).toEqual(['soon', 'soon'])
})
