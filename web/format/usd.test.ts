import { expect, test } from 'vitest'
import { formatUsd, formatUsdExact, formatUsdRate, formatUsdTick, isZeroUsd, splitUsdExact } from './usd.ts'

test('an amount is shown in cents, and keeps every digit of a total beyond 2^53', () => {
  expect(formatUsd('52073.58')).toBe('$52,073.58')
  expect(formatUsd('-12.50')).toBe('-$12.50')
  expect(formatUsd('9007199254740993.01')).toBe('$9,007,199,254,740,993.01') // Number() would end in …992
})

test('a real cost below one cent never reads $0.00', () => {
  expect(formatUsd('0.0000025')).toBe('$0.0000025')
  expect(formatUsd('0.004')).toBe('$0.004')
  expect(formatUsd('-0.004')).toBe('-$0.004')
  expect(formatUsd('0.00')).toBe('$0.00')
  expect(formatUsd('0.01')).toBe('$0.01')
})

test('unknown is a word, not zero', () => {
  expect(formatUsd(null)).toBe('unknown')
  expect(isZeroUsd(null)).toBe(false)
})

test('the exact amount keeps its nine digits and splits below the cent', () => {
  expect(formatUsdExact('1487.816571429')).toBe('$1,487.816571429')
  expect(splitUsdExact('1487.816571429')).toEqual(['$1,487.81', '6571429'])
  expect(splitUsdExact('75.00')).toEqual(['$75.00', ''])
  expect(splitUsdExact(null)).toEqual(['unknown', ''])
})

test('zero is zero however it is written', () => {
  expect(['0.00', '-0.00', '0'].map((text) => isZeroUsd(text as '0'))).toEqual([true, true, true])
  expect(isZeroUsd('0.000000001')).toBe(false)
})

test('an axis is labelled in thousands', () => {
  expect(formatUsdTick(12_500)).toBe('$12.5K')
})

test('a price has three digits below the dollar, and one that cannot be told is a dash', () => {
  expect(['8.938683199', '13.0625', '13.75'].map((text) => formatUsdRate(text as '0'))).toEqual([
    ...['$8.939', '$13.063', '$13.750'],
  ])
  expect(formatUsdRate(null)).toBe('–')
})
