import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bridge, type ItemSum } from './bridge.ts'
import { tokenBridge } from './token-bridge.ts'

const H100 = { provider: 'aws', gpuType: 'h100', sku: '' }
const A100 = { provider: 'aws', gpuType: 'a100', sku: '' }
const STORAGE = { provider: 'aws', gpuType: '', sku: '' }
const usd = (amount: number) => BigInt(Math.round(amount * 1e9))
const HOUR = 3_600_000n

const amount = fc.oneof(
  fc.constant(0n),
  fc.bigInt(-50n, 50n),
  fc.bigInt(-2_000_000_000_000n, 9_000_000_000_000_000n),
  fc.bigInt(1n, 1_000_000_000_000_000n),
)
const time = fc.option(fc.oneof(fc.constant(0n), fc.bigInt(1n, 9_000_000_000_000n)))
const items = fc.uniqueArray(
  fc.record({
    provider: fc.constantFrom('aws', 'gcp'),
    gpuType: fc.constantFrom('h100', 'a100', ''),
    sku: fc.constantFrom('', 'x'),
    nanoUsd: amount,
    gpuMs: time,
  }),
  { maxLength: 8, selector: ({ provider, gpuType, sku }) => `${provider} ${gpuType} ${sku}` },
)

test('terms sum to the impact to the nano-dollar for any day: credits, new and vanished pools, zero hours', () => {
  let terms = 0
  fc.assert(
    fc.property(
      items,
      items,
      amount,
      amount,
      fc.integer({ min: 0, max: 8 }),
      (actual, before, more, expected, days) => {
        const actualNanoUsd = actual.reduce((sum, one) => sum + one.nanoUsd, more)
        const drawn = bridge({ expectedNanoUsd: expected, actualNanoUsd, actual, before, days })
        expect(drawn.reduce((sum, one) => sum + one.amountNanoUsd, 0n)).toBe(actualNanoUsd - expected)
        terms += drawn.length
      },
    ),
    { numRuns: 3000 },
  )
  expect(terms).toBeGreaterThan(3000)
})

test('nothing is left for the level where the items are the day and the expected day can be scaled', () => {
  fc.assert(
    fc.property(items, items, fc.bigInt(1n, 9_000_000_000_000_000n), (actual, before, expected) => {
      const sum = (all: readonly ItemSum[]) => all.reduce((total, one) => total + one.nanoUsd, 0n)
      fc.pre(sum(before) > 0n)
      const drawn = bridge({ expectedNanoUsd: expected, actualNanoUsd: sum(actual), actual, before, days: 3 })
      expect(drawn.filter(({ kind }) => kind === 'level')).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

test('three times the hours at the same rate are volume, and a dearer rate is price at the new hours', () => {
  // Expected 100 h at $2 and storage of $10; the day 300 h at $3, storage as ever.
  const drawn = bridge({
    ...{ expectedNanoUsd: usd(210), actualNanoUsd: usd(910), days: 2 },
    actual: [
      { ...H100, nanoUsd: usd(900), gpuMs: 300n * HOUR },
      { ...STORAGE, nanoUsd: usd(10), gpuMs: null },
    ],
    before: [
      { ...H100, nanoUsd: usd(400), gpuMs: 200n * HOUR },
      { ...STORAGE, nanoUsd: usd(20), gpuMs: null },
    ],
  })
  expect(drawn.map(({ kind, gpuType, amountNanoUsd }) => [kind, gpuType, amountNanoUsd])).toEqual([
    ['volume', 'h100', usd(400)], // 200 h × $2
    ['price', 'h100', usd(300)], // 300 h × $1
  ])
  expect(drawn[0]).toMatchObject({ beforeGpuMs: 100n * HOUR, afterGpuMs: 300n * HOUR })
})

test('the same hours in dearer pools are mix; a pool that was not there is new, one that is gone is gone', () => {
  // 100 h each at $1 and $3, average $2; the day 50 h and 150 h.
  const moved = bridge({
    ...{ expectedNanoUsd: usd(400), actualNanoUsd: usd(500), days: 1 },
    actual: [
      { ...A100, nanoUsd: usd(50), gpuMs: 50n * HOUR },
      { ...H100, nanoUsd: usd(450), gpuMs: 150n * HOUR },
    ],
    before: [
      { ...A100, nanoUsd: usd(100), gpuMs: 100n * HOUR },
      { ...H100, nanoUsd: usd(300), gpuMs: 100n * HOUR },
    ],
  })
  const of = (kind: string) =>
    moved.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.amountNanoUsd, 0n)
  expect([of('volume'), of('price'), of('mix')]).toEqual([0n, 0n, usd(100)])
  const swapped = bridge({
    ...{ expectedNanoUsd: usd(100), actualNanoUsd: usd(70), days: 1 },
    actual: [{ ...H100, nanoUsd: usd(70), gpuMs: 10n * HOUR }],
    before: [{ ...A100, nanoUsd: usd(100), gpuMs: 100n * HOUR }],
  })
  expect(swapped.map(({ kind, amountNanoUsd }) => [kind, amountNanoUsd])).toEqual([
    ['gone', usd(-100)],
    ['new', usd(70)],
  ])
})

const bucket = fc.oneof(fc.constant(0n), fc.bigInt(0n, 10_000_000_000n))
const tokens = fc.record({
  ...{ inputTokens: bucket, cachedInputTokens: bucket, cacheWriteTokens: bucket },
  ...{ outputTokens: bucket, reasoningTokens: bucket },
})

test('terms of tokens sum to the impact to the nano-dollar for any day', () => {
  fc.assert(
    fc.property(tokens, tokens, amount, amount, amount, fc.option(tokens), (now, was, a, b, expected, prices) => {
      const drawn = tokenBridge({
        expectedNanoUsd: expected,
        actual: { tokens: now, nanoUsd: a },
        before: { tokens: was, nanoUsd: b },
        prices,
      })
      expect(drawn.reduce((sum, one) => sum + one.amountNanoUsd, 0n)).toBe(a - expected)
    }),
    { numRuns: 3000 },
  )
})

test('a cache that serves less of the same input is told apart from more tokens', () => {
  const none = { cacheWriteTokens: 0n, outputTokens: 0n, reasoningTokens: 0n }
  const prices = {
    inputTokens: 10n,
    cachedInputTokens: 1n,
    cacheWriteTokens: 0n,
    outputTokens: 50n,
    reasoningTokens: 50n,
  }
  // Two days of 1 M input, 90 % of it from the cache: 100k × 10 + 900k × 1 = 1.9 M a day. Then 2 M, none from the cache.
  const drawn = tokenBridge({
    expectedNanoUsd: 1_900_000n,
    before: { tokens: { ...none, inputTokens: 200_000n, cachedInputTokens: 1_800_000n }, nanoUsd: 3_800_000n },
    actual: { tokens: { ...none, inputTokens: 2_000_000n, cachedInputTokens: 0n }, nanoUsd: 20_000_000n },
    prices,
  })
  expect(drawn).toEqual([
    { kind: 'volume', amountNanoUsd: 1_900_000n },
    { kind: 'cache_rate', amountNanoUsd: 16_200_000n }, // 20.0 − 3.8
  ])
})
