import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { inOrder, movedBy, readDays, weeksOf } from './calendar.ts'

const day = (text: string) => text as Day

test('a month has six weeks from Monday, with the days around it', () => {
  const weeks = weeksOf(day('2026-11-21'))
  expect(weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7])
  expect([weeks[0]?.[0], weeks[0]?.[6], weeks[5]?.[6]]).toEqual(['2026-10-26', '2026-11-01', '2026-12-06'])
  // June 2026 begins on a Monday: nothing stands before it.
  expect(weeksOf(day('2026-06-30'))[0]?.[0]).toBe('2026-06-01')
})

test('keys move by a day, a week, to the ends of the week, by a month and by a year', () => {
  const from = day('2028-03-31') // a Friday
  const to = (key: string, isShifted = false) => movedBy(key, from, isShifted)
  expect([to('ArrowLeft'), to('ArrowRight'), to('ArrowUp'), to('ArrowDown')]).toEqual([
    ...['2028-03-30', '2028-04-01', '2028-03-24', '2028-04-07'],
  ])
  expect([to('Home'), to('End')]).toEqual(['2028-03-27', '2028-04-02'])
  expect([to('PageUp'), to('PageDown')]).toEqual(['2028-02-29', '2028-04-30'])
  expect([to('PageUp', true), to('PageDown', true)]).toEqual(['2027-03-31', '2029-03-31'])
  expect(to('a')).toBeNull()
})

test('no key leaves the years that Heliox knows', () => {
  expect(movedBy('PageUp', day('2000-01-15'))).toBe('2000-01-01')
  expect(movedBy('End', day('2099-12-31'))).toBe('2099-12-31')
})

test('two days are a range in either order, and fields say what is wrong with them', () => {
  expect(inOrder(day('2026-02-02'), day('2026-01-01'))).toEqual({ start: '2026-01-01', end: '2026-02-02' })
  expect(readDays('2026-01-01', '2026-01-01')).toEqual({ start: '2026-01-01', end: '2026-01-01' })
  expect(readDays('2026-01-01', '')).toBe('Enter both days.')
  expect(readDays('2026-01-02', '2026-01-01')).toBe('The first day is after the last.')
})
