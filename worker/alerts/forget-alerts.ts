import { sql } from 'drizzle-orm'
import { DAY_MS } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

const KEPT_DAYS = 400
const BATCH = 200n

/**
 * Forgets alerts that ended more than 400 days ago with their history, and silences that ended then: a small batch at a
 * time, along indexes, so that what is left is for the next rounds. Answers how many alerts.
 */
export async function forgetAlerts({ db, now }: Pick<Scope, 'db' | 'now'>): Promise<number> {
  const beforeMs = BigInt(now() - KEPT_DAYS * DAY_MS)
  const { rowsAffected } = await db.run(sql`
    delete from alerts where id in (
      select id from alerts where status = 'resolved' and started_at_ms < ${beforeMs} and resolved_at_ms < ${beforeMs}
      order by started_at_ms limit ${BATCH})`)
  await db.run(sql`
    delete from alert_silences where id in (
      select id from alert_silences where ends_at_ms < ${beforeMs} order by ends_at_ms limit ${BATCH})`)
  return rowsAffected
}
