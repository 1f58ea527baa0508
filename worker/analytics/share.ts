import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { rootCause } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { FROM_JOBS } from '../usage/usage.ts'
import { assignCharges } from './assign-charges.ts'
import { LOST_STATUSES } from './measures.ts'
import { addToRollups, subtractFromRollups } from './rollups.ts'

/** Job-days that one transaction shares at most; a hosted database ends a write transaction after 5 seconds. */
const JOB_DAYS_PER_TRANSACTION = 50_000

/**
 * Above this many units of weight a pool-day is counted in coarser ones, twice, three times … as large, so that
 * remainder × weight stays inside 64 bits: 3.0e9² < 2^63. A unit is a GPU-second where jobs hold whole GPUs, which is
 * 34,700 of them held the whole day, and a GPU-millisecond (34 GPUs) where one holds a part. The parts sum to the cost all
 * the same.
 */
const EXACT_WEIGHT = 3_000_000_000n

/** Kinds of cost, and their columns: what is split by the same weights. Jobs one by one have the effective cost only. */
const KINDS = [
  { kind: '', of: 'cost_nano_usd' },
  { kind: '_billed', of: 'billed_nano_usd' },
  { kind: '_list', of: 'list_nano_usd' },
] as const

/**
 * The statements that share pool-days (a SELECT of day, pool_id) over the jobs that held them, on both bases. A job's
 * part is round(C·cum_j/T) − round(C·cum_{j−1}/T), half away from zero, jobs in the order of their owner and row: the
 * parts telescope to C whatever the rounding, and so do those of owners. SQL has no 128-bit product, so C·cum/T is taken
 * as (C÷T)·cum + (C mod T)·cum÷T. C is what is left of the cost after what rules gave to teams without a job.
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
    // Whose parts follow what teams held that day in any pool.
    sql`insert into sharing_pool_days (day, pool_id) select p.day, p.pool_id from pool_days p
      where p.is_split = 1 and p.day in (select day from sharing_pool_days) on conflict do nothing`,
    ...subtractFromRollups(),
    sql`delete from ledger_cells where (day, pool_id) in (select day, pool_id from sharing_pool_days)`,
    // What was billed and what that bought, from the entries; what was held, from the job-days.
    sql`insert into pool_days (day, pool_id, cost_nano_usd, billed_nano_usd, list_nano_usd, unlisted_nano_usd,
        capacity_gpu_seconds, held_gpu_ms, is_stale, shared_at_ms)
      select n.day, n.pool_id, sum(c.cost), coalesce(sum(c.billed), 0), coalesce(sum(c.list), 0),
        coalesce(sum(c.unlisted), 0), sum(c.capacity),
        (select coalesce(sum(s.gpu_ms), 0) from job_day_shares s where s.day = n.day and s.pool_id = n.pool_id),
        0, ${BigInt(nowMs)}
      from sharing_pool_days n left join (${BILLED}) c on c.day = n.day and c.pool_id = n.pool_id
      where true group by n.day, n.pool_id
      on conflict do update set cost_nano_usd = excluded.cost_nano_usd, billed_nano_usd = excluded.billed_nano_usd,
        list_nano_usd = excluded.list_nano_usd, unlisted_nano_usd = excluded.unlisted_nano_usd,
        capacity_gpu_seconds = excluded.capacity_gpu_seconds, held_gpu_ms = excluded.held_gpu_ms,
        is_stale = 0, is_split = 0, shared_at_ms = excluded.shared_at_ms`,
    ...assignCharges(),
    sql`with pool as materialized (select *, ${divided('cost', 'held')}, ${divided('cost', 'whole')} from (${TO_SHARE})
        where cost is not null),
      job as (
        select pool.*, s.owner_id, s.job_id, s.gpu_ms, s.is_first, sum(s.gpu_ms) over (
          partition by pool.day, pool.pool_id order by s.owner_id, s.job_id rows unbounded preceding) as cum
        from pool cross join job_day_shares s on s.day = pool.day and s.pool_id = pool.pool_id)
      insert into job_day_shares (day, pool_id, owner_id, job_id, gpu_ms, is_first, allocation_nano_usd, usage_nano_usd)
      select day, pool_id, owner_id, job_id, gpu_ms, is_first, ${span('cost', 'held')},
        iif(capacity is null, null, ${span('cost', 'whole')})
      from job where true
      on conflict do update set
        allocation_nano_usd = excluded.allocation_nano_usd, usage_nano_usd = excluded.usage_nano_usd`,
    // Nothing is billed there any more: what its jobs were charged is unknown again.
    sql`update job_day_shares set allocation_nano_usd = null, usage_nano_usd = null
      where (day, pool_id) in (select n.day, n.pool_id from sharing_pool_days n
        join pool_days p on p.day = n.day and p.pool_id = n.pool_id where p.cost_nano_usd is null)
      and allocation_nano_usd is not null`,
    ownersCells(),
    // What nobody was charged.
    sql`update pool_days set ${sql.raw(LEFT_OVER)} from (
        select n.day, n.pool_id, ${sql.raw(
          KINDS.map(
            ({ kind }) => `coalesce(sum(c.allocation${kind}_nano_usd), 0) as a${kind},
          coalesce(sum(c.usage${kind}_nano_usd), 0) as u${kind}`,
          ).join(', '),
        )}
        from sharing_pool_days n left join ledger_cells c on c.day = n.day and c.pool_id = n.pool_id
        group by n.day, n.pool_id) as charged
      where pool_days.day = charged.day and pool_days.pool_id = charged.pool_id`,
    ...addToRollups(),
    // A pool-day that nothing is left of: no entry, no job.
    sql`delete from pool_days where cost_nano_usd is null and held_gpu_ms = 0
      and (day, pool_id) in (select day, pool_id from sharing_pool_days)`,
    sql`delete from sharing_pool_days`,
  ]
}

/** The leftovers of a pool-day, from what its cells were charged (`charged`). */
const LEFT_OVER = KINDS.map(({ kind, of }) => {
  const cost = `coalesce(${of}, 0)`
  return `unallocated${kind}_nano_usd = ${cost} - charged.a${kind},
    idle${kind}_nano_usd = iif(capacity_gpu_seconds is null, 0, ${cost} - charged.u${kind}),
    unmeasured${kind}_nano_usd = iif(capacity_gpu_seconds is null, ${cost} - charged.u${kind}, 0)`
}).join(', ')

