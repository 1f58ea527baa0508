import { addDays, DAY_MS, type Day, daysIn, type EpochMs, startOf, type Window } from '../../db/units/time.ts'
import { clockOffsets } from '../clock-offsets.ts'

/** One day of a zone's calendar: [fromMs, beforeMs). Without length where the zone left the day out. */
export type LocalDay = { day: Day; fromMs: EpochMs; beforeMs: EpochMs }

/**
 * The instants between which the days of a window lie in a zone: 23 or 25 hours where its clocks are changed, a whole
 * multiple of a quarter of an hour. A day ends where the next one starts, so the days fill the window.
 */
export function localDays(window: Window, timeZone: string): LocalDay[] {
  return daysIn(window).map((day) => ({
    day,
    fromMs: startOfLocalDay(day, timeZone),
    beforeMs: startOfLocalDay(addDays(day, 1), timeZone),
  }))
}

/**
 * The first instant at which clocks of a zone show the day or a later one: midnight; where they jump over midnight, the
 * jump; where they show it twice, the first time.
 */
export function startOfLocalDay(day: Day, timeZone: string): EpochMs {
  const wallMs = startOf(day)
  if (timeZone === '' || timeZone === 'UTC') return wallMs
  const { on } = clockOffsets(timeZone)
  const dayNumber = Math.floor(wallMs / DAY_MS)
  // Clocks are at most 14 hours ahead and 12 behind: it is on the UTC day of that name, or on the one before.
  for (const number of [dayNumber - 1, dayNumber]) {
    const { before, after, changesAtMs } = on(number)
    const [startMs, endMs] = [number * DAY_MS, (number + 1) * DAY_MS]
    for (const [fromMs, toMs, offset] of [
      [startMs, Math.min(changesAtMs, endMs), before],
      [Math.min(changesAtMs, endMs), endMs, after],
    ] as const) {
      const instant = Math.max(fromMs, wallMs - offset)
      if (instant < toMs) return instant as EpochMs
    }
  }
  throw new RangeError(`no clock of ${timeZone} shows ${day}`)
}
