import { divideHalfEven, exactText } from '../../db/units/money.ts'
import type { BilledHours, Estate } from './estate.ts'
import { sumOf } from './estate.ts'

/** What a billed GPU-hour of a pool cost in the window, by the customer's own bill. */
export type OwnRate = { nanoUsdPerGpuHour: bigint; gpuSeconds: bigint }

/** Own rates by pool (`JSON.stringify({provider, gpuType})`): effective cost ÷ billed GPU-hours of the lines that say them. */
export function ratesOf({ billed }: Pick<Estate, 'billed'>): Map<string, OwnRate> {
  const groups = Map.groupBy(billed ?? [], ({ provider, gpuType }) => JSON.stringify({ provider, gpuType }))
  return new Map(
    [...groups].flatMap(([key, rows]) => {
      const rate = rateOf(rows)
      return rate === null ? [] : [[key, rate] as const]
    }),
  )
}

/** Null: nothing was billed, or less than nothing. */
export function rateOf(rows: readonly BilledHours[]): OwnRate | null {
  const [cost, gpuSeconds] = [sumOf(rows, (row) => row.costNanoUsd), sumOf(rows, (row) => row.gpuSeconds)]
  if (gpuSeconds <= 0n || cost <= 0n) return null
  return { nanoUsdPerGpuHour: divideHalfEven(cost * 3_600n, gpuSeconds), gpuSeconds }
}

/** A price as people read it, to the hundredth of a cent: "$2.4625". */
export function dollars(nanoUsd: bigint): string {
  return `$${exactText({ digits: divideHalfEven(nanoUsd, 100_000n), scale: 4 })}`
}
