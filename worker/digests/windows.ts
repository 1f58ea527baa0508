import type { DigestPeriod } from '../../db/units/insight.ts'
import { addDays, DAY_MS, type Day, dayOf, type EpochMs, startOf, type Window } from '../../db/units/time.ts'

/** A window of a digest by its name: the period itself, and the 7 and 30 days that end with it. */
export type NamedWindow = { name: DigestPeriod | 'last7' | 'last30'; window: Window }

/** Exactly so many days, `last` the last of them. */
function daysUpTo(last: Day, count: number): Window {
  return { from: addDays(last, 1 - count), before: addDays(last, 1) }
}

/** The last day of the period that a day is in: itself, or the Sunday on or after it. */
export function lastDayOf(period: DigestPeriod, day: Day): Day {
  const weekday = new Date(startOf(day)).getUTCDay()
  return period === 'day' ? day : addDays(day, (7 - weekday) % 7)
}

/** The windows of the period that ends on `last`: a week, Monday to Sunday, is the 7 days themselves. */
export function windowsOf(period: DigestPeriod, last: Day): NamedWindow[] {
  const own = { name: period, window: daysUpTo(last, period === 'day' ? 1 : 7) }
  const week = { name: 'last7' as const, window: daysUpTo(last, 7) }
  return [own, ...(period === 'day' ? [week] : []), { name: 'last30', window: daysUpTo(last, 30) }]
}

/**
 * The last day of the last period whose digest is due: from `hourUtc` of the day after it on. One day, however long
 * nobody looked.
 */
export function dueFor(period: DigestPeriod, hourUtc: number, nowMs: EpochMs): Day {
  const yesterday = addDays(dayOf((nowMs - hourUtc * 3_600_000) as EpochMs), -1)
  if (period === 'day') return yesterday
  const sunday = lastDayOf('week', yesterday)
  return sunday === yesterday ? sunday : addDays(sunday, -7)
}

/** When the digest of the period that ends on that day is due. */
export function dueAtMs(last: Day, hourUtc: number): EpochMs {
  return (startOf(last) + DAY_MS + hourUtc * 3_600_000) as EpochMs
}
