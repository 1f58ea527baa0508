import { nanoUsd, readUsd, toNanoUsd } from '../../db/units/money.ts'
import { catalogued, SHEETS, SIZES } from './catalogue.ts'

/** What an hour of one GPU costs on a provider's list, and whose word that is. */
export type ListPrice = { nanoUsdPerGpuHour: bigint; source: string; asOf: string }

/**
 * The list price of a GPU-hour: of all sizes of the provider (as a bill names it) with whole GPUs of that type and a known
 * price, the cheapest per GPU. On demand, in the region of the provider's sheet; a sheet has one list, of its `asOf`, which
 * stands in for every day. Null where no list has it, which is not free.
 */
export function listPriceOf(provider: string, gpuType: string): ListPrice | null {
  const name = catalogued(provider)
  const sheet = SHEETS.find((one) => one.provider === name)
  const prices = SIZES.filter((size) => size.provider === name && size.gpuType === gpuType && size.gpuCount >= 1)
    .map(({ usdPerHour, gpuCount }) => {
      const exact = usdPerHour === null ? null : readUsd(usdPerHour)
      return exact && toNanoUsd(exact) / BigInt(Math.round(gpuCount))
    })
    .filter((price) => price !== null && price > 0n)
  const cheapest = prices.reduce((least, price) => (least === null || price! < least ? price : least), null)
  return sheet && cheapest ? { nanoUsdPerGpuHour: nanoUsd(cheapest), source: sheet.source, asOf: sheet.asOf } : null
}

/** GPU-seconds that a cost buys at that price, cut to whole ones; null for a cost that buys none. */
export function gpuSecondsAt(costNanoUsd: bigint, { nanoUsdPerGpuHour }: ListPrice): number | null {
  return costNanoUsd > 0n ? Number((costNanoUsd * 3_600n) / nanoUsdPerGpuHour) : null
}
