import { DAY_MS, type EpochMs } from '../../db/units/time.ts'

const HOUR_MS = 3_600_000

/** How often the clock tries a due pull, the first time included. */
export const MOST_ATTEMPTS = 4
/** How long it waits after the first failure, the second, and so on. */
const WAITS_MS = [5 * 60_000, 15 * 60_000, HOUR_MS] as const

/** How long a run is somebody's without a sign of life; a Worker's cron is ended after 15 minutes as well. */
export const LEASE_MS = 15 * 60_000

/** The last instant at which sources were due: once a day, at that hour (UTC). A missed one stays the last until the next. */
export function lastDue(nowMs: EpochMs, hourUtc: number): EpochMs {
  const offset = hourUtc * HOUR_MS
  return (Math.floor((nowMs - offset) / DAY_MS) * DAY_MS + offset) as EpochMs
}

/** From when on a pull that failed for the nth time is tried again; null: it is not. */
export function nextAttempt(nowMs: EpochMs, attempts: number): EpochMs | null {
  const wait = attempts < MOST_ATTEMPTS ? WAITS_MS[attempts - 1] : undefined
  return wait === undefined ? null : ((nowMs + wait) as EpochMs)
}
