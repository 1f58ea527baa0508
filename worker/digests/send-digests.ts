import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { digestChannels, digests } from '../../db/schema/channels.ts'
import type { Day } from '../../db/units/time.ts'
import { enqueue } from '../deliveries/enqueue.ts'
import { rootCause } from '../errors.ts'
import { withLease } from '../lease.ts'
import type { Scope } from '../scope.ts'
import { digest } from './digest.ts'
import { digestMessage } from './digest-message.ts'
import { dueAtMs, dueFor } from './windows.ts'

const LEASE_MS = 120_000

/**
 * Writes down the digests that are due, each once for its period: for the last one alone, however many hours or days were
 * missed. What fails is logged and tried at the next round; the others are sent. Answers how many were written down.
 */
export async function sendDigests(scope: Scope): Promise<number> {
  return (await withLease(scope, 'digests', LEASE_MS, () => sendDue(scope))) ?? 0
}

async function sendDue(scope: Scope): Promise<number> {
  const rows = await scope.db.select().from(digests).where(eq(digests.isEnabled, true))
  let sent = 0
  for (const row of rows) {
    const last = dueFor(row.period, row.hourUtc, scope.now())
    const isDone = row.lastSentFor !== null && row.lastSentFor >= last
    if (isDone || row.createdAtMs > dueAtMs(last, row.hourUtc)) continue
    try {
      if (await writeDown(scope, row, last)) sent += 1
    } catch (error) {
      scope.log.error('digest.failed', { id: row.id, error: String(rootCause(error)) })
    }
  }
  return sent
}

/** Whether it was us: the mark and the messages are one transaction, and the mark is only made once. */
async function writeDown(scope: Scope, row: typeof digests.$inferSelect, last: Day): Promise<boolean> {
  const { id, period, teamId } = row
  const told = await digest(scope, { period, day: last, ...(teamId ? { teamId } : {}) })
  const key = `${id} ${period} ${last}`
  const message = digestMessage(told, { incident: key, atMs: scope.now() })
  return writeTransaction(scope.db, async (tx) => {
    const marked = await tx
      .update(digests)
      .set({ lastSentFor: last })
      .where(and(eq(digests.id, id), or(isNull(digests.lastSentFor), lt(digests.lastSentFor, last))))
      .returning({ id: digests.id })
    if (marked.length === 0) return false
    const goesTo = await tx.select().from(digestChannels).where(eq(digestChannels.digestId, id))
    await enqueue(tx, { channelIds: goesTo.map(({ channelId }) => channelId), messageKey: key, message })
    return true
  })
}
