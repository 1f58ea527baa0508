import { DAY_MS, type EpochMs } from '../../../db/units/time.ts'
import { clockOffsets } from '../../clock-offsets.ts'

/**
 * The instants at which clocks of a zone show `wallMs`, a wall-clock time as milliseconds as if it were UTC. Two where
 * clocks were set back and showed the hour twice, the earlier first. A time that no clock showed, because they were set
 * forward over it, is the instant as long after the change: 02:30 on such a night is 03:30.
 */
export type InstantsAt = (wallMs: number) => readonly [EpochMs] | readonly [EpochMs, EpochMs]

const zones = new Map<string, InstantsAt>()

/**
 * Reads wall-clock times of an IANA zone ('' is UTC). The rules are those of the runtime's own zone data (Intl); each UTC
 * day is asked for once, so that a million times cost little more than a look-up each.
 */
export function instantsIn(timeZone: string): InstantsAt {
  if (timeZone === '' || timeZone === 'UTC') return (wallMs) => [wallMs as EpochMs]
  const known = zones.get(timeZone)
  if (known) return known
  const made = instantsBy(clockOffsets(timeZone).at)
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
