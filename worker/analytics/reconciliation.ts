import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { inWindow, ofCells, ofOwners, ofPools } from './conditions.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'
import { endOfWindow, zoneOf } from './zone.ts'
import { ownPartInZone, wholeBillInZone } from './zone-reconciliation.ts'

/**
 * Both sides of the promise: billed = allocated + other owners + idle + unmeasured + unallocated.
 * `billed` is the effective cost, which analytics split; `invoiced` what the invoice says, for the same rows.
 *
 * Who does not see the whole company learns what their teams were charged (`allocated`) and what of theirs has no bill
 * (`uncosted`); the rest is null: not theirs to know, which is not 0.
 */
export const Reconciliation = z.object({
  basis: z.enum(['allocation', 'usage']),
  isPartial: z.boolean().describe('True: only the teams of the asker; what is the company’s is null'),
  billedCostNanoUsd: Usd.nullable(),
  allocatedCostNanoUsd: Usd,
  otherOwnersCostNanoUsd: Usd.nullable().describe('Owners outside the filter on teams and models; 0 without one'),
  idleCostNanoUsd: Usd.nullable(),
  unmeasuredCostNanoUsd: Usd.nullable(),
  unallocatedCostNanoUsd: Usd.nullable(),
  differenceNanoUsd: Usd.nullable(),
  invoicedCostNanoUsd: Usd.nullable(),
  uncostedGpuSeconds: GpuTime.describe('GPU-hours of jobs on pool-days without a bill'),
  overAllocatedPoolDays: z.number().int().nullable().describe('Pool-days on which jobs held more than was billed'),
  stalePoolDays: z.number().int().nullable().describe('Pool-days whose jobs changed and wait to be shared'),
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
})
export type Reconciliation = z.output<typeof Reconciliation>

/**
 * Reads the bill from the cost entries and the parts from the ledger, and answers both with their difference, which is
 * 0 for any window, filter and basis: one statement, so both sides are of the same instant. `exposure` does not add up
 * and is answered as allocation.
 *
 * @throws HelioxError what `visibleQuestion`, `zoneOf` and `requireHours` throw
 */
export async function reconciliation(scope: Scope, asked: Question): Promise<Reconciliation> {
  const question = visibleQuestion(scope, asked)
  const zone = zoneOf(question)
  if (zone) return question.isPartial ? ownPartInZone(scope, question, zone) : wholeBillInZone(scope, question, zone)
  return question.isPartial ? ownPart(scope, question) : wholeBill(scope, question)
}

async function wholeBill(scope: Scope, question: Visible): Promise<Reconciliation> {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const [amount, kind] = [amountOf(question), sql.raw(question.cost)]
  const left = (name: string) =>
    sql.raw(`d.${name}${question.cost === 'effective' ? '' : `_${question.cost}`}_nano_usd`)
  const [row] = await scope.db.all<Record<string, bigint>>(sql`
    with entries as (
      select coalesce(sum(c.${kind}_nano_usd), 0) as effective, coalesce(sum(c.billed_nano_usd), 0) as billed
      from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current' join pools p on p.id = c.pool_id
      where ${inWindow(question, 'c.entry_date')} and ${ofPools(question)}),
    shares as (
      select coalesce(sum(${amount}), 0) as owned, coalesce(sum(iif(${ofCells(question)}, ${amount}, 0)), 0) as asked
      from ledger_cells c join owners o on o.id = c.owner_id join pools p on p.id = c.pool_id
      where ${inWindow(question, 'c.day')} and ${ofPools(question)}),
    days as (
      select coalesce(sum(${left('idle')}), 0) as idle, coalesce(sum(${left('unmeasured')}), 0) as unmeasured,
        coalesce(sum(${left('unallocated')}), 0) as unallocated,
        coalesce(sum(iif(d.cost_nano_usd is null, d.held_gpu_ms, 0)), 0) as uncosted,
        coalesce(sum(d.held_gpu_ms > d.capacity_gpu_seconds * 1000), 0) as over, coalesce(sum(d.is_stale), 0) as stale
      from pool_days d join pools p on p.id = d.pool_id
      where ${inWindow(question, 'd.day')} and ${ofPools(question)})
    select * from entries, shares, days`)
  const get = (name: string) => row?.[name] ?? 0n
  const [idle, unmeasured, unallocated] =
    basis === 'usage' ? [get('idle'), get('unmeasured'), 0n] : [0n, 0n, get('unallocated')]
  return {
    ...{ basis, isPartial: false },
    billedCostNanoUsd: nanoUsd(get('effective')),
    allocatedCostNanoUsd: nanoUsd(get('asked')),
    otherOwnersCostNanoUsd: nanoUsd(get('owned') - get('asked')),
    idleCostNanoUsd: nanoUsd(idle),
    unmeasuredCostNanoUsd: nanoUsd(unmeasured),
    unallocatedCostNanoUsd: nanoUsd(unallocated),
    differenceNanoUsd: nanoUsd(get('effective') - get('owned') - idle - unmeasured - unallocated),
    invoicedCostNanoUsd: nanoUsd(get('billed')),
    uncostedGpuSeconds: gpuSecondsOfMs(get('uncosted')),
    overAllocatedPoolDays: Number(get('over')),
    stalePoolDays: Number(get('stale')),
    isProvisional: await isProvisional(scope, question),
  }
}

async function ownPart(scope: Scope, question: Visible): Promise<Reconciliation> {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const [row] = await scope.db.all<{ own: bigint; uncosted: bigint }>(sql`
    select coalesce(sum(${amountOf(question)}), 0) as own, coalesce(sum(c.uncosted_gpu_ms), 0) as uncosted
    from ledger_cells c join owners o on o.id = c.owner_id join pools p on p.id = c.pool_id
    where ${inWindow(question, 'c.day')} and ${ofPools(question)} and ${ofCells(question)}`)
  return {
    ...{ basis, isPartial: true },
    allocatedCostNanoUsd: nanoUsd(row?.own ?? 0n),
    uncostedGpuSeconds: gpuSecondsOfMs(row?.uncosted ?? 0n),
    isProvisional: await isProvisional(scope, question),
    ...{ billedCostNanoUsd: null, otherOwnersCostNanoUsd: null, idleCostNanoUsd: null, unmeasuredCostNanoUsd: null },
    ...{ unallocatedCostNanoUsd: null, differenceNanoUsd: null, invoicedCostNanoUsd: null },
    ...{ overAllocatedPoolDays: null, stalePoolDays: null },
  }
}

/** The column of a cell's part that is asked for. */
function amountOf({ basis, cost }: Visible): SQL {
  return sql.raw(`c.${basis === 'usage' ? 'usage' : 'allocation'}${cost === 'effective' ? '' : `_${cost}`}_nano_usd`)
}

/** Whether a job that still runs takes part in the window: its share is counted up to now and may change. */
export async function isProvisional({ db }: Scope, question: Visible): Promise<boolean> {
  const rows = await db.all(sql`
    select 1 from jobs j join pools p on p.id = j.pool_id
    where j.status = 'running' and j.started_at_ms < ${BigInt(endOfWindow(question))} and ${ofPools(question)}
      and ${ofOwners(question)} limit 1`)
  return rows.length > 0
}
