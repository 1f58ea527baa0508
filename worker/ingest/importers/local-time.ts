import { DAY_MS, type EpochMs } from '../../../db/units/time.ts'

/**
 * The instants at which clocks of a zone show `wallMs`, a wall-clock time as milliseconds as if it were UTC. Two where
 * clocks were set back and showed the hour twice, the earlier first. A time that no clock showed, because they were set
 * forward over it, is the instant as long after the change: 02:30 on such a night is 03:30.
 */
export type InstantsAt = (wallMs: number) => readonly [EpochMs] | readonly [EpochMs, EpochMs]

/** How far a zone's clocks are ahead of UTC on one UTC day, and from when on by `after`; no zone changes twice in a day. */
type OffsetDay = { before: number; after: number; changesAtMs: number }

const zones = new Map<string, InstantsAt>()

/**
 * Reads wall-clock times of an IANA zone ('' is UTC). The rules are those of the runtime's own zone data (Intl); each UTC
 * day is asked for once, so that a million times cost little more than a look-up each.
 */
export function instantsIn(timeZone: string): InstantsAt {
  if (timeZone === '' || timeZone === 'UTC') return (wallMs) => [wallMs as EpochMs]
  const known = zones.get(timeZone)
  if (known) return known
  const made = instantsBy(offsetIn(timeZone))
  zones.set(timeZone, made)
  return made
}

function instantsBy(offsetAt: (instantMs: number) => number): InstantsAt {
  return (wallMs) => {
    const before = offsetAt(wallMs - DAY_MS)
    const after = offsetAt(wallMs + DAY_MS)
    if (before === after) return [(wallMs - before) as EpochMs]
    const early = (wallMs - Math.max(before, after)) as EpochMs
    const late = (wallMs - Math.min(before, after)) as EpochMs
    const isEarly = offsetAt(early) === wallMs - early
    const isLate = offsetAt(late) === wallMs - late
    if (isEarly && isLate) return [early, late]
    return [isEarly ? early : late] // neither: the clocks jumped over it, and `late` counts with the offset before
  }
}

function offsetIn(timeZone: string): (instantMs: number) => number {
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const asked = (instantMs: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of clock.formatToParts(instantMs)) part[type] = Number(value)
    const { year = 0, month = 1, day, hour, minute, second } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - instantMs
  }
  const days = new Map<number, OffsetDay>()
  return (instantMs) => {
    const dayNumber = Math.floor(instantMs / DAY_MS)
    let day = days.get(dayNumber)
    if (!day) {
      day = offsetDay(asked, dayNumber * DAY_MS)
      days.set(dayNumber, day)
    }
    return instantMs < day.changesAtMs ? day.before : day.after
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
