import { expect, test } from 'vitest'
import { gpuSecondsAt, listPriceOf } from './list-price.ts'

test('a list price is the cheapest whole GPU of the provider’s sheet, however the bill writes the provider', () => {
  // g6.xlarge has one L4 for 0.8048; g6.12xlarge asks 1.1504 for each of four.
  expect(listPriceOf('aws', 'l4')).toMatchObject({ nanoUsdPerGpuHour: 804_800_000n, asOf: '2026-01-19' })
  expect(listPriceOf('Amazon Web Services'.toLowerCase(), 'l4')).toEqual(listPriceOf('aws', 'l4'))
  expect([listPriceOf('our-own-cellar', 'l4'), listPriceOf('aws', 'no-such-gpu')]).toEqual([null, null])
})

test('what a cost buys is cut to whole seconds, and a credit buys nothing', () => {
  const price = { nanoUsdPerGpuHour: 2_000_000_000n, source: '', asOf: '' }
  expect(gpuSecondsAt(100_000_000_000n, price)).toBe(50 * 3_600)
  expect(gpuSecondsAt(1_000_000n, price)).toBe(1) // 1.8 s
  expect([gpuSecondsAt(0n, price), gpuSecondsAt(-1n, price)]).toEqual([null, null])
})
