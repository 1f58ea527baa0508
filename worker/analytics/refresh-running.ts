import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { Scope } from '../scope.ts'

/**
 * Counts running jobs up to now: adds the job-days between the last one each has and today, and makes today's longer.
 * Their pool-days then wait for `shareStale`. Answers how many jobs run. Days that are over are not touched again.
 */
export async function refreshRunning({ db, now }: Pick<Scope, 'db' | 'now'>): Promise<number> {
  const nowMs = now()
  const [running] = await db.all<{ count: bigint }>(sql`select count(*) as count from jobs where status = 'running'`)
  if (!running || running.count === 0n) return 0
  // From the last day each has: the day may have been cut short by the clock of that time.
  const held = sql`with recursive held (job_id, pool_id, gpu_count, start_s, end_s, day_number) as (
      select j.id, j.pool_id, j.gpu_count, j.started_at_ms / 1000, ${BigInt(Math.floor(nowMs / 1000))}, max(
        j.started_at_ms / 86400000,
        coalesce((select unixepoch(max(s.day)) / 86400 from job_day_shares s where s.job_id = j.id), 0))
      from jobs j where j.status = 'running' and j.gpu_count > 0 and j.started_at_ms / 1000 < ${BigInt(Math.floor(nowMs / 1000))}
      union all
      select job_id, pool_id, gpu_count, start_s, end_s, day_number + 1 from held where (day_number + 1) * 86400 < end_s)`
  const seconds = sql.raw('gpu_count * (min(end_s, (day_number + 1) * 86400) - max(start_s, day_number * 86400))')
  await writeBatch(db, [
    sql`${held} insert into pool_days (day, pool_id, is_stale)
      select date(day_number * 86400, 'unixepoch'), pool_id, 1 from (select distinct day_number, pool_id from held)
      where true on conflict do update set is_stale = 1`,
    sql`${held} insert into job_day_shares (day, pool_id, job_id, gpu_seconds)
      select date(day_number * 86400, 'unixepoch'), pool_id, job_id, ${seconds} from held where ${seconds} > 0
      on conflict do update set gpu_seconds = excluded.gpu_seconds where gpu_seconds <> excluded.gpu_seconds`,
  ])
  return Number(running.count)
}
