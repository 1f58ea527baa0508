import { divideHalfEven } from '../../db/units/money.ts'
import { daysIn, type Window } from '../../db/units/time.ts'
import type { Cell } from '../analytics/ledger.ts'
import { listPriceOf } from '../catalogue/list-price.ts'
import { changeOf, MILLION, type ReplayAsked } from './changes.ts'
import { type Factor, ONE, scaled, times } from './scaled.ts'

const HOUR_MS = 3_600_000n
const DAY_MS = 86_400_000n

/** What of a pool-day is known: time that was billed, or that the asker's owners held, and what of it was held. */
export type Hours = { capacityMs: bigint | null; heldMs: bigint }

/** A cell of a pool-day before and after. */
export type Replayed = { cell: Cell; before: bigint; after: bigint }

export type ReplayedPool = {
  provider: string
  gpuType: string
  rows: Replayed[]
  /** What a commitment costs on days without a bill of the pool. */
  addedNanoUsd: bigint
  /** Actual: what a GPU-hour cost, and held ÷ capacity in millionths; null: not known. */
  gpuHourNanoUsd: bigint | null
  utilization: bigint | null
  /** Changes that could not be replayed, in words. */
  notReplayed: string[]
}

/**
 * One pool's days under the changes about it, in this order: utilisation (the same work on other capacity), price of a
 * GPU-hour (another, another provider's list, ± percent), commitment. Each is a factor on what the pool cost, so that what
 * is as it was costs what it did, to the nano-dollar.
 */
export function replayPool(
  pool: { provider: string; gpuType: string },
  cells: ReadonlyMap<string, readonly Cell[]>,
  hours: ReadonlyMap<string, Hours>,
  window: Window,
  asked: ReplayAsked,
): ReplayedPool {
  const notReplayed: string[] = []
  const actual = actualOf(cells, hours)
  const whole = times(utilizationFactor(), priceFactor())
  const committed = changeOf(asked.commit, pool)
  const rows = [...cells].flatMap(([day, of]) => {
    const commit = committed ? commitFactor(hours.get(day)) : ONE
    const amounts = of.map(({ costNanoUsd }) => costNanoUsd)
    const after = scaled(amounts, times(whole, commit))
    return of.map((cell, at) => ({ cell, before: cell.costNanoUsd, after: after[at] ?? 0n }))
  })
  return { ...pool, rows, addedNanoUsd: added(), ...actual, notReplayed }

  function utilizationFactor(): Factor {
    const wished = changeOf(asked.utilization, pool)
    if (wished === null) return ONE
    if (actual.utilization === null || actual.utilization === 0n) {
      notReplayed.push('Utilisation: the bill does not say how many GPU-hours it bought, or none was held')
      return ONE
    }
    return { up: actual.utilization, down: wished }
  }

  function priceFactor(): Factor {
    const provider = changeOf(asked.moveTo, pool)
    const list = provider === null ? null : listPriceOf(provider, pool.gpuType)
    if (provider !== null && list === null) notReplayed.push(`Move: no list of ${provider} has ${pool.gpuType || 'it'}`)
    const price = list?.nanoUsdPerGpuHour ?? changeOf(asked.gpuPrice, pool)
    if (price !== null && actual.gpuHourNanoUsd === null)
      notReplayed.push('Price: nobody knows how many GPU-hours were billed or held')
    const percent = changeOf(asked.gpuPercent, pool)
    const byPercent = percent === null ? ONE : { up: MILLION + percent, down: MILLION }
    if (price === null || actual.gpuHourNanoUsd === null) return byPercent
    return times({ up: price, down: actual.gpuHourNanoUsd }, byPercent)
  }

  /** GPU time of a day as it would be. */
  function wishedMs({ capacityMs, heldMs }: Hours): bigint {
    const { up, down } = utilizationOnly()
    return divideHalfEven((capacityMs ?? heldMs) * up, down)
  }

  function utilizationOnly(): Factor {
    const wished = changeOf(asked.utilization, pool)
    return wished === null || !actual.utilization ? ONE : { up: actual.utilization, down: wished }
  }

  function commitFactor(of: Hours | undefined): Factor {
    if (!committed || !of || wishedMs(of) <= 0n) {
      const words = 'Commitment: some days do not say how many GPU-hours they bought'
      if (!notReplayed.includes(words)) notReplayed.push(words)
      return ONE
    }
    const [level, load] = [committed.gpus * DAY_MS, wishedMs(of)]
    const above = load > level ? load - level : 0n
    return { up: (MILLION - committed.discount) * level + MILLION * above, down: MILLION * load }
  }

  function added(): bigint {
    if (!committed || actual.gpuHourNanoUsd === null) return 0n
    const empty = BigInt(daysIn(window).filter((day) => !cells.has(day)).length)
    const { up, down } = priceFactorQuietly()
    const level = empty * committed.gpus * DAY_MS * (MILLION - committed.discount)
    return divideHalfEven(level * actual.gpuHourNanoUsd * up, HOUR_MS * MILLION * down)
  }

  function priceFactorQuietly(): Factor {
    const told = notReplayed.length
    const factor = priceFactor()
    notReplayed.length = told
    return factor
  }
}

function actualOf(cells: ReadonlyMap<string, readonly Cell[]>, hours: ReadonlyMap<string, Hours>) {
  let [cost, time, capacity, held] = [0n, 0n, 0n, 0n]
  for (const [day, of] of cells) {
    const known = hours.get(day)
    const ms = known ? (known.capacityMs ?? known.heldMs) : 0n
    if (!known || ms <= 0n) continue
    cost += of.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n)
    time += ms
    if (known.capacityMs === null) continue
    capacity += known.capacityMs
    held += known.heldMs
  }
  const price = time > 0n ? divideHalfEven(cost * HOUR_MS, time) : 0n
  return {
    gpuHourNanoUsd: price > 0n ? price : null,
    utilization: capacity > 0n ? divideHalfEven(held * MILLION, capacity) : null,
  }
}
