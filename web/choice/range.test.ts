import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import {
  daysOf,
  daysOfMonth,
  daysOfPeriod,
  endingOn,
  lengthOf,
  readRange,
  unreadableRange,
  wholeMonthOf,
  writeRange,
} from './range.ts'

const today = '2026-03-05' as Day
const days = (start: string, end: string) => ({ start: start as Day, end: end as Day })

test('the last n days are n days, today included', () => {
  expect(daysOf({ preset: '7d' }, today)).toEqual(days('2026-02-27', '2026-03-05'))
  expect(lengthOf(daysOf({ preset: '90d' }, today))).toBe(90)
})

test('months', () => {
  expect(daysOf({ preset: 'this-month' }, today)).toEqual(days('2026-03-01', '2026-03-05'))
  expect(daysOf({ preset: 'last-month' }, today)).toEqual(days('2026-02-01', '2026-02-28'))
  expect(daysOf({ preset: 'last-month' }, '2026-01-31' as Day)).toEqual(days('2025-12-01', '2025-12-31'))
})

test('quarters and the year, up to today', () => {
  expect(daysOf({ preset: 'this-quarter' }, today)).toEqual(days('2026-01-01', '2026-03-05'))
  expect(daysOf({ preset: 'last-quarter' }, today)).toEqual(days('2025-10-01', '2025-12-31'))
  expect(daysOf({ preset: 'last-quarter' }, '2026-08-31' as Day)).toEqual(days('2026-04-01', '2026-06-30'))
  expect(daysOf({ preset: 'this-year' }, today)).toEqual(days('2026-01-01', '2026-03-05'))
  expect(daysOf({ preset: 'this-year' }, '2026-01-01' as Day)).toEqual(days('2026-01-01', '2026-01-01'))
})

test('a period is its days that lie in the range', () => {
  const range = days('2026-01-08', '2026-02-10')
  expect(daysOfPeriod('2026-01-20', 'day', range)).toEqual(days('2026-01-20', '2026-01-20'))
  expect(daysOfPeriod('2026-01-05', 'week', range)).toEqual(days('2026-01-08', '2026-01-11'))
  expect(daysOfPeriod('2026-02', 'month', range)).toEqual(days('2026-02-01', '2026-02-10'))
  expect(daysOfPeriod('2026-01', 'month', range)).toEqual(days('2026-01-08', '2026-01-31'))
})

test('days are a month if they are all of it', () => {
  expect(daysOfMonth('2028-02')).toEqual(days('2028-02-01', '2028-02-29'))
  expect(daysOfMonth('2028-13')).toBeNull()
  expect(wholeMonthOf(days('2028-02-01', '2028-02-29'))).toBe('2028-02')
  expect(wholeMonthOf(days('2028-02-01', '2028-02-28'))).toBeNull()
  expect(wholeMonthOf(days('2028-01-01', '2028-02-29'))).toBeNull()
})

test('an address that makes no sense shows the last 14 days', () => {
  const fallback = { preset: '14d' }
  expect(readRange({})).toEqual(fallback)
  expect(readRange({ range: 'toString' })).toEqual(fallback)
  expect(readRange({ start: '2026-02-30', end: '2026-03-01' })).toEqual(fallback)
  expect(readRange({ start: '2026-03-02', end: '2026-03-01' })).toEqual(fallback)
  expect(readRange({ start: '2026-03-01' })).toEqual(fallback)
})

test('what an address asks for and nobody can read is said as it was asked', () => {
  expect(unreadableRange({ start: '2026-13-45', end: 'foo' })).toBe('2026-13-45 to foo')
  expect(unreadableRange({ start: '2026-03-02', end: '2026-03-01', range: '7d' })).toBe('2026-03-02 to 2026-03-01')
  expect(unreadableRange({ start: '2026-03-01' })).toBe('2026-03-01 to …')
  expect(unreadableRange({ range: 'toString' })).toBe('toString')
  for (const good of [{}, { range: '7d' }, { start: '2026-01-01', end: '2026-01-01' }])
    expect(unreadableRange(good)).toBeNull()
})

test('what is written is read again, and the default needs no address', () => {
  const fixed = days('2026-01-01', '2026-01-14')
  expect(readRange({ start: '2026-01-01', end: '2026-01-14', range: '7d' })).toEqual(fixed)
  expect(writeRange(fixed)).toEqual({ range: null, start: '2026-01-01', end: '2026-01-14' })
  expect(writeRange({ preset: '14d' })).toEqual({ range: null, start: null, end: null })
  expect(writeRange({ preset: '30d' })).toEqual({ range: '30d', start: null, end: null })
})

test('a jump to the latest data keeps the length of the window', () => {
  expect(endingOn(days('2026-03-01', '2026-03-14'), '2026-01-14' as Day)).toEqual(days('2026-01-01', '2026-01-14'))
})