/** The pool-days that are being shared and that jobs held: what there is to share of each kind of cost, and the weights. */
const TO_SHARE = sql.raw(`
  select n.day, n.pool_id, p.capacity_gpu_seconds as capacity, p.held_gpu_ms as held,
    max(coalesce(p.capacity_gpu_seconds, 0) * 1000, p.held_gpu_ms) as whole, ${grainOf('n')} as grain, ${KINDS.map(
      ({ kind, of }) => `p.${of} - (select coalesce(sum(c.allocation${kind}_nano_usd), 0) from ledger_cells c
        where c.day = n.day and c.pool_id = n.pool_id) as cost${kind}`,
    ).join(', ')}, p.cost_nano_usd is null as is_uncosted
  from sharing_pool_days n join pool_days p on p.day = n.day and p.pool_id = n.pool_id where p.held_gpu_ms > 0`)

/**
 * The statement that writes the cells of owners with jobs: effective cost as the sum of the jobs' parts, billed and list
 * cost by the same weights (an owner's jobs are one span of them, so equal costs have equal parts), and what came of the
 * held time: what measured usage says of the pool-day, in proportion; lost where the job failed or was cancelled.
 */
function ownersCells(): SQL {
  const kinds = KINDS.slice(1).map(({ kind }) => kind)
  const upToMeasured = (part: string) => `(held_cost / held_units * (${part} / held_unit)
    + held_cost % held_units * (${part} / held_unit) / held_units)`
  const lost = `status in (${LOST_STATUSES.join(', ')})`
  return sql`with pool as materialized (select t.*, ${divided('cost', 'held')}, ${divided('cost', 'whole')},
        ${sql.raw(kinds.flatMap((kind) => ['held', 'whole'].map((total) => dividedText(`cost${kind}`, total as 'held'))).join(', '))},
        min(held, coalesce(u.gpu_seconds * 1000, 0)) as busy,
        case when u.id is null then 0 when u.measured_gpu_seconds is null then held
          else min(held, max(u.gpu_seconds, u.measured_gpu_seconds) * 1000) end as measured
      from (${TO_SHARE}) t left join usage_snapshots u
        on u.entry_date = t.day and u.pool_id = t.pool_id and u.source <> ${FROM_JOBS}),
    owner as (
      select s.day as on_day, s.pool_id as of_pool, s.owner_id, sum(s.gpu_ms) as gpu_ms, count(*) as jobs,
        sum(s.is_first) as firsts, coalesce(sum(s.allocation_nano_usd), 0) as allocation,
        coalesce(sum(s.usage_nano_usd), 0) as usage
      from sharing_pool_days n cross join job_day_shares s on s.day = n.day and s.pool_id = n.pool_id
      group by s.day, s.pool_id, s.owner_id),
    held as (select *, sum(gpu_ms) over (partition by on_day, of_pool order by owner_id rows unbounded preceding) as cum
      from owner),
    span as (select *, iif(capacity is null, allocation, usage) as held_cost
      from held join pool on pool.day = on_day and pool.pool_id = of_pool join owners o on o.id = owner_id)
    insert into ledger_cells (day, pool_id, owner_id, gpu_ms, unmeasured_gpu_ms, uncosted_gpu_ms, job_count, first_job_count,
      allocation_nano_usd, usage_nano_usd,
      ${sql.raw(kinds.map((kind) => `allocation${kind}_nano_usd, usage${kind}_nano_usd`).join(', '))},
      useful_nano_usd, idle_held_nano_usd, lost_nano_usd, not_measured_nano_usd)
    select day, pool_id, owner_id, gpu_ms, iif(capacity is null and not is_uncosted, gpu_ms, 0), iif(is_uncosted, gpu_ms, 0),
      jobs, firsts, allocation, usage,
      ${sql.raw(kinds.map((kind) => `${spanText(`cost${kind}`, 'held')}, iif(capacity is null, 0, ${spanText(`cost${kind}`, 'whole')})`).join(', '))},
      ${sql.raw(`iif(${lost}, 0, ${upToMeasured('busy')}), iif(${lost}, 0, ${upToMeasured('measured')} - ${upToMeasured('busy')}),
      iif(${lost}, held_cost, 0), iif(${lost}, 0, held_cost - ${upToMeasured('measured')})`)}
    from span`
}

