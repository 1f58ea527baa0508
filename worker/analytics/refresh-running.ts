import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { Scope } from '../scope.ts'
import { OWNER_OF_JOB, writeJobDays } from './job-days.ts'

/**
 * Counts running jobs up to now: adds the job-days between the last one each has and today, and makes today's longer.
 * Their pool-days then wait for `shareStale`. Answers how many jobs run. Days that are over are not touched again.
 */
export async function refreshRunning({ db, now }: Pick<Scope, 'db' | 'now'>): Promise<number> {
  const nowSeconds = BigInt(Math.floor(now() / 1000))
  const [running] = await db.all<{ count: bigint }>(sql`select count(*) as count from jobs where status = 'running'`)
  if (!running || running.count === 0n) return 0
  // From the last day each has: the day may have been cut short by the clock of that time.
  const held = sql`
    select j.id, j.pool_id, o.id, j.gpu_milli, j.started_at_ms / 1000, ${nowSeconds}, max(j.started_at_ms / 86400000,
      coalesce((select unixepoch(max(s.day)) / 86400 from job_day_shares s where s.job_id = j.id), 0))
    from jobs j ${OWNER_OF_JOB} where j.status = 'running' and j.gpu_milli > 0 and j.started_at_ms / 1000 < ${nowSeconds}`
  await writeBatch(db, writeJobDays(held))
  return Number(running.count)
}
