import { type EpochMs, parseInstant } from '../../../db/units/time.ts'
import type { InstantsAt } from './local-time.ts'

/** The instants that a cell may mean: two in the hour that clocks show twice; none where there is no time yet. */
export type Instants = readonly EpochMs[]

const NO_TIME = /^(unknown|none|n\/a|null|invalid|0)?$/i
const LETTER_T = 0x54
const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?$/

/**
 * A time of sacct's: `YYYY-MM-DDTHH:MM:SS` on the cluster's clocks; with a zone, or as epoch seconds, where
 * SLURM_TIME_FORMAT says so. Null: none of these.
 */
export function slurmTime(text: string, instantsAt: InstantsAt): Instants | null {
  const plain = text.length === 19 && text.charCodeAt(10) === LETTER_T ? parseInstant(text) : null
  if (plain !== null) return instantsAt(plain) // a million rows have two of these each
  if (NO_TIME.test(text)) return []
  if (/^\d{9,10}$/.test(text)) return slurmTime(new Date(Number(text) * 1000).toISOString(), instantsAt)
  const instant = parseInstant(text)
  if (instant === null) return null
  return LOCAL.test(text) ? instantsAt(instant) : [instant]
}

/** Seconds of `[DD-[HH:]]MM:SS` or of a plain count: "1-02:03:04" is 93,784 and "05:06" 306. Null: neither. */
export function slurmSeconds(text: string): number | null {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  const match = /^(?:(\d{1,5})-)?(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:\.\d{1,9})?$/.exec(text)
  if (!match) return null
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
}

/**
 * Which of the instants a run began and ended at: those that are as far apart as the run was long. Without a length, the
 * earlier beginning and the end next behind it. `lengthSeconds`: elapsed and suspended time together; null: not known.
 */
export function runTimes(
  starts: Instants,
  ends: Instants,
  lengthSeconds: number | null,
): { startedAtMs: EpochMs | null; endedAtMs: EpochMs | null } {
  const [first = null] = starts
  const [end = null] = ends
  if ((starts.length < 2 && ends.length < 2) || first === null || end === null)
    return { startedAtMs: first, endedAtMs: end }
  let best = { startedAtMs: first, endedAtMs: end }
  let leastOff = Number.POSITIVE_INFINITY
  for (const startedAtMs of starts)
    for (const endedAtMs of ends) {
      const length = endedAtMs - startedAtMs
      const off = length < 0 ? Number.MAX_VALUE : Math.abs(length - (lengthSeconds ?? 0) * 1000)
      if (off >= leastOff) continue
      leastOff = off
      best = { startedAtMs, endedAtMs }
    }
  return best
}
