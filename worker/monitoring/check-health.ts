import { sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { rootCause } from '../errors.ts'
import type { Log } from '../log.ts'

/** Whether the database answers, and how long it took. Its words go to the log, never to the caller. */
export async function databaseHealth({
  db,
  log,
}: {
  db: Db
  log: Log
}): Promise<{ isUp: boolean; durationMs: number }> {
  const startedAt = Date.now()
  try {
    await db.all(sql`select 1 from teams limit 1`)
    return { isUp: true, durationMs: Date.now() - startedAt }
  } catch (error) {
    log.error('health.database_down', { error: String(rootCause(error)) })
    return { isUp: false, durationMs: Date.now() - startedAt }
  }
}
