import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { rootCause } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** Job-days that one transaction shares at most; a hosted database ends a write transaction after 5 seconds. */
const JOB_DAYS_PER_TRANSACTION = 50_000

/**
 * Above this many GPU-seconds a pool-day's weights are counted in coarser units (of 2, 3 … GPU-seconds), so that
 * remainder × weight stays inside 64 bits: 3.0e9² < 2^63. It is 34,700 GPUs held the whole day.
 */
const EXACT_WEIGHT = 3_000_000_000n

/**
 * The statements that share pool-days (a SELECT of day, pool_id) over the jobs that held them, on both bases. A job's
 * part is round(C·cum_j/T) − round(C·cum_{j−1}/T), half away from zero, jobs in the order of
 * their row: the parts telescope
 * to C whatever the rounding. SQL has no 128-bit product, so C·cum/T is taken as (C÷T)·cum + (C mod T)·cum÷T.
 *
 * allocation: T = Σh; without a job all of C is unallocated.
 * usage: T = max(H, Σh), the rest is idle; where H is unknown, all of C is unmeasured and the jobs' usage is null.
 * Σh above H is not clamped: those days are what `overAllocatedPoolDays` counts.
 *
 * Door: whoever changes a cost runs these in the same transaction, so that Σ entries = Σ parts holds at every instant
 * that a reader can see.
 */
export function shareStatements(poolDays: SQL, nowMs: number): SQL[] {
  return [
    sql`insert into sharing_pool_days (day, pool_id) ${poolDays} on conflict do nothing`,
    // What was billed and what that bought, from the entries; what was held, from the job-days.
    sql`insert into pool_days (day, pool_id, cost_nano_usd, capacity_gpu_seconds, held_gpu_seconds, unallocated_nano_usd,
        idle_nano_usd, unmeasured_nano_usd, is_stale, shared_at_ms)
      select day, pool_id, cost, capacity, held, iif(held = 0, coalesce(cost, 0), 0),
        iif(capacity is null, 0, coalesce(cost, 0)),
        iif(capacity is null, coalesce(cost, 0), 0), 0, ${BigInt(nowMs)}
      from (
        select n.day, n.pool_id, sum(c.cost) as cost, sum(c.capacity) as capacity,
          (select coalesce(sum(s.gpu_seconds), 0) from job_day_shares s where s.day = n.day and s.pool_id = n.pool_id) as held
        from sharing_pool_days n left join (${BILLED}) c on c.day = n.day and c.pool_id = n.pool_id
        group by n.day, n.pool_id)
      where true
      on conflict do update set cost_nano_usd = excluded.cost_nano_usd,
        capacity_gpu_seconds = excluded.capacity_gpu_seconds, held_gpu_seconds = excluded.held_gpu_seconds,
        unallocated_nano_usd = excluded.unallocated_nano_usd, idle_nano_usd = excluded.idle_nano_usd,
        unmeasured_nano_usd = excluded.unmeasured_nano_usd, is_stale = 0, shared_at_ms = excluded.shared_at_ms`,
    sql`with costed as materialized (
        select n.day, n.pool_id, p.cost_nano_usd as cost, p.capacity_gpu_seconds as capacity, p.held_gpu_seconds as held,
          max(coalesce(p.capacity_gpu_seconds, 0), p.held_gpu_seconds) as whole
        from sharing_pool_days n join pool_days p on p.day = n.day and p.pool_id = n.pool_id
        where p.cost_nano_usd is not null and p.held_gpu_seconds > 0),
      pool as materialized (
        select day, pool_id, capacity, iif(cost < 0, -1, 1) as sign, ${divided('held')}, ${divided('whole')} from costed),
      job as (
        select pool.*, s.job_id, s.gpu_seconds,
          sum(s.gpu_seconds) over (partition by pool.day, pool.pool_id order by s.job_id rows unbounded preceding) as cum
        from pool cross join job_day_shares s on s.day = pool.day and s.pool_id = pool.pool_id)
      insert into job_day_shares (day, pool_id, job_id, gpu_seconds, allocation_nano_usd, usage_nano_usd)
      select day, pool_id, job_id, gpu_seconds, sign * (${upTo('cum', 'held')} - ${upTo('(cum - gpu_seconds)', 'held')}),
        iif(capacity is null, null, sign * (${upTo('cum', 'whole')} - ${upTo('(cum - gpu_seconds)', 'whole')}))
      from job where true
      on conflict do update set
        allocation_nano_usd = excluded.allocation_nano_usd, usage_nano_usd = excluded.usage_nano_usd`,
    // Nothing is billed there any more: what its jobs were charged is unknown again.
    sql`update job_day_shares set allocation_nano_usd = null, usage_nano_usd = null
      where (day, pool_id) in (select n.day, n.pool_id from sharing_pool_days n
        join pool_days p on p.day = n.day and p.pool_id = n.pool_id where p.cost_nano_usd is null)
      and allocation_nano_usd is not null`,
    sql`update pool_days set idle_nano_usd = idle_nano_usd - (
        select coalesce(sum(s.usage_nano_usd), 0) from job_day_shares s
        where s.day = pool_days.day and s.pool_id = pool_days.pool_id)
      where capacity_gpu_seconds is not null and held_gpu_seconds > 0
        and (day, pool_id) in (select day, pool_id from sharing_pool_days)`,
    // A pool-day that nothing is left of: no entry, no job.
    sql`delete from pool_days where cost_nano_usd is null and held_gpu_seconds = 0
      and (day, pool_id) in (select day, pool_id from sharing_pool_days)`,
    sql`delete from sharing_pool_days`,
  ]
}

