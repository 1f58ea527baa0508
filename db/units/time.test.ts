import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gpuHoursText, readGpuHours } from './gpu.ts'
import { addDays, addMonths, type Day, dayOf, daysIn, type EpochMs, parseDay, parseInstant, secondsOn } from './time.ts'

test('the same instant is read from every way in which files write it; no zone means UTC', () => {
  const noon = Date.UTC(2024, 9, 1)
  for (const text of [
    '2024-10-01',
    '2024-10-01 00:00:00',
    '2024-10-01T00:00:00Z',
    '2024-10-01T02:00:00+02:00',
    '2024-09-30T18:30:00-0530',
    '2024-10-01T00:00',
    '2024-10-01T00:00:00.000Z',
  ])
    expect([text, parseInstant(text)]).toEqual([text, noon])
  expect(parseInstant('2024-10-01T00:00:00.1239999Z')).toBe(noon + 123)
})

test('instants and days that do not exist are null', () => {
  for (const text of [
    '',
    'Unknown',
    '2024-02-30',
    '2023-02-29T00:00:00Z',
    '2024-13-01',
    '2024-10-01T24:00:00Z',
    '2024-10-01T00:60:00Z',
    '1999-12-31',
    '2100-01-01',
    '2024-10-01T00:00:00+15:00',
    '2000-01-01T00:00:00+14:00',
    '2099-12-31T23:00:00-14:00',
    '01/10/2024',
    '2024-1-1',
  ])
    expect([text, parseInstant(text)]).toEqual([text, null])
  expect([parseDay('2024-02-29'), parseDay('2023-02-29'), parseDay('2024-02-29T00:00')]).toEqual([
    '2024-02-29',
    null,
    null,
  ])
})

test('any instant is read back from its ISO text', () => {
  const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) })
  fc.assert(fc.property(instant, (ms) => parseInstant(new Date(ms).toISOString()) === ms))
})

test('the days of a job sum to its whole length, with nothing lost at midnight', () => {
  const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 5) })
  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 3 * 86_400_000 }), (from, length) => {
      const [a, b] = [from as EpochMs, (from + length) as EpochMs]
      const days = daysIn({ from: dayOf(a), before: addDays(dayOf(b), 1) })
      const total = days.reduce((sum, day) => sum + secondsOn(day, a, b), 0)
      expect(total).toBe(Math.floor(b / 1000) - Math.floor(a / 1000))
    }),
  )
  expect(secondsOn('2026-01-02' as Day, Date.UTC(2026, 0, 1) as EpochMs, Date.UTC(2026, 0, 2) as EpochMs)).toBe(0) // half-open
})

test('GPU-hours are exact for whole seconds as far as six digits go', () => {
  expect([0, 3600, 5400, 72_552, 1].map(gpuHoursText)).toEqual(['0', '1', '1.5', '20.153333', '0.000278'])
  expect(['24', '24.5', '0.0001388888888888889', '-1', '', '1e3'].map(readGpuHours)).toEqual([
    86_400,
    88_200,
    1,
    null,
    null,
    null,
  ])
})

test('a day some months on is the same day of that month, or its last', () => {
  const day = '2028-01-31' as Day
  expect([0, 1, 2, 3, 12, -2, -11, -13].map((months) => addMonths(day, months))).toEqual([
    ...['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30', '2029-01-31'],
    ...['2027-11-30', '2027-02-28', '2026-12-31'],
  ])
  expect(addMonths('2028-02-29' as Day, -12)).toBe('2027-02-28')
})
