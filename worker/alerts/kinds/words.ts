import { divideHalfEven } from '../../../db/units/money.ts'
import { centsText } from '../../usd-words.ts'

const NANO_PER_CENT = 10_000_000n

/** An amount for people, rounded once to the cent: "$1,234.56", "-$0.10". */
export function dollars(amount: bigint): string {
  return centsText(divideHalfEven(amount, NANO_PER_CENT))
}

/** A part of a whole in per cent to a tenth: "12.3 %". The whole is above zero. */
export function percent(part: bigint, whole: bigint): string {
  return `${(Number(divideHalfEven(part * 1000n, whole)) / 10).toLocaleString('en-US')} %`
}

/** "1 day", "7 days". */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
}

/** How long something is ago, in the largest unit that it fills: "3 days", "26 hours", "5 minutes". */
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 120) return counted(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day')
}
