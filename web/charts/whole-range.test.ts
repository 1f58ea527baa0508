import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { everyDay, isPart, readWhole, writeWhole } from './whole-range.ts'

const days = (start: string, end: string) => ({ start: start as Day, end: end as Day })

test('the whole range survives the address, relative ones as relative', () => {
  for (const range of [{ preset: '90d' } as const, days('2026-01-01', '2026-03-31')])
    expect(readWhole(writeWhole(range))).toEqual(range)
})

test('a mangled whole range is none', () => {
  for (const text of [
    undefined,
    '',
    '5 years',
    '2026-03-31..2026-01-01',
    '2026-02-30..2026-03-01',
    '2026-01-01',
    'toString',
  ])
    expect(readWhole(text)).toBeNull()
})

test('a range is no part of itself, nor of one that it reaches out of', () => {
  const whole = days('2026-01-01', '2026-03-31')
  expect(isPart(days('2026-01-01', '2026-01-01'), whole)).toBe(true)
  expect(isPart(whole, whole)).toBe(false)
  expect(isPart(days('2025-12-31', '2026-01-02'), whole)).toBe(false)
})

test('both ends of a range are its days', () => {
  expect(everyDay(days('2026-02-27', '2026-03-01'))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
})
