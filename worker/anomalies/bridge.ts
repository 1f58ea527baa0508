import { allocate, divideHalfEven, type NanoUsd, nanoUsd } from '../../db/units/money.ts'

/** What a part of a cost is: a pool, or a pool and a SKU. */
export type Item = { provider: string; gpuType: string; sku: string }

/** An item's cost and GPU time (milliseconds; null: not known) over some days. */
export type ItemSum = Item & { nanoUsd: bigint; gpuMs: bigint | null }

export const TERM_KINDS = ['volume', 'price', 'mix', 'new', 'gone', 'other', 'level'] as const
export type TermKind = (typeof TERM_KINDS)[number]

export type Term = Item & {
  kind: TermKind
  amountNanoUsd: NanoUsd
  /** Of an expected day and of the day; null: not known. */
  beforeGpuMs: bigint | null
  afterGpuMs: bigint | null
  beforeNanoUsd: NanoUsd
  afterNanoUsd: NanoUsd
}

/** The day, and the days that it is compared with, all in `days` together. */
export type BridgeAsked = {
  expectedNanoUsd: bigint
  actualNanoUsd: bigint
  actual: readonly ItemSum[]
  /** Σ over the days that it is compared with. */
  before: readonly ItemSum[]
  days: number
}

/**
 * From the expected cost of a day to its actual one, item by item; Σ terms = actual − expected to the nano-dollar, always.
 * The expected day has the items of an average of the days that it is compared with, its costs allocated so that they sum
 * to what is expected, and their GPU time with them. Of an item on both sides with GPU time h and cost c (0 expected, 1
 * actual), with R the expected cost of a GPU-hour over all such items:
 *
 *   price  = c1 − (c0 ÷ h0) × h1     the new hours at the new rate less the old one
 *   volume = (h1 − h0) × R           more or fewer hours
 *   mix    = c1 − c0 − price − volume   the same hours in dearer or cheaper pools: (h1 − h0) × (c0 ÷ h0 − R)
 *
 * An item on one side is `new` or `gone`. One without GPU time (storage, credits, cost that nobody held) is `other`. Where
 * nothing can be allocated (the compared days sum to nothing or to a credit) those days stand as they are, and what is
 * expected beyond them is `level`.
 */
export function bridge({ expectedNanoUsd, actualNanoUsd, actual, before, days }: BridgeAsked): Term[] {
  const old = expectedItems(before, expectedNanoUsd, days)
  const terms: Term[] = []
  const keys = new Set([...old.keys(), ...actual.map(keyOf)])
  const now = new Map(actual.map((item) => [keyOf(item), item]))
  const both = [...keys].filter((key) => isTimed(old.get(key)) && isTimed(now.get(key)))
  const sum = (of: (key: string) => bigint) => both.reduce((all, key) => all + of(key), 0n)
  const hours = sum((key) => old.get(key)?.gpuMs ?? 0n)
  const cost = sum((key) => old.get(key)?.nanoUsd ?? 0n)
  for (const key of keys) {
    const [was, is] = [old.get(key), now.get(key)]
    const item = (is ?? was) as ItemSum
    const term = (kind: TermKind, amount: bigint): Term => ({
      ...{ kind, provider: item.provider, gpuType: item.gpuType, sku: item.sku, amountNanoUsd: nanoUsd(amount) },
      ...{ beforeGpuMs: was?.gpuMs ?? null, afterGpuMs: is?.gpuMs ?? null },
      ...{ beforeNanoUsd: nanoUsd(was?.nanoUsd ?? 0n), afterNanoUsd: nanoUsd(is?.nanoUsd ?? 0n) },
    })
    const change = (is?.nanoUsd ?? 0n) - (was?.nanoUsd ?? 0n)
    if (isNothing(was) && isNothing(is)) continue
    if (isNothing(was)) terms.push(term('new', change))
    else if (isNothing(is)) terms.push(term('gone', change))
    else if (!isTimed(was) || !isTimed(is)) terms.push(term('other', change))
    else {
      const price = is.nanoUsd - divideHalfEven(was.nanoUsd * is.gpuMs, was.gpuMs)
      const volume = divideHalfEven((is.gpuMs - was.gpuMs) * cost, hours)
      const parts = [volume, price, change - price - volume] as const
      if (parts.some((part) => size(part) > LARGEST)) terms.push(term('other', change))
      else terms.push(term('volume', parts[0]), term('price', parts[1]), term('mix', parts[2]))
    }
  }
  const left = actualNanoUsd - expectedNanoUsd - terms.reduce((all, { amountNanoUsd }) => all + amountNanoUsd, 0n)
  const none = { provider: '', gpuType: '', sku: '', beforeGpuMs: null, afterGpuMs: null }
  const zero = nanoUsd(0n)
  terms.push({ kind: 'level', ...none, amountNanoUsd: nanoUsd(left), beforeNanoUsd: zero, afterNanoUsd: zero })
  return terms
    .filter(({ amountNanoUsd }) => amountNanoUsd !== 0n)
    .sort((a, b) => compare(size(b.amountNanoUsd), size(a.amountNanoUsd)) || compare(keyOf(a), keyOf(b)))
}

/** A term beyond it says nothing (a second of GPU time before, a year now), and may not fit into 64 bits. */
const LARGEST = 2n ** 60n

/** The items of an expected day, by their keys. */
function expectedItems(before: readonly ItemSum[], expected: bigint, days: number): Map<string, ItemSum> {
  const sum = before.reduce((all, one) => all + one.nanoUsd, 0n)
  const none = new Map<string, ItemSum>()
  if (days === 0) return none
  const isScaled = sum > 0n && expected > 0n
  const costs = isScaled
    ? allocate(
        nanoUsd(expected),
        before.map((one) => one.nanoUsd),
      )
    : before.map((one) => divideHalfEven(one.nanoUsd, BigInt(days)))
  const [times, of] = isScaled ? [expected, sum] : [1n, BigInt(days)]
  return new Map(
    before.map((one, at) => {
      const gpuMs = one.gpuMs === null ? null : divideHalfEven(one.gpuMs * times, of)
      return [keyOf(one), { ...one, nanoUsd: costs[at] ?? 0n, gpuMs }]
    }),
  )
}

function isNothing(item: ItemSum | undefined): boolean {
  return item === undefined || (item.nanoUsd === 0n && (item.gpuMs ?? 0n) === 0n)
}

function isTimed(item: ItemSum | undefined): item is ItemSum & { gpuMs: bigint } {
  return item !== undefined && item.gpuMs !== null && item.gpuMs > 0n
}

function keyOf({ provider, gpuType, sku }: Item): string {
  return JSON.stringify([provider, gpuType, sku])
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
