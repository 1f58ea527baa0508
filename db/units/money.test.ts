import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addExact,
  allocate,
  divideHalfEven,
  divideHalfUp,
  exactText,
  nanoUsd,
  readUsd,
  subtractExact,
  toNanoUsd,
  usdText,
} from './money.ts'

const usd = (text: string) => toNanoUsd(readUsd(text)!)

test('dollars are read digit by digit, never through a float', () => {
  expect(usd('52073.58')).toBe(52_073_580_000_000n)
  expect(usd('0.1') + usd('0.2')).toBe(usd('0.3'))
  expect(usd('35.2E-7')).toBe(3_520n)
  expect(usd('9007199.254740993')).toBe(2n ** 53n + 1n)
  expect(usd('-999999999.999999999')).toBe(-999_999_999_999_999_999n)
})

test('text that is not an amount is null, not a guess', () => {
  for (const text of [
    '',
    ' ',
    '+1',
    '1,5',
    '$2',
    '1e5',
    '1E+7',
    '.5',
    '5.',
    '1 000',
    'NaN',
    'Infinity',
    '0x10',
    '1000000000',
    '--1',
  ])
    expect([text, readUsd(text)]).toEqual([text, null])
})

test('beyond nine digits an amount is rounded half to even, and the exact total stays at hand', () => {
  expect(usd('0.0000000005')).toBe(0n) // half-way between 0 and 1: even is 0
  expect(usd('0.0000000015')).toBe(2n)
  expect(usd('-0.0000000015')).toBe(-2n)
  const rows = ['0.0000000005', '0.0000000005', '1'].map((text) => readUsd(text)!)
  const total = rows.reduce(addExact)
  expect(exactText(total)).toBe('1.000000001') // stored: 0 + 0 + 1, one nano-dollar less
  expect(exactText(subtractExact(total, readUsd('1')!))).toBe('0.000000001')
})

test('money text has at least two fraction digits, no trailing zeros beyond them, no exponent, and reads back the same', () => {
  expect([0n, 1n, -1n, 10n ** 9n, 2_500n].map((n) => usdText(nanoUsd(n)))).toEqual([
    '0.00',
    '0.000000001',
    '-0.000000001',
    '1.00',
    '0.0000025',
  ])
  fc.assert(fc.property(fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n), (n) => usd(usdText(nanoUsd(n))) === n))
})

test('an amount that 64 bits cannot hold is refused', () => {
  expect(() => nanoUsd(2n ** 63n)).toThrow(RangeError)
  expect(nanoUsd(2n ** 63n - 1n)).toBe(2n ** 63n - 1n)
})

test('an allocated bill sums to the bill, for any weights, and for a credit', () => {
  expect(allocate(nanoUsd(100n), [1n, 1n, 1n])).toEqual([33n, 34n, 33n]) // 33.3→33, 66.7→67, 100
  expect(() => allocate(nanoUsd(1n), [0n])).toThrow(RangeError)
  const weights = fc
    .array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 40 })
    .filter((list) => list.some((w) => w > 0n))
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), weights, (total, list) => {
      const parts = allocate(nanoUsd(total), list)
      const exact = list.reduce((a, b) => a + b, 0n)
      expect(parts.reduce<bigint>((a, b) => a + b, 0n)).toBe(total)
      for (const [index, part] of parts.entries()) {
        // No part is more than one nano-dollar off its exact share, and nothing goes to weight 0.
        const off = part * exact - total * list[index]!
        expect((off < 0n ? -off : off) <= exact).toBe(true)
        if (list[index] === 0n) expect(part).toBe(0n)
      }
    }),
  )
})

test('both roundings are to the nearest, and differ only at a tie', () => {
  expect([5n, 7n, -5n, -7n, 6n].map((n) => divideHalfEven(n, 2n))).toEqual([2n, 4n, -2n, -4n, 3n])
  expect([5n, 7n, -5n, -7n, 6n].map((n) => divideHalfUp(n, 2n))).toEqual([3n, 4n, -3n, -4n, 3n])
})
