import { sql } from 'drizzle-orm'
import { DAY_MS } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

const KEPT_SENT_DAYS = 90
const KEPT_DEAD_DAYS = 400
/** At a time, so that the writer's turn is short. */
const BATCH = 500

/** Forgets messages that arrived 90 days ago, and those that were given up 400 days ago; so many a round. */
export async function forgetDeliveries({ db, now }: Pick<Scope, 'db' | 'now'>): Promise<void> {
  for (const [status, days] of [
    ['sent', KEPT_SENT_DAYS],
    ['dead', KEPT_DEAD_DAYS],
  ] as const)
    await db.run(sql`delete from deliveries where id in (
      select id from deliveries indexed by deliveries_due_idx
      where status = ${status} and next_attempt_at_ms <= ${BigInt(now() - days * DAY_MS)}
      order by next_attempt_at_ms limit ${BigInt(BATCH)})`)
}
