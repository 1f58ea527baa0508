import { DAY_MS, type EpochMs } from '../../db/units/time.ts'
import type { Message } from './message.ts'

const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 3_600_000
/** So often it is tried in any case, however late the clock is. */
const LEAST_ATTEMPTS = 4

/** How long a message is tried: what is critical, and digests, which come once, for a day; the rest for four hours. */
export function patienceMs({ kind, severity }: Pick<Message, 'kind' | 'severity'>): number {
  return severity === 'critical' || kind === 'digest' ? DAY_MS : 4 * 3_600_000
}

/**
 * When to try again after `attempts` that failed; null: not any more. Waits double from half a minute up to an hour, each
 * less up to a half by chance (`random`: 0 to 1), so that many do not come back at once. A receiver's own wish is heard, up
 * to a day.
 */
export function nextAttempt(
  message: Pick<Message, 'kind' | 'severity'>,
  {
    attempts,
    createdAtMs,
    nowMs,
    notBeforeMs,
  }: {
    attempts: number
    createdAtMs: EpochMs
    nowMs: EpochMs
    notBeforeMs: EpochMs | null
  },
  random: () => number,
): EpochMs | null {
  if (attempts >= LEAST_ATTEMPTS && nowMs - createdAtMs >= patienceMs(message)) return null
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20))
  const own = nowMs + Math.ceil(wait * (1 - random() / 2))
  return Math.max(own, Math.min(notBeforeMs ?? 0, nowMs + DAY_MS)) as EpochMs
}
