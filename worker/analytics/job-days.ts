import { type SQL, sql } from 'drizzle-orm'

/**
 * The statements that write the days on which jobs held GPUs, and mark the pool-days as waiting. `held` is a SELECT of
 * job_id, pool_id, gpu_count, start_s, end_s (epoch seconds, end_s after start_s) and the first day to write, as a number
 * since 1970. Whole seconds by differences of floors, as `secondsOn` counts them: the days of a job sum to its length.
 */
export function writeJobDays(held: SQL): SQL[] {
  const days = sql`with recursive held (job_id, pool_id, gpu_count, start_s, end_s, day_number) as (
      ${held}
      union all
      select job_id, pool_id, gpu_count, start_s, end_s, day_number + 1 from held where (day_number + 1) * 86400 < end_s)`
  const seconds = sql.raw('gpu_count * (min(end_s, (day_number + 1) * 86400) - max(start_s, day_number * 86400))')
  return [
    sql`${days} insert into pool_days (day, pool_id, is_stale)
      select date(day_number * 86400, 'unixepoch'), pool_id, 1 from (select distinct day_number, pool_id from held)
      where true on conflict do update set is_stale = 1`,
    sql`${days} insert into job_day_shares (day, pool_id, job_id, gpu_seconds)
      select date(day_number * 86400, 'unixepoch'), pool_id, job_id, ${seconds} from held where ${seconds} > 0
      on conflict do update set gpu_seconds = excluded.gpu_seconds where gpu_seconds <> excluded.gpu_seconds`,
  ]
}

/**
 * The statements that cut jobs (a SELECT of their ids) into job-days anew and mark the pool-days that they left and
 * that they now hold as waiting. Door: whoever changes a job runs them in the same transaction, then `shareStale`.
 */
export function cutIntoDays(jobIds: SQL, nowMs: number): SQL[] {
  return [
    ...leaveDays(jobIds),
    ...writeJobDays(sql`
      select id, pool_id, gpu_count, started_at_ms / 1000, ended / 1000, started_at_ms / 86400000
      from (select j.*, coalesce(j.ended_at_ms, iif(j.status = 'running', ${BigInt(nowMs)}, null)) as ended
        from changed_jobs c join jobs j on j.id = c.job_id)
      where ended / 1000 > started_at_ms / 1000 and gpu_count > 0`),
    sql`delete from changed_jobs`,
  ]
}

/**
 * The statements that take jobs (a SELECT of their ids) out of the ledger, with their days. Door, like `cutIntoDays`:
 * what they were charged is nobody's from this transaction on, and their pool-days wait for `shareStale`.
 */
export function removeJobs(jobIds: SQL): SQL[] {
  return [...leaveDays(jobIds), sql`delete from jobs where id in (${CHANGED})`, sql`delete from changed_jobs`]
}

const CHANGED = sql`select job_id from changed_jobs`

/** Notes the jobs in `changed_jobs` and takes their days away. */
function leaveDays(jobIds: SQL): SQL[] {
  return [
    sql`insert into changed_jobs (job_id) ${jobIds}`,
    // Until the day is shared again, what the job leaves behind is nobody's: the parts still sum to the cost.
    sql`update pool_days set is_stale = 1,
      unallocated_nano_usd = unallocated_nano_usd + gone.allocation, idle_nano_usd = idle_nano_usd + gone.usage
      from (select day, pool_id, coalesce(sum(allocation_nano_usd), 0) as allocation, coalesce(sum(usage_nano_usd), 0) as usage
        from job_day_shares where job_id in (${CHANGED}) group by day, pool_id) as gone
      where pool_days.day = gone.day and pool_days.pool_id = gone.pool_id`,
    sql`delete from job_day_shares where job_id in (${CHANGED})`,
  ]
}