/** What was paid for the pool-days that are being shared: by current bills, summed already, and by entries without a bill. */
const BILLED = sql.raw(`
  select n.day, n.pool_id, d.effective_nano_usd as cost, d.capacity_gpu_seconds as capacity
  from sharing_pool_days n cross join bill_days d on d.day = n.day and d.pool_id = n.pool_id
    join bills b on b.id = d.bill_id and b.status = 'current'
  union all
  select n.day, n.pool_id, c.effective_nano_usd, c.capacity_gpu_seconds
  from sharing_pool_days n cross join cost_entries c on c.entry_date = n.day and c.pool_id = n.pool_id and c.bill_id = 0`)

/**
 * The statements that give the pool-days in `sharing_pool_days` their new cost without sharing it: the difference is
 * nobody's, and they wait for `shareStale`. Door, for who changes more at once than one transaction can share: every sum
 * still equals the cost.
 */
export function restateStatements(): SQL[] {
  return [
    sql`insert into pool_days (day, pool_id, cost_nano_usd, unallocated_nano_usd, unmeasured_nano_usd, is_stale)
      select n.day, n.pool_id, coalesce(sum(c.cost), 0), coalesce(sum(c.cost), 0), coalesce(sum(c.cost), 0), 1
      from sharing_pool_days n left join (${BILLED}) c on c.day = n.day and c.pool_id = n.pool_id
      where true group by n.day, n.pool_id
      on conflict do update set
        unallocated_nano_usd = unallocated_nano_usd + excluded.cost_nano_usd - coalesce(cost_nano_usd, 0),
        idle_nano_usd = iif(capacity_gpu_seconds is null, idle_nano_usd,
          idle_nano_usd + excluded.cost_nano_usd - coalesce(cost_nano_usd, 0)),
        unmeasured_nano_usd = iif(capacity_gpu_seconds is null,
          unmeasured_nano_usd + excluded.cost_nano_usd - coalesce(cost_nano_usd, 0), unmeasured_nano_usd),
        cost_nano_usd = excluded.cost_nano_usd, is_stale = 1`,
    sql`delete from sharing_pool_days`,
  ]
}

/** |cost| = quotient × total + remainder, both in units of weight, once per pool-day and basis (`total`). */
function divided(total: 'held' | 'whole'): SQL {
  const unit = `(${total} / ${EXACT_WEIGHT} + 1)`
  const units = `(${total} / ${unit})`
  return sql.raw(`${unit} as ${total}_unit, ${units} as ${total}_units, abs(cost) / ${units} as ${total}_quotient,
    abs(cost) % ${units} as ${total}_remainder`)
}

/** round(|cost| · weight ÷ total), half away from zero, in 64-bit arithmetic; of the columns that `divided` made. */
function upTo(weight: string, total: 'held' | 'whole'): SQL {
  const units = `(${weight} / ${total}_unit)`
  return sql.raw(
    `(${total}_quotient * ${units} + (${total}_remainder * ${units} + ${total}_units / 2) / ${total}_units)`,
  )
}

/**
 * Shares every pool-day that waits for it, oldest first, in bounded transactions; safe to run beside itself and
 * to be cut off anywhere, because a day waits until its own transaction commits. Answers how many it shared. `only`: a
 * condition on pool_days `p`, for who should not wait for what others have changed.
 */
export async function shareStale({ db, now }: Pick<Scope, 'db' | 'now'>, only: SQL = sql`1`): Promise<number> {
  let shared = 0
  for (;;) {
    const waiting = await db.all<{ day: string; poolId: bigint; jobDays: bigint }>(sql`
      select p.day, p.pool_id as poolId,
        (select count(*) from job_day_shares s where s.day = p.day and s.pool_id = p.pool_id) as jobDays
      from pool_days p where p.is_stale = 1 and ${only} order by p.day, p.pool_id limit 2000`)
    if (waiting.length === 0) return shared
    let jobDays = 0
    const batch = waiting.filter((row, index) => {
      jobDays += Number(row.jobDays)
      return index === 0 || jobDays <= JOB_DAYS_PER_TRANSACTION
    })
    const keys = JSON.stringify(batch.map(({ day, poolId }) => [day, Number(poolId)]))
    const poolDays = sql`select value ->> 0, value ->> 1 from json_each(${keys}) where true`
    await writeBatch(db, shareStatements(poolDays, now()))
    shared += batch.length
  }
}

/**
 * `shareStale` for who has stored a change already: it must not fail because the database is busy now. The clock shares
 * what is left.
 */
export async function shareSoon(scope: Pick<Scope, 'db' | 'now' | 'log'>, only?: SQL): Promise<void> {
  try {
    await shareStale(scope, only)
  } catch (error) {
    scope.log.warn('share.later', { error: String(rootCause(error)) })
  }
}
