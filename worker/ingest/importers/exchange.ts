import { divideHalfEven, type ExactUsd } from '../../../db/units/money.ts'
import { type Charge, chargeOf } from './charge.ts'
import type { CostDraft, ReadOptions, Refused } from './importer.ts'

/** Fraction digits of a quotient, which may have no end: a billionth of what the ledger stores. */
const QUOTIENT_SCALE = 18

/**
 * What an amount is in US dollars where a bill says how many units of its currency one dollar is: the quotient at 18
 * fraction digits, half to even, so that a million rows are off by less than a nano-dollar together. Null: no such rate.
 */
export function dividedBy(amount: ExactUsd, unitsPerUsd: ExactUsd): ExactUsd | null {
  if (unitsPerUsd.digits <= 0n) return null
  const shift = QUOTIENT_SCALE + unitsPerUsd.scale - amount.scale
  const numerator = shift >= 0 ? amount.digits * 10n ** BigInt(shift) : amount.digits
  const divisor = shift >= 0 ? unitsPerUsd.digits : unitsPerUsd.digits * 10n ** BigInt(-shift)
  return { digits: divideHalfEven(numerator, divisor), scale: QUOTIENT_SCALE }
}

/**
 * A row whose bill is in another currency but says itself what it is in US dollars: `said` holds the dollars, which are
 * stored as they are; `billedInCurrency` is what the invoice says.
 */
export function chargeInDollars(
  line: number,
  said: Charge,
  currency: string,
  billedInCurrency: ExactUsd,
  options: ReadOptions,
): CostDraft | Refused {
  const row = chargeOf(line, { ...said, currency: [said.currency[0], 'USD'] }, options)
  return row.kind === 'cost' && currency !== 'USD' ? { ...row, currency, billedInCurrency } : row
}

/** A three-letter code such as EUR. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text)
}