/** What was paid for the pool-days that are being shared: by current bills, summed already, and by entries without a bill. */
const BILLED = sql.raw(`
  select n.day, n.pool_id, d.effective_nano_usd as cost, d.billed_nano_usd as billed, d.list_nano_usd as list,
    d.unlisted_nano_usd as unlisted, d.capacity_gpu_seconds as capacity
  from sharing_pool_days n cross join bill_days d on d.day = n.day and d.pool_id = n.pool_id
    join bills b on b.id = d.bill_id and b.status = 'current'
  union all
  select n.day, n.pool_id, c.effective_nano_usd, c.billed_nano_usd, coalesce(c.list_nano_usd, 0),
    iif(c.list_nano_usd is null, c.effective_nano_usd, 0), c.capacity_gpu_seconds
  from sharing_pool_days n cross join cost_entries c on c.entry_date = n.day and c.pool_id = n.pool_id and c.bill_id = 0`)

/**
 * The statements that give the pool-days in `sharing_pool_days` their new cost without sharing it: the difference is
 * nobody's, and they wait for `shareStale`. Door, for who changes more at once than one transaction can share: every sum
 * still equals the cost.
 */
export function restateStatements(): SQL[] {
  const changes = KINDS.map(({ kind, of }) => {
    const more = `(coalesce(excluded.${of}, 0) - coalesce(${of}, 0))`
    return `unallocated${kind}_nano_usd = unallocated${kind}_nano_usd + ${more},
      idle${kind}_nano_usd = idle${kind}_nano_usd + iif(capacity_gpu_seconds is null, 0, ${more}),
      unmeasured${kind}_nano_usd = unmeasured${kind}_nano_usd + iif(capacity_gpu_seconds is null, ${more}, 0)`
  })
  return [
    sql`insert into pool_days (day, pool_id, cost_nano_usd, billed_nano_usd, list_nano_usd, unlisted_nano_usd,
        ${sql.raw(KINDS.map(({ kind }) => `unallocated${kind}_nano_usd, unmeasured${kind}_nano_usd`).join(', '))}, is_stale)
      select day, pool_id, cost, billed, list, unlisted, cost, cost, billed, billed, list, list, 1 from (
        select n.day, n.pool_id, coalesce(sum(c.cost), 0) as cost, coalesce(sum(c.billed), 0) as billed,
          coalesce(sum(c.list), 0) as list, coalesce(sum(c.unlisted), 0) as unlisted
        from sharing_pool_days n left join (${BILLED}) c on c.day = n.day and c.pool_id = n.pool_id
        group by n.day, n.pool_id)
      where true
      on conflict do update set ${sql.raw(changes.join(', '))}, cost_nano_usd = excluded.cost_nano_usd,
        billed_nano_usd = excluded.billed_nano_usd, list_nano_usd = excluded.list_nano_usd,
        unlisted_nano_usd = excluded.unlisted_nano_usd, is_stale = 1`,
    sql`delete from sharing_pool_days`,
  ]
}

