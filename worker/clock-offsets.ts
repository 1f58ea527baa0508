import { DAY_MS } from '../db/units/time.ts'

/** How far a zone's clocks are ahead of UTC on one UTC day, and from when on by `after`; no zone changes twice in a day. */
export type OffsetDay = { readonly before: number; readonly after: number; readonly changesAtMs: number }

/** `at` an instant, in milliseconds; `on` the UTC day of that number since 1970. */
export type ClockOffsets = { at(instantMs: number): number; on(dayNumber: number): OffsetDay }

/** Zones, and days of one, that are kept at hand. */
const [MOST_ZONES, MOST_DAYS] = [50, 40_000]
const zones = new Map<string, ClockOffsets>()

/**
 * How far the clocks of an IANA zone are ahead of UTC. The rules are those of the runtime's own zone data (Intl); each UTC
 * day is asked for once, so that a million look-ups cost little. Throws RangeError for a zone that there is not.
 */
export function clockOffsets(timeZone: string): ClockOffsets {
  const known = zones.get(timeZone)
  if (known) return known
  const made = offsetsOf(clockOf(timeZone))
  if (zones.size >= MOST_ZONES) zones.clear()
  zones.set(timeZone, made)
  return made
}

/** Whether there is such a zone; '' is UTC. */
export function isTimeZone(name: string): boolean {
  if (name === '') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function offsetsOf(asked: (instantMs: number) => number): ClockOffsets {
  const days = new Map<number, OffsetDay>()
  const on = (dayNumber: number): OffsetDay => {
    const known = days.get(dayNumber)
    if (known) return known
    const day = offsetDay(asked, dayNumber * DAY_MS)
    if (days.size >= MOST_DAYS) days.clear()
    days.set(dayNumber, day)
    return day
  }
  return {
    on,
    at: (instantMs) => {
      const day = on(Math.floor(instantMs / DAY_MS))
      return instantMs < day.changesAtMs ? day.before : day.after
    },
  }
}

function clockOf(timeZone: string): (instantMs: number) => number {
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  return (instantMs) => {
    const part: Record<string, number> = {}
    for (const { type, value } of clock.formatToParts(instantMs)) part[type] = Number(value)
    const { year = 0, month = 1, day, hour, minute, second } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - instantMs
  }
}

function offsetDay(asked: (instantMs: number) => number, startMs: number): OffsetDay {
  const before = asked(startMs)
  const after = asked(startMs + DAY_MS)
  let [from, to] = [startMs, startMs + DAY_MS]
  // Clocks change at a whole second; some zones did at one minute past midnight.
  while (before !== after && to - from > 1000) {
    const middle = from + Math.floor((to - from) / 2000) * 1000
    if (asked(middle) === before) from = middle
    else to = middle
  }
  return { before, after, changesAtMs: before === after ? Number.POSITIVE_INFINITY : to }
}
