import { divideHalfEven } from '../../db/units/money.ts'
import { centsText } from '../usd-words.ts'

const NANO_PER_CENT = 10_000_000n

/** An amount for people, to the cent: "$1,234.56", "-$0.50"; what is not nothing is never shown as nothing. */
export function dollars(amount: bigint): string {
  const size = amount < 0n ? -amount : amount
  const cents = divideHalfEven(size, NANO_PER_CENT)
  if (cents === 0n && size > 0n) return amount < 0n ? '-<$0.01' : '<$0.01'
  return centsText(amount < 0n ? -cents : cents)
}

/** How much more or less: "+12.5%"; null: there is nothing to compare with. */
export function change(now: bigint, before: bigint | null): string | null {
  if (before === null || before <= 0n) return null
  const tenths = divideHalfEven((now - before) * 1000n, before)
  const size = tenths < 0n ? -tenths : tenths
  return `${tenths > 0n ? '+' : tenths < 0n ? '-' : '±'}${size / 10n}.${size % 10n}%`
}
