import { luciaFor, type SessionStore } from './lucia.ts'

/**
 * Removes sessions that have expired; they signed in nobody any more. Idempotent. A door: the cron calls it. Replaced
 * sessions stay until they expire, since until then their reuse is a sign of theft.
 */
export async function clearExpiredSessions(store: SessionStore): Promise<void> {
  await luciaFor(store, false).deleteExpiredSessions()
}
