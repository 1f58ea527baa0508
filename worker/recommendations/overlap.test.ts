import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Claim, withoutOverlap } from './overlap.ts'

const pools = [100n, 70n, 5n]
const part = (pool: number, job: number | null) => [
  { id: `pool ${pool}`, costNanoUsd: pools[pool] ?? 0n },
  ...(job === null ? [] : [{ id: `job ${pool} ${job}`, costNanoUsd: [40n, 90n][job] ?? 0n }]),
]
const claim = fc
  .record({
    pool: fc.integer({ min: 0, max: 2 }),
    job: fc.option(fc.integer({ min: 0, max: 1 })),
    touchedNanoUsd: fc.bigInt({ min: -5n, max: 120n }),
    savedNanoUsd: fc.bigInt({ min: -5n, max: 150n }),
  })
  .map(({ pool, job, ...amounts }): Claim => ({ path: part(pool, job), ...amounts }))
const confidence = fc.constantFrom('high' as const, 'medium' as const, 'low' as const)
const advice = fc
  .array(fc.record({ claims: fc.array(claim, { maxLength: 5 }), confidence }), { maxLength: 8 })
  .map((all) => all.map((one, at) => ({ key: `advice ${at}`, ...one })))

const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n)

test('whatever overlaps, the total is at most the cost, and no advice counts for more than it saves', () => {
  let overlaps = 0
  fc.assert(
    fc.property(advice, (all) => {
      const counted = withoutOverlap(all)
      const alone = all.map((one) => withoutOverlap([one])[0] ?? 0n)
      for (const [at, one] of counted.entries()) {
        expect(one >= 0n).toBe(true)
        expect(one <= sum(all[at]!.claims.map(({ savedNanoUsd: s }) => (s > 0n ? s : 0n)))).toBe(true)
      }
      expect(sum(counted) <= sum(pools)).toBe(true)
      if (sum(counted) < sum(alone)) overlaps += 1
    }),
    { numRuns: 2_000, seed: 20260302 },
  )
  expect(overlaps).toBeGreaterThan(200)
})

test('the order in which advice is given changes nothing', () => {
  fc.assert(
    fc.property(advice, (all) => {
      const forth = withoutOverlap(all)
      expect(withoutOverlap([...all].reverse()).reverse()).toEqual(forth)
    }),
    { numRuns: 500, seed: 20260303 },
  )
})

test('idle capacity and a forgotten job of one pool-day are both counted; a dearer price of all of it gets what is left', () => {
  const whole = { id: 'day', costNanoUsd: 100n }
  const idle = { path: [whole, { id: 'nobody', costNanoUsd: 40n }], touchedNanoUsd: 40n, savedNanoUsd: 40n }
  const job = { path: [whole, { id: 'job', costNanoUsd: 20n }], touchedNanoUsd: 20n, savedNanoUsd: 20n }
  const price = { path: [whole], touchedNanoUsd: 100n, savedNanoUsd: 10n }
  // The price is about 100, of which 40 are free: 10 × 40 ÷ 100.
  expect(
    withoutOverlap([
      { key: 'price', confidence: 'low', claims: [price] },
      { key: 'idle', confidence: 'low', claims: [idle] },
      { key: 'job', confidence: 'low', claims: [job] },
    ]),
  ).toEqual([4n, 40n, 20n])
})

test('what is sure counts before a greater saving that is a what-if', () => {
  const whole = { id: 'day', costNanoUsd: 100n }
  const idle = { path: [whole], touchedNanoUsd: 40n, savedNanoUsd: 40n }
  const price = { path: [whole], touchedNanoUsd: 100n, savedNanoUsd: 60n }
  // Of the 100 that the price is about 60 are left: 60 × 60 ÷ 100.
  expect(
    withoutOverlap([
      { key: 'price', confidence: 'low', claims: [price] },
      { key: 'idle', confidence: 'high', claims: [idle] },
    ]),
  ).toEqual([36n, 40n])
})
