import { nanoUsd, readUsd, toNanoUsd } from '../../db/units/money.ts'
import { catalogued, SHEETS, SIZES } from '../catalogue/catalogue.ts'
import type { ListPrice } from '../catalogue/list-price.ts'

/**
 * GB of one GPU of a type at a provider, as a bill names it; where the provider has several (an A100 has 40 or 80), the
 * most, since a bill's type does not say which. Of all providers where it has no sheet; null: nobody lists it.
 */
export function memoryOf(provider: string, gpuType: string): number | null {
  const name = catalogued(provider)
  const all = SIZES.filter((size) => size.gpuType === gpuType)
  const own = all.filter((size) => size.provider === name)
  const memories = (own.length > 0 ? own : all).map(({ gpuMemoryGb }) => gpuMemoryGb)
  return memories.length > 0 ? Math.max(...memories) : null
}

/** As `listPriceOf`, of sizes whose GPUs have at least that memory: the same name is not yet the same GPU. */
export function listWithMemory(provider: string, gpuType: string, leastGb: number): ListPrice | null {
  const name = catalogued(provider)
  const sheet = SHEETS.find((one) => one.provider === name)
  const prices = SIZES.filter(
    (size) => size.provider === name && size.gpuType === gpuType && size.gpuCount >= 1 && size.gpuMemoryGb >= leastGb,
  ).flatMap(({ usdPerHour, gpuCount }) => {
    const exact = usdPerHour === null ? null : readUsd(usdPerHour)
    const price = exact ? toNanoUsd(exact) / BigInt(Math.round(gpuCount)) : 0n
    return price > 0n ? [price] : []
  })
  const [cheapest] = prices.sort((a, b) => (a < b ? -1 : 1))
  return sheet && cheapest !== undefined
    ? { nanoUsdPerGpuHour: nanoUsd(cheapest), source: sheet.source, asOf: sheet.asOf }
    : null
}
