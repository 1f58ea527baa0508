import { and, eq, isNull, lte, or } from 'drizzle-orm'
import { sessions } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { rootCause } from '../errors.ts'
import type { Log } from '../log.ts'
import type { SessionStore } from './lucia.ts'

/** `sessions.usedAtMs` is right to within this. */
const EVERY_MS = 10 * 60_000

/** Notes that a session is in use, once in ten minutes; a database that cannot write now stops nobody from reading. */
export async function noteUse(
  { db, now, log }: SessionStore & { log: Log },
  idHash: string,
  usedAtMs: EpochMs | null,
): Promise<void> {
  const nowMs = now()
  const before = (nowMs - EVERY_MS) as EpochMs
  if (usedAtMs !== null && usedAtMs > before) return
  const isOld = or(isNull(sessions.usedAtMs), lte(sessions.usedAtMs, before))
  await db
    .update(sessions)
    .set({ usedAtMs: nowMs })
    .where(and(eq(sessions.idHash, idHash), isOld))
    .catch((error: unknown) => log.warn('auth.use_not_noted', { error: String(rootCause(error)) }))
}
