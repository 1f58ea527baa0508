import { divideHalfEven, type NanoUsd, nanoUsd } from '../../db/units/money.ts'

/** Days of a month, as savings are told in. */
export const MONTH_DAYS = 30

/** What an amount of so many days is in a month of 30 days: rounded half-even once. 0 for no days. */
export function aMonth(amount: bigint, days: number): NanoUsd {
  return nanoUsd(days <= 0 ? 0n : divideHalfEven(amount * BigInt(MONTH_DAYS), BigInt(days)))
}

/** Part of an amount, `part` ÷ `whole`, cut towards zero; 0 where there is no whole. */
export function partOf(amount: bigint, part: bigint, whole: bigint): bigint {
  return whole <= 0n ? 0n : (amount * part) / whole
}

/** A share as people read it: "37 %". */
export function percent(part: bigint | number, whole: bigint | number): string {
  return Number(whole) === 0 ? '0 %' : `${Math.round((Number(part) / Number(whole)) * 100)} %`
}
