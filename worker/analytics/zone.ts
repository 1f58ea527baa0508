import { addDays, DAY_MS, type Day, dayOf, type EpochMs, startOf } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { type LocalDay, localDays, startOfLocalDay } from './local-days.ts'
import type { Question } from './window.ts'

/** A zone's days are cut out of hours and of jobs when they are asked for: so many at most. */
export const MOST_LOCAL_DAYS = 93

const HOUR_MS = 3_600_000

/** The days of a question in a zone where they are not UTC's. */
export type Zone = { timeZone: string; days: readonly LocalDay[] }

type Asked = Pick<Question, 'window' | 'timeZone'>

/**
 * The days that a question asks for as instants; null where they are UTC days: no zone, UTC, and every zone that is at
 * UTC+0 at all of their midnights.
 *
 * @throws HelioxError invalid `analytics.zone_too_long` for more than 93 days; `analytics.zone_needs_minutes` where a day
 *   starts within an hour
 */
export function zoneOf({ window, timeZone }: Asked): Zone | null {
  if (!timeZone || timeZone === 'UTC' || window.from >= window.before || isUtc(window, timeZone)) return null
  if (startOf(window.before) - startOf(window.from) > MOST_LOCAL_DAYS * DAY_MS)
    throw new HelioxError(
      'invalid',
      'analytics.zone_too_long',
      `At most ${MOST_LOCAL_DAYS} days in ${timeZone} at once: ask for fewer, or for UTC days`,
    )
  const days = localDays(window, timeZone)
  for (const { day, fromMs, beforeMs } of days)
    if (fromMs % HOUR_MS !== 0 || beforeMs % HOUR_MS !== 0) throw needsMinutes(timeZone, day)
  return { timeZone, days }
}

function isUtc({ from, before }: Question['window'], timeZone: string): boolean {
  for (let day: Day = from; day <= before; day = addDays(day, 1))
    if (startOfLocalDay(day, timeZone) !== startOf(day)) return false
  return true
}

function needsMinutes(timeZone: string, day: Day): HelioxError {
  const message = `${day} in ${timeZone} does not start or end on a whole hour of UTC, and bills are by the hour: ask for UTC days, or for a zone at whole hours from UTC`
  return new HelioxError('invalid', 'analytics.zone_needs_minutes', message)
}

/** The first instant after the window. */
export function endOfWindow({ window, timeZone }: Asked): EpochMs {
  return startOfLocalDay(window.before, timeZone ?? 'UTC')
}

/** The UTC days that some instant of the zone's days lies on. */
export function touchedDays({ days }: Zone): Day[] {
  const touched = new Set<Day>()
  for (const { fromMs, beforeMs } of days)
    for (let at: number = fromMs; at < beforeMs; at = (Math.floor(at / DAY_MS) + 1) * DAY_MS)
      touched.add(dayOf(at as EpochMs))
  return [...touched]
}

/** The zone's days by UTC hour: [local day, UTC day, hour]. */
export function hoursOf({ days }: Zone): [label: Day, day: Day, hour: number][] {
  return days.flatMap(({ day, fromMs, beforeMs }) => {
    const hours: [Day, Day, number][] = []
    for (let at: number = fromMs; at < beforeMs; at += HOUR_MS)
      hours.push([day, dayOf(at as EpochMs), Math.floor((at % DAY_MS) / HOUR_MS)])
    return hours
  })
}

/** The zone's days by UTC day, in epoch seconds: [local day, UTC day, from, before, start of the UTC day, of the local day]. */
export function piecesOf({
  days,
}: Zone): [label: Day, day: Day, fromS: number, beforeS: number, utcS: number, localS: number][] {
  return days.flatMap(({ day, fromMs, beforeMs }) => {
    const pieces: ReturnType<typeof piecesOf> = []
    for (let at: number = fromMs; at < beforeMs; ) {
      const utcMs = Math.floor(at / DAY_MS) * DAY_MS
      const toMs = Math.min(beforeMs, utcMs + DAY_MS)
      pieces.push([day, dayOf(at as EpochMs), at / 1000, toMs / 1000, utcMs / 1000, fromMs / 1000])
      at = toMs
    }
    return pieces
  })
}
