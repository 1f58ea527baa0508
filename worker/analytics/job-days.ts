import { type SQL, sql } from 'drizzle-orm'
import { statusCode } from './measures.ts'

/**
 * The statements that write the days on which jobs held GPUs, and mark the pool-days as waiting. `held` is a SELECT of
 * job_id, pool_id, owner_id, gpu_milli, start_s, end_s (epoch seconds, end_s after start_s) and the first day to write, as
 * a number since 1970. Whole seconds by differences of floors, as `secondsOn` counts them: the days of a job sum to its
 * length. `ownersOf` has to run before.
 */
export function writeJobDays(held: SQL): SQL[] {
  const days = sql`with recursive ${heldPerDay(held)}`
  return [
    sql`${days} insert into pool_days (day, pool_id, is_stale)
      select date(day_number * 86400, 'unixepoch'), pool_id, 1 from (select distinct day_number, pool_id from held)
      where true on conflict do update set is_stale = 1`,
    sql`${days} insert into job_day_shares (day, pool_id, owner_id, job_id, gpu_ms, is_first)
      select date(day_number * 86400, 'unixepoch'), pool_id, owner_id, job_id, ${GPU_MS}, day_number = start_s / 86400
      from held where ${GPU_MS} > 0
      on conflict do update set gpu_ms = excluded.gpu_ms where gpu_ms <> excluded.gpu_ms`,
  ]
}

/** `held` cut into days, for a WITH RECURSIVE: one row per job and `day_number`. */
function heldPerDay(held: SQL): SQL {
  return sql`held (job_id, pool_id, owner_id, gpu_milli, start_s, end_s, day_number) as (
      ${held}
      union all
      select job_id, pool_id, owner_id, gpu_milli, start_s, end_s, day_number + 1 from held
      where (day_number + 1) * 86400 < end_s)`
}

/** GPU time of a row of `heldPerDay`. */
const GPU_MS = sql.raw('gpu_milli * (min(end_s, (day_number + 1) * 86400) - max(start_s, day_number * 86400))')

/** What jobs `j` (of a FROM) held, as `writeJobDays` takes it; a running one up to `nowMs`. Owner 0: it has none yet. */
function heldBy(jobs: SQL, nowMs: number): SQL {
  return sql`select id, pool_id, owner_id, gpu_milli, started_at_ms / 1000, ended / 1000, started_at_ms / 86400000
      from (select j.*, coalesce(o.id, 0) as owner_id,
          coalesce(j.ended_at_ms, iif(j.status = 'running', ${BigInt(nowMs)}, null)) as ended
        from ${jobs} left join models m on m.name = j.model_name
          left join owners o on o.team_id = j.team_id and o.model_id = m.id and o.status = ${STATUS})
      where ended / 1000 > started_at_ms / 1000 and gpu_milli > 0`
}

/** Three rounds of the clock. */
const MOMENT_MS = 15 * 60_000

/**
 * A SELECT of the jobs (of a SELECT of their ids) whose days in the ledger are not those that they held, with how many
 * days are missing and how many are there that should not be (a day that is wrong counts as both). Of a running job only
 * the days before its last one are looked at: that one grows with the clock.
 */
export function wronglyCut(jobIds: SQL, nowMs: number, running: 'up to now' | 'days that are over'): SQL {
  // One that began a moment ago has no day before the clock has ticked.
  const justBegun = sql`iif(r.started_at_ms > ${BigInt(nowMs - MOMENT_MS)}, '', '9999')`
  const isOver = sql`not exists (select 1 from jobs r where r.id = wrong.job_id and r.status = 'running'
    and wrong.day >= coalesce((select max(l.day) from job_day_shares l where l.job_id = r.id), ${justBegun}))`
  const compared = running === 'up to now' ? sql`1` : isOver
  return sql`with recursive these (id) as materialized (${jobIds}),
    ${heldPerDay(heldBy(sql`these join jobs j on j.id = these.id`, nowMs))},
    expected as materialized (select job_id, date(day_number * 86400, 'unixepoch') as day, pool_id, owner_id,
      ${GPU_MS} as gpu_ms, day_number = start_s / 86400 as is_first from held where ${GPU_MS} > 0),
    stored as materialized (select s.job_id, s.day, s.pool_id, s.owner_id, s.gpu_ms, s.is_first
      from these cross join job_day_shares s on s.job_id = these.id),
    wrong as (
      select job_id, day, 1 as missing, 0 as spare from (select * from expected except select * from stored)
      union all select job_id, day, 0, 1 from (select * from stored except select * from expected))
    select job_id, sum(missing) as missing, sum(spare) as spare from wrong where ${compared} group by job_id`
}

const STATUS = sql.raw(statusCode('j.status'))

/** The owner of job `j`, as joins of `m` and `o`. */
export const OWNER_OF_JOB = sql.raw(`join models m on m.name = j.model_name
  join owners o on o.team_id = j.team_id and o.model_id = m.id and o.status = ${statusCode('j.status')}`)

/** The statements that make the owners of jobs (a SELECT of their ids) that are not there yet. */
export function ownersOf(jobIds: SQL): SQL[] {
  return [
    sql`insert into models (name) select distinct j.model_name from jobs j where j.id in (${jobIds}) on conflict do nothing`,
    sql`insert into owners (team_id, model_id, status) select distinct j.team_id, m.id, ${sql.raw(statusCode('j.status'))}
      from jobs j join models m on m.name = j.model_name where j.id in (${jobIds}) on conflict do nothing`,
  ]
}

/**
 * The statements that cut jobs (a SELECT of their ids) into job-days anew and mark the pool-days that they left and
 * that they now hold as waiting. Door: whoever changes a job runs them in the same transaction, then `shareStale`.
 */
export function cutIntoDays(jobIds: SQL, nowMs: number): SQL[] {
  return [
    ...leaveDays(jobIds),
    ...ownersOf(CHANGED),
    ...writeJobDays(heldBy(sql`changed_jobs c cross join jobs j on j.id = c.job_id`, nowMs)),
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

/**
 * Notes the jobs in `changed_jobs` and takes their days away. Until a pool-day is shared again its cells have what they
 * had: the parts still sum to the cost.
 */
function leaveDays(jobIds: SQL): SQL[] {
  return [
    sql`insert into changed_jobs (job_id) ${jobIds}`,
    sql`update pool_days set is_stale = 1 where (day, pool_id) in (
      select day, pool_id from job_day_shares where job_id in (${CHANGED}))`,
    sql`delete from job_day_shares where job_id in (${CHANGED})`,
  ]
}
