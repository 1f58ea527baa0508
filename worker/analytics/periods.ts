import { addDays, type Day, daysIn, startOf, type Window } from '../../db/units/time.ts'
import type { Time } from './dimensions.ts'

/** Days `from` to before `before`. */
type Days = Window
/** What sums up to a window: months (`2026-01` to before `2026-03`), and days to add and to take away. */
export type Periods = { months: { from: string; before: string } | null; plus: Days[]; minus: Days[] }

/**
 * A window as whole months plus or minus the days at its edges, whichever are fewer: at most 31 days beside the months,
 * however long it is. Sums of integers, so it is exact.
 */
export function periodsOf({ from, before }: Window): Periods {
  const last = addDays(before, -1)
  const none = { months: null, plus: [{ from, before }], minus: [] }
  if (from >= before) return { ...none, plus: [] }
  const isWhole = from.endsWith('-01') && before.endsWith('-01')
  if (monthOf(from) === monthOf(last) && !isWhole) return none
  const plus: Days[] = []
  const minus: Days[] = []
  let first = monthOf(from)
  let end = nextMonth(monthOf(last))
  const [headStart, headEnd] = [firstDay(first), firstDay(nextMonth(first))]
  if (days(headStart, from) <= days(from, headEnd)) {
    if (headStart < from) minus.push({ from: headStart, before: from })
  } else {
    plus.push({ from, before: headEnd })
    first = nextMonth(first)
  }
  const [tailStart, tailEnd] = [firstDay(monthOf(last)), firstDay(end)]
  if (days(before, tailEnd) <= days(tailStart, before)) {
    if (before < tailEnd) minus.push({ from: before, before: tailEnd })
  } else {
    plus.push({ from: tailStart, before })
    end = monthOf(last)
  }
  return { months: first < end ? { from: first, before: end } : null, plus, minus }
}

/** Every day, week (its Monday) or month (2026-01) that a window touches, in order. */
export function periodsIn(window: Window, time: Time): string[] {
  return [...new Set(daysIn(window).map((day) => periodOf(day, time)))]
}

/** The period of a day, as `periodText` has it in SQL. */
export function periodOf(day: Day, time: Time): string {
  if (time === 'week') return mondayOf(day)
  return time === 'month' ? monthOf(day) : day
}

function mondayOf(day: Day): Day {
  return addDays(day, -((new Date(startOf(day)).getUTCDay() + 6) % 7))
}

/** The month of a day. */
export function monthOf(day: Day): string {
  return day.slice(0, 7)
}

export function nextMonth(month: string): string {
  return monthOf(addDays(`${month}-28` as Day, 7))
}

function firstDay(month: string): Day {
  return `${month}-01` as Day
}

function days(from: Day, before: Day): number {
  return (Date.parse(before) - Date.parse(from)) / 86_400_000
}