export type Total = 'held' | 'whole'

/** GPU-milliseconds in a unit of weight of the pool-day that a row of `alias` names; 1000 where all jobs hold whole GPUs. */
export function grainOf(alias: string): string {
  return `iif(exists (select 1 from job_day_shares f where f.day = ${alias}.day and f.pool_id = ${alias}.pool_id
    and f.gpu_ms % 1000 <> 0), 1, 1000)`
}

/** |cost| = quotient × total + remainder, both in units of weight, once per pool-day (which has its `grain`), kind of cost and basis (`total`). */
function divided(cost: string, total: Total): SQL {
  return sql.raw(dividedText(cost, total))
}

/** The same as text. */
export function dividedText(cost: string, total: Total): string {
  const unit = `(grain * (${total} / grain / ${EXACT_WEIGHT} + 1))`
  const units = `(${total} / ${unit})`
  const weights = cost === 'cost' ? `${unit} as ${total}_unit, ${units} as ${total}_units, ` : ''
  return `${weights}abs(${cost}) / ${units} as ${cost}_${total}_quotient, abs(${cost}) % ${units} as ${cost}_${total}_remainder`
}

/** round(cost · cum ÷ total) − round(cost · (cum − gpu_ms) ÷ total), half away from zero, of the columns of `divided`. */
function span(cost: string, total: Total): SQL {
  return sql.raw(spanText(cost, total))
}

/** The same as text. */
export function spanText(cost: string, total: Total): string {
  const upTo = (weight: string) => {
    const units = `(${weight} / ${total}_unit)`
    return `(${cost}_${total}_quotient * ${units} + (${cost}_${total}_remainder * ${units} + ${total}_units / 2) / ${total}_units)`
  }
  return `iif(${cost} < 0, -1, 1) * (${upTo('cum')} - ${upTo('(cum - gpu_ms)')})`
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
