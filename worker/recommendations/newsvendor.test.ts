import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commitmentLevel, costAtLevel } from './newsvendor.ts'

const amount = (max: bigint) => fc.bigInt({ min: 0n, max })

test('the level costs as little as the best of all levels that there are, and is the lowest of those', () => {
  fc.assert(
    fc.property(
      fc.array(amount(40n), { maxLength: 30 }),
      fc.bigInt({ min: 1n, max: 50n }),
      amount(60n),
      (load, onDemand, committed) => {
        const price = { onDemand, committed }
        const level = commitmentLevel(load, price)
        const all = Array.from({ length: 45 }, (_, one) => costAtLevel(load, price, BigInt(one)))
        const least = all.reduce((a, b) => (b < a ? b : a))
        expect(costAtLevel(load, price, level)).toBe(least)
        expect(BigInt(all.indexOf(least))).toBe(level)
      },
    ),
    { numRuns: 3_000, seed: 20260301 },
  )
})

test('four GPUs in three of four hours at 40 % off: four are committed to', () => {
  const load = [4n, 4n, 4n, 0n]
  // Four cost 4 × 4 × 6 = 96 committed, 3 × 4 × 10 = 120 on demand.
  expect(commitmentLevel(load, { onDemand: 10n, committed: 6n })).toBe(4n)
  expect(costAtLevel(load, { onDemand: 10n, committed: 6n }, 4n)).toBe(96n)
  // At 20 % off they would cost 128.
  expect(commitmentLevel(load, { onDemand: 10n, committed: 8n })).toBe(0n)
})
