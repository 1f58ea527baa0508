/**
 * Instants are integer milliseconds since the Unix epoch; days are UTC calendar days, as bills are.
 * Nothing below the page knows the reader's time zone.
 */
declare const epochMsBrand: unique symbol
declare const dayBrand: unique symbol
export type EpochMs = number & { readonly [epochMsBrand]: true }
/** 'YYYY-MM-DD', UTC. */
export type Day = string & { readonly [dayBrand]: true }

/** Half-open: `from` is inside, `before` is the first day outside. */
export type Window = { readonly from: Day; readonly before: Day }

export const DAY_MS = 86_400_000

/** Facts outside these years are typing errors; the bounds keep a stray year from becoming a million days. */
export const EARLIEST_MS = Date.UTC(2000, 0, 1) as EpochMs
export const LATEST_MS = Date.UTC(2100, 0, 1) as EpochMs

/** The UTC day an instant falls on. */
export function dayOf(instant: EpochMs): Day {
  const count = Math.floor(instant / DAY_MS)
  const known = DAYS.get(count)
  if (known !== undefined) return known
  const day = new Date(instant).toISOString().slice(0, 10) as Day
  if (instant >= EARLIEST_MS && instant < LATEST_MS) DAYS.set(count, day)
  return day
}

/** The days that were asked for, by their count from 1970; at most those of a century. Bills ask twice a row. */
const DAYS = new Map<number, Day>()

/** The first instant of a day. */
export function startOf(day: Day): EpochMs {
  return Date.parse(`${day}T00:00:00Z`) as EpochMs
}

/** `day` moved by whole days; negative moves back. */
export function addDays(day: Day, days: number): Day {
  return dayOf((startOf(day) + days * DAY_MS) as EpochMs)
}

/** The same day of the month `months` later, or earlier where negative; the last of a month that has no such day. */
export function addMonths(day: Day, months: number): Day {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  const [year, month] = [Math.floor(count / 12), ((count % 12) + 12) % 12]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return dayOf(Date.UTC(year, month, Math.min(Number(day.slice(8, 10)), last)) as EpochMs)
}

/** Days from `from` up to, not including, `before`. */
export function daysIn({ from, before }: Window): Day[] {
  const count = Math.round((startOf(before) - startOf(from)) / DAY_MS)
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(from, index))
}

/** A day from text such as "2026-01-31"; null for other shapes, days that do not exist, and outside 2000–2099. */
export function parseDay(text: string): Day | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayStart(text) !== null ? (text as Day) : null
}

/**
 * An instant from ISO 8601 text: "2026-01-31T10:00:00Z", with an offset, with a blank for the T, with fractions of
 * a second (cut to milliseconds), or a bare day. No zone means UTC. Null for anything else, for instants that do
 * not exist, and outside 2000–2099.
 */
export function parseInstant(text: string): EpochMs | null {
  const match =
    /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?$/.exec(text)
  if (!match) return null
  const [, hours, minutes, seconds, fraction, zone] = match
  const day = dayStart(text)
  if (day === null || !(Number(hours ?? 0) < 24 && Number(minutes ?? 0) < 60 && Number(seconds ?? 0) < 60)) return null
  const local = day + (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000
  const instant = fraction ? local + Number(fraction.padEnd(3, '0').slice(0, 3)) : local
  if (!zone || zone === 'Z' || zone === 'z') return instant as EpochMs
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  if (offsetMinutes > 14 * 60) return null
  const utc = instant - (zone[0] === '-' ? -offsetMinutes : offsetMinutes) * 60_000
  return utc >= EARLIEST_MS && utc < LATEST_MS ? (utc as EpochMs) : null
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Start of the day that text begins with, in epoch milliseconds; null if there is no such day in 2000–2099. */
function dayStart(text: string): number | null {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)
  if (!(day >= 1 && day <= days)) return null
  const start = Date.UTC(year, month - 1, day)
  return start >= EARLIEST_MS && start < LATEST_MS ? start : null
}

/**
 * Whole seconds of [startMs, endMs) that fall on `day`, 0 when none do. A difference of floors, so the
 * days of a job sum to its whole length with nothing lost at midnight.
 */
export function secondsOn(day: Day, startMs: EpochMs, endMs: EpochMs): number {
  const from = Math.max(startMs, startOf(day))
  const to = Math.min(endMs, startOf(day) + DAY_MS)
  return to > from ? Math.floor(to / 1000) - Math.floor(from / 1000) : 0
}
