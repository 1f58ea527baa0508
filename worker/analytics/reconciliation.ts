import { sql } from 'drizzle-orm'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { type Day, startOf } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import { inWindow, ofOwners, ofPools } from './ledger.ts'
import type { Basis, Question } from './window.ts'

/**
 * Both sides of the promise: billed = allocated + other owners + idle + unmeasured + unallocated.
 * `billed` is the effective cost, which analytics split; `invoiced` what the invoice says, for the same rows.
 */
export type Reconciliation = {
  basis: Basis
  billedCostNanoUsd: NanoUsd
  allocatedCostNanoUsd: NanoUsd
  /** Owners outside the question's filter on teams and models; 0 without one. */
  otherOwnersCostNanoUsd: NanoUsd
  idleCostNanoUsd: NanoUsd
  unmeasuredCostNanoUsd: NanoUsd
  unallocatedCostNanoUsd: NanoUsd
  differenceNanoUsd: NanoUsd
  invoicedCostNanoUsd: NanoUsd
  /** GPU time of jobs on pool-days without a bill. */
  uncostedGpuSeconds: number
  /** Pool-days on which jobs held more than was billed. */
  overAllocatedPoolDays: number
  /** Pool-days whose jobs changed and wait to be shared. */
  stalePoolDays: number
  isProvisional: boolean
}

/**
 * Reads the bill from the cost entries and the parts from the ledger, and answers both with their difference, which is
 * 0 for any window, filter and basis: one statement, so both sides are of the same instant. `exposure` does not add up
 * and is answered as allocation.
 */
export async function reconciliation(scope: Scope, question: Question): Promise<Reconciliation> {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const amount = basis === 'usage' ? sql`s.usage_nano_usd` : sql`s.allocation_nano_usd`
  const [row] = await scope.db.all<Record<string, bigint>>(sql`
    with entries as (
      select coalesce(sum(c.effective_nano_usd), 0) as effective, coalesce(sum(c.billed_nano_usd), 0) as billed
      from cost_entries c join pools p on p.id = c.pool_id
      where ${inWindow(question, 'c.entry_date')} and ${ofPools(question)}),
    shares as (
      select coalesce(sum(${amount}), 0) as owned, coalesce(sum(iif(${ofOwners(question)}, ${amount}, 0)), 0) as asked
      from job_day_shares s join pools p on p.id = s.pool_id join jobs j on j.id = s.job_id
      where ${inWindow(question, 's.day')} and ${ofPools(question)}),
    days as (
      select coalesce(sum(d.idle_nano_usd), 0) as idle, coalesce(sum(d.unmeasured_nano_usd), 0) as unmeasured,
        coalesce(sum(d.unallocated_nano_usd), 0) as unallocated,
        coalesce(sum(iif(d.cost_nano_usd is null, d.held_gpu_seconds, 0)), 0) as uncosted,
        coalesce(sum(d.held_gpu_seconds > d.capacity_gpu_seconds), 0) as over, coalesce(sum(d.is_stale), 0) as stale
      from pool_days d join pools p on p.id = d.pool_id
      where ${inWindow(question, 'd.day')} and ${ofPools(question)})
    select * from entries, shares, days`)
  const get = (name: string) => row?.[name] ?? 0n
  const [idle, unmeasured, unallocated] =
    basis === 'usage' ? [get('idle'), get('unmeasured'), 0n] : [0n, 0n, get('unallocated')]
  return {
    basis,
    billedCostNanoUsd: nanoUsd(get('effective')),
    allocatedCostNanoUsd: nanoUsd(get('asked')),
    otherOwnersCostNanoUsd: nanoUsd(get('owned') - get('asked')),
    idleCostNanoUsd: nanoUsd(idle),
    unmeasuredCostNanoUsd: nanoUsd(unmeasured),
    unallocatedCostNanoUsd: nanoUsd(unallocated),
    differenceNanoUsd: nanoUsd(get('effective') - get('owned') - idle - unmeasured - unallocated),
    invoicedCostNanoUsd: nanoUsd(get('billed')),
    uncostedGpuSeconds: Number(get('uncosted')),
    overAllocatedPoolDays: Number(get('over')),
    stalePoolDays: Number(get('stale')),
    isProvisional: await isProvisional(scope, question),
  }
}

/** Whether a job that still runs takes part in the window: its share is counted up to now and may change. */
export async function isProvisional({ db }: Scope, question: Question): Promise<boolean> {
  const { window } = question
  const rows = await db.all(sql`
    select 1 from jobs j join pools p on p.id = j.pool_id
    where j.status = 'running' and j.started_at_ms < ${BigInt(startOf(window.before))} and ${ofPools(question)}
      and ${ofOwners(question)} limit 1`)
  return rows.length > 0
}

/**
 * The first and last day that was billed; where nothing was, the first and last day on which a job ran; nulls in an
 * empty ledger. (A running job reaches up to today, where no bill is yet: that is not "the latest data".)
 */
export async function extent({ db }: Scope): Promise<{ firstDay: Day | null; lastDay: Day | null }> {
  const edge = (order: 'asc' | 'desc') => sql`coalesce(
    (select day from pool_days where cost_nano_usd is not null order by day ${sql.raw(order)} limit 1),
    (select day from pool_days order by day ${sql.raw(order)} limit 1))`
  const [row] = await db.all<{ firstDay: Day | null; lastDay: Day | null }>(
    sql`select ${edge('asc')} as firstDay, ${edge('desc')} as lastDay`,
  )
  return row ?? { firstDay: null, lastDay: null }
}
