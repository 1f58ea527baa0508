import { divideHalfUp } from '../../../db/units/money.ts'
import { DAY_MS } from '../../../db/units/time.ts'

/** Whole UTC hours of a charge's day: `count` of them from `first` (0–23) on, over which it is spread evenly. */
export type ChargeHours = { readonly first: number; readonly count: number }

const HOUR_MS = 3_600_000

/**
 * The hours of a charge from `startMs` to before `endMs`: the one that it lies in, or the whole ones that it fills within
 * one UTC day. Null, which is "of that day, nobody knows when", for a whole day or longer, for edges inside an hour, and
 * for a moment.
 */
export function hoursOfCharge(startMs: number, endMs: number): ChargeHours | null {
  if (!(endMs > startMs) || endMs - startMs >= DAY_MS) return null
  const [from, to] = [Math.floor(startMs / HOUR_MS), Math.ceil(endMs / HOUR_MS)]
  const isWhole = startMs % HOUR_MS === 0 && endMs % HOUR_MS === 0
  const first = from % 24
  const count = to - from
  return (count === 1 || isWhole) && first + count <= 24 ? hoursAt(first, count) : null
}

/** A part of an amount: the `index`th of `count` even ones, as a difference of rounded sums, so that nothing is lost. */
export function evenPart(total: bigint, index: number, count: number): bigint {
  if (count === 1) return total
  const upTo = (parts: number) => divideHalfUp(total * BigInt(parts), BigInt(count))
  return upTo(index + 1) - upTo(index)
}

/** One object for each: bills ask a million times. */
const KNOWN = new Map<number, ChargeHours>()

function hoursAt(first: number, count: number): ChargeHours {
  const known = KNOWN.get(first * 32 + count)
  if (known) return known
  const made = { first, count }
  KNOWN.set(first * 32 + count, made)
  return made
}
