import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenPart, hoursOfCharge } from './charge-hours.ts'

const at = (text: string) => Date.parse(`2026-03-01T${text}Z`)

test.each([
  ['an hour', '10:00:00', '11:00:00', { first: 10, count: 1 }],
  ['minutes within an hour', '10:05:00', '10:35:00', { first: 10, count: 1 }],
  ['an hour whose last second is written as its end', '10:00:00', '10:59:59', { first: 10, count: 1 }],
  ['the last hour of the day', '23:00:00', '23:59:59', { first: 23, count: 1 }],
  ['whole hours', '06:00:00', '09:00:00', { first: 6, count: 3 }],
  ['a moment', '10:00:00', '10:00:00', null],
  ['an end before the start', '10:00:00', '09:00:00', null],
  ['edges inside hours', '10:30:00', '11:30:00', null],
  ['a start inside an hour', '10:30:00', '12:00:00', null],
  ['a whole day', '00:00:00', '24:00:00', null],
])('%s', (_what, start, end, hours) => {
  const endMs = end === '24:00:00' ? Date.parse('2026-03-02T00:00:00Z') : at(end)
  expect(hoursOfCharge(at(start), endMs)).toEqual(hours)
})

test('the hour up to midnight is of its day, hours across midnight and longer charges are of none', () => {
  const midnight = Date.parse('2026-03-02T00:00:00Z')
  expect(hoursOfCharge(at('23:00:00'), midnight)).toEqual({ first: 23, count: 1 })
  expect(hoursOfCharge(at('22:00:00'), midnight)).toEqual({ first: 22, count: 2 })
  expect(hoursOfCharge(at('23:00:00'), midnight + 3_600_000)).toBeNull()
  expect(hoursOfCharge(at('23:30:00'), midnight + 60_000)).toBeNull()
  expect(hoursOfCharge(at('00:00:00'), at('00:00:00') + 31 * 86_400_000)).toBeNull()
})

test('even parts sum to the amount, and differ by a billionth at most', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: 1, max: 24 }), (total, count) => {
      const parts = Array.from({ length: count }, (_, index) => evenPart(total, index, count))
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total)
      const sorted = parts.toSorted((a, b) => (a < b ? -1 : 1))
      expect((sorted.at(-1) ?? 0n) - (sorted[0] ?? 0n)).toBeLessThanOrEqual(1n)
    }),
  )
})
