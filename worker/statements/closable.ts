import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { adjustingMonth, pendingAdjustments } from './adjustments.ts'
import type { Book } from './book.ts'
import { closableFrom } from './month.ts'

/**
 * Why a month cannot be closed (now); null: it can. The first month to be closed may be any; from then on months are
 * closed without a gap between them, so that an adjustment never jumps over a month that is still open.
 */
export function whyNotClosable(book: Book, month: string, now: EpochMs): HelioxError | null {
  const closed = new Set(book.closed.map((one) => one.month))
  if (closed.has(month)) return conflict('already_closed', `${month} is closed, and stays as it is`)
  if (now < closableFrom(month)) {
    const from = new Date(closableFrom(month)).toISOString().slice(0, 10)
    return conflict('not_over', `${month} can be closed from ${from} on, a full day after its end`)
  }
  if (!hasSomething(book, month)) return conflict('nothing_there', `There is nothing in ${month} to close`)
  const between = openBetween(book, month)
  if (between === null) return null
  return conflict('gap', `Close ${between} first: between closed months none stays open`)
}

/** Anything billed, run, or to be put right. */
function hasSomething(book: Book, month: string): boolean {
  return book.months.includes(month) || (adjustingMonth(book) === month && pendingAdjustments(book).length > 0)
}

/** The open month that would be left between this one and the closed ones, if any: the one to close next. */
function openBetween({ closed, months }: Book, month: string): string | null {
  const [first, isClosed] = [closed[0]?.month, new Set(closed.map((one) => one.month))]
  if (first === undefined) return null
  const open = months.filter((one) => !isClosed.has(one))
  if (month > first) return open.find((one) => one > first && one < month) ?? null
  return open.findLast((one) => one > month && one < first) ?? null
}

function conflict(code: string, message: string): HelioxError {
  return new HelioxError('conflict', `statements.${code}`, message)
}
