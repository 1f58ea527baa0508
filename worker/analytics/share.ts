import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { Scope } from '../scope.ts'

/** Job-days that one transaction shares at most; a hosted database ends a write transaction after 5 seconds. */
const JOB_DAYS_PER_TRANSACTION = 50_000

/**
 * Above this many GPU-seconds a pool-day's weights are counted in coarser units (of 2, 3 … GPU-seconds), so that
 * remainder × weight stays inside 64 bits: 3.0e9² < 2^63. It is 34,700 GPUs held the whole day.
 */
const EXACT_WEIGHT = 3_000_000_000n

/**
 * The statements that split the pool-days marked `stale = 2` over the jobs that held them, on both bases
 * (domain: "Allocation"). A job's part is round(C·cum_j/T) − round(C·cum_{j−1}/T), half to even, jobs in the order
 * of their row: the parts telescope to C whatever the rounding. SQL has no 128-bit product, so C·cum/T is taken as
 * (C÷T)·cum + (C mod T)·cum÷T.
 *
 * allocation: T = Σh; without a job all of C is unallocated.
 * usage: T = max(H, Σh), the rest is idle; where H is unknown, all of C is unmeasured and the jobs' usage is null.
 * Σh above H is not clamped: those days are what `overAllocatedPoolDays` counts.
 *
 * Door: whoever changes a cost marks its pool-days `stale = 2` and runs these in the same transaction, so that
 * Σ entries = Σ parts holds at every instant a reader can see.
 */
export function shareStatements(nowMs: number): SQL[] {
  return [
    // What was billed and what that bought, from the entries; what was held, from the job-days.
    sql`update pool_days set
      (cost_nano_usd, capacity_gpu_seconds) = (
        select sum(c.effective_nano_usd), sum(c.capacity_gpu_seconds) from cost_entries c
        where c.entry_date = pool_days.day and c.pool_id = pool_days.pool_id),
      held_gpu_seconds = (
        select coalesce(sum(s.gpu_seconds), 0) from job_day_shares s
        where s.day = pool_days.day and s.pool_id = pool_days.pool_id)
      where stale = 2`,
    sql`insert into job_day_shares (day, pool_id, job_id, gpu_seconds, allocation_nano_usd, usage_nano_usd)
      select day, pool_id, job_id, gpu_seconds,
        ${upTo('cum', 'held')} - ${upTo('(cum - gpu_seconds)', 'held')},
        case when capacity is not null then ${upTo('cum', 'whole')} - ${upTo('(cum - gpu_seconds)', 'whole')} end
      from (
        select s.day, s.pool_id, s.job_id, s.gpu_seconds, p.cost_nano_usd as cost, p.capacity_gpu_seconds as capacity,
          p.held_gpu_seconds as held, max(coalesce(p.capacity_gpu_seconds, 0), p.held_gpu_seconds) as whole,
          sum(s.gpu_seconds) over (
            partition by s.day, s.pool_id order by s.job_id rows unbounded preceding) as cum
        from pool_days p join job_day_shares s on s.day = p.day and s.pool_id = p.pool_id
        where p.stale = 2)
      where true
      on conflict do update set
        allocation_nano_usd = excluded.allocation_nano_usd, usage_nano_usd = excluded.usage_nano_usd`,
    // A pool-day that nothing is left of: no entry, no job.
    sql`delete from pool_days where stale = 2 and cost_nano_usd is null and held_gpu_seconds = 0`,
    sql`update pool_days set
      unallocated_nano_usd = case when held_gpu_seconds = 0 then coalesce(cost_nano_usd, 0) else 0 end,
      idle_nano_usd = case when capacity_gpu_seconds is null then 0 else coalesce(cost_nano_usd, 0) - (
        select coalesce(sum(s.usage_nano_usd), 0) from job_day_shares s
        where s.day = pool_days.day and s.pool_id = pool_days.pool_id) end,
      unmeasured_nano_usd = case when capacity_gpu_seconds is null then coalesce(cost_nano_usd, 0) else 0 end,
      stale = 0, shared_at_ms = ${BigInt(nowMs)}
      where stale = 2`,
  ]
}

/** round(cost · weight ÷ total), half to even, in 64-bit arithmetic. Null where the cost is unknown. */
function upTo(weight: string, total: string): SQL {
  const unit = `(${total} / ${EXACT_WEIGHT} + 1)`
  const [w, t] = [`(${weight} / ${unit})`, `(${total} / ${unit})`]
  const scaled = `(abs(cost) % ${t} * ${w})`
  const floor = `(abs(cost) / ${t} * ${w} + ${scaled} / ${t})`
  const rest = `(${scaled} % ${t} * 2)`
  const up = `(${rest} > ${t} or (${rest} = ${t} and ${floor} % 2 = 1))`
  return sql.raw(`(case when cost < 0 then -1 else 1 end * (${floor} + ${up}))`)
}

/**
 * Shares every pool-day that waits for it, oldest first, in bounded transactions; safe to run beside itself and
 * to be cut off anywhere, because a day waits until its own transaction commits. Answers how many it shared.
 */
export async function shareStale({ db, now }: Pick<Scope, 'db' | 'now'>): Promise<number> {
  let shared = 0
  for (;;) {
    const waiting = await db.all<{ day: string; poolId: bigint; jobDays: bigint }>(sql`
      select p.day, p.pool_id as poolId,
        (select count(*) from job_day_shares s where s.day = p.day and s.pool_id = p.pool_id) as jobDays
      from pool_days p where p.stale = 1 order by p.day, p.pool_id limit 2000`)
    if (waiting.length === 0) return shared
    let jobDays = 0
    const batch = waiting.filter((row, index) => {
      jobDays += Number(row.jobDays)
      return index === 0 || jobDays <= JOB_DAYS_PER_TRANSACTION
    })
    const keys = JSON.stringify(batch.map(({ day, poolId }) => [day, Number(poolId)]))
    const mark = sql`update pool_days set stale = 2
      where (day, pool_id) in (select value ->> 0, value ->> 1 from json_each(${keys})) and stale = 1`
    await writeBatch(db, [mark, ...shareStatements(now())])
    shared += batch.length
  }
}
