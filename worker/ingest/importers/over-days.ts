import { divideHalfUp, type ExactUsd } from '../../../db/units/money.ts'
import { DAY_MS, type EpochMs } from '../../../db/units/time.ts'

/** One UTC day of a time, and which part of it. */
export type DayPart = { startedAtMs: EpochMs; endedAtMs: EpochMs }

/** Digits that an amount has before it is cut, so that no part is rounded to nothing. */
const FINE_SCALE = 12

/** The UTC days of [start, end), each with what of it falls there; one part without length for a moment. */
export function dayParts(startedAtMs: EpochMs, endedAtMs: EpochMs): DayPart[] {
  const parts: DayPart[] = []
  for (let from: number = startedAtMs; from < endedAtMs || parts.length === 0; ) {
    const midnight = (Math.floor(from / DAY_MS) + 1) * DAY_MS
    const to = Math.min(midnight, endedAtMs)
    parts.push({ startedAtMs: from as EpochMs, endedAtMs: to as EpochMs })
    from = midnight
  }
  return parts
}

/** Splits a whole number over parts in proportion to their length; differences of rounded sums, so nothing is lost. */
export function overParts(total: bigint, parts: readonly DayPart[]): bigint[] {
  const length = BigInt(parts.reduce((sum, part) => sum + part.endedAtMs - part.startedAtMs, 0))
  let upTo = 0n
  let given = 0n
  return parts.map(({ startedAtMs, endedAtMs }) => {
    upTo += BigInt(endedAtMs - startedAtMs)
    const due = length === 0n ? total : divideHalfUp(total * upTo, length)
    const part = due - given
    given = due
    return part
  })
}

/** The same for an amount: the parts add up to it to the last digit. */
export function amountOverParts(amount: ExactUsd, parts: readonly DayPart[]): ExactUsd[] {
  if (parts.length === 1) return [amount]
  const scale = Math.max(amount.scale, FINE_SCALE)
  const digits = amount.digits * 10n ** BigInt(scale - amount.scale)
  return overParts(digits, parts).map((part) => ({ digits: part, scale }))
}
