import { addDays, addMonths, type Day, parseDay, startOf } from '../../db/units/time.ts'

/** The days that can be chosen: those that Heliox takes. */
const FIRST = '2000-01-01' as Day
const LAST = '2099-12-31' as Day

/** Monday first, as weeks are everywhere in Heliox. */
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** The six weeks, from Monday, that a month's sheet shows: always six, so that no other month moves the page. */
export function weeksOf(day: Day): Day[][] {
  const first = `${day.slice(0, 7)}-01` as Day
  const monday = addDays(first, -weekdayOf(first))
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, at) => addDays(monday, week * 7 + at)))
}

/** Where a key leads on a calendar; null for keys that it does not know. Shift makes a page a year. */
export function movedBy(key: string, day: Day, isShifted = false): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return within(addDays(day, -1))
    case 'ArrowRight':
      return within(addDays(day, 1))
    case 'ArrowUp':
      return within(addDays(day, -7))
    case 'ArrowDown':
      return within(addDays(day, 7))
    case 'Home':
      return within(addDays(day, -weekdayOf(day)))
    case 'End':
      return within(addDays(day, 6 - weekdayOf(day)))
    case 'PageUp':
      return within(addMonths(day, isShifted ? -12 : -1))
    case 'PageDown':
      return within(addMonths(day, isShifted ? 12 : 1))
    default:
      return null
  }
}

/** 0 on a Monday, 6 on a Sunday. */
function weekdayOf(day: Day): number {
  return (new Date(startOf(day)).getUTCDay() + 6) % 7
}

function within(day: Day): Day {
  return day < FIRST ? FIRST : day > LAST ? LAST : day
}

/** The two ends in order, whichever was chosen first. */
export function inOrder(one: Day, other: Day): { start: Day; end: Day } {
  return one <= other ? { start: one, end: other } : { start: other, end: one }
}

/** The days of two fields, or what is wrong with them. */
export function readDays(start: string, end: string): { start: Day; end: Day } | string {
  const [from, to] = [parseDay(start), parseDay(end)]
  if (!from || !to) return 'Enter both days.'
  return from > to ? 'The first day is after the last.' : { start: from, end: to }
}
