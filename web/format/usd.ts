import type { UsdText } from '../../db/units/money.ts'

const style = { style: 'currency', currency: 'USD' } as const
const cents = new Intl.NumberFormat('en-US', style)
const tiny = new Intl.NumberFormat('en-US', { ...style, maximumSignificantDigits: 2 })
const rate = new Intl.NumberFormat('en-US', { ...style, minimumFractionDigits: 3, maximumFractionDigits: 3 })
const exact = new Intl.NumberFormat('en-US', { ...style, maximumFractionDigits: 9 })
const short = new Intl.NumberFormat('en-US', { ...style, notation: 'compact', maximumFractionDigits: 1 })

/**
 * "$1,234.50"; below one cent two significant digits, so a real cost never reads $0.00; null is "unknown".
 * Text goes in, not a number: Intl keeps every digit of a decimal string.
 */
export function formatUsd(amount: UsdText | null): string {
  if (amount === null) return 'unknown'
  return (/^-?0\.00\d*[1-9]/.test(amount) ? tiny : cents).format(amount)
}

/** A price of one of something: "$8.939"; null, where nothing can be divided, is a dash. */
export function formatUsdRate(amount: UsdText | null): string {
  return amount === null ? '–' : rate.format(amount)
}

/** Every stored digit: "$1,487.816571429". */
export function formatUsdExact(amount: UsdText | null): string {
  return amount === null ? 'unknown' : exact.format(amount)
}

/** The exact amount in two parts, dollars and cents and what is below a cent: ["$1,487.81", "6571429"]. */
export function splitUsdExact(amount: UsdText | null): [head: string, tail: string] {
  const text = formatUsdExact(amount)
  const cut = text.indexOf('.') + 3
  return cut > 2 ? [text.slice(0, cut), text.slice(cut)] : [text, '']
}

/** Finer than a hundredth of a cent is the rest of a division, which nobody reads in a column. */
const READABLE_DIGITS = 4

/** For a column: every digit of an amount as people write them, the cents of one that was divided. */
export function formatUsdInTable(amount: UsdText | null): string {
  const digits = amount?.split('.')[1]?.length ?? 0
  return digits > READABLE_DIGITS ? formatUsd(amount) : formatUsdExact(amount)
}

/** "$12.5K": the label of an axis, where the number is a position and not an amount. */
export function formatUsdTick(position: number): string {
  return short.format(position)
}

/** True for zero however it is written: "0.00", "-0.00". Unknown is not zero. */
export function isZeroUsd(amount: UsdText | null): boolean {
  return amount !== null && /^-?0*\.?0*$/.test(amount)
}
