import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { SERVING_TEAM } from '../deployments/serving-team.ts'
import type { Scope } from '../scope.ts'
import { ofCells, ofPools } from './conditions.ts'
import type { Row } from './ledger.ts'
import { isProvisional, type Reconciliation } from './reconciliation.ts'
import type { Visible } from './visible-question.ts'
import { hoursOf, touchedDays, type Zone } from './zone.ts'
import { findMissingHours, requireHours } from './zone-hours.ts'
import { zoneLedger } from './zone-ledger.ts'

/**
 * `reconciliation` in days of another zone: the bill as Σ of the hours from the first instant to the last, whatever day
 * they are of, and the parts from the zone's days.
 */
export async function wholeBillInZone(scope: Scope, question: Visible, zone: Zone): Promise<Reconciliation> {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const { get } = await sums(scope, question, zone)
  const [idle, unmeasured, unallocated] =
    basis === 'usage' ? [get('idle'), get('unmeasured'), 0n] : [0n, 0n, get('unallocated')]
  return {
    ...{ basis, isPartial: false },
    billedCostNanoUsd: nanoUsd(get('effective')),
    allocatedCostNanoUsd: nanoUsd(get('asked') - get('serving')),
    servingCostNanoUsd: nanoUsd(get('serving')),
    otherOwnersCostNanoUsd: nanoUsd(get('owned') - get('asked')),
    idleCostNanoUsd: nanoUsd(idle),
    unmeasuredCostNanoUsd: nanoUsd(unmeasured),
    unallocatedCostNanoUsd: nanoUsd(unallocated),
    differenceNanoUsd: nanoUsd(get('effective') - get('owned') - idle - unmeasured - unallocated),
    invoicedCostNanoUsd: nanoUsd(get('invoiced')),
    uncostedGpuSeconds: gpuSecondsOfMs(get('uncosted')),
    overAllocatedPoolDays: Number(get('over')),
    stalePoolDays: Number(get('stale')),
    isProvisional: await isProvisional(scope, question),
  }
}

/** The same for who sees their own teams only. */
export async function ownPartInZone(scope: Scope, question: Visible, zone: Zone): Promise<Reconciliation> {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const { get } = await sums(scope, question, zone)
  return {
    ...{ basis, isPartial: true },
    allocatedCostNanoUsd: nanoUsd(get('asked')),
    uncostedGpuSeconds: gpuSecondsOfMs(get('askedUncosted')),
    isProvisional: await isProvisional(scope, question),
    servingCostNanoUsd: null,
    ...{ billedCostNanoUsd: null, otherOwnersCostNanoUsd: null, idleCostNanoUsd: null, unmeasuredCostNanoUsd: null },
    ...{ unallocatedCostNanoUsd: null, differenceNanoUsd: null, invoicedCostNanoUsd: null },
    ...{ overAllocatedPoolDays: null, stalePoolDays: null },
  }
}

async function sums(scope: Scope, question: Visible, zone: Zone): Promise<{ get: (name: string) => bigint }> {
  const basis = sql.raw(question.basis === 'usage' ? 'usage' : 'allocation')
  const hours = hoursOf(zone)
  const [first, last] = [hours[0], hours.at(-1)].map((hour) => `${hour?.[1]} ${`${hour?.[2]}`.padStart(2, '0')}`)
  const days = JSON.stringify(touchedDays(zone))
  const [missing, found] = await readBatch(scope.db, [
    findMissingHours(question, zone),
    sql`${zoneLedger(question, zone, null)},
      entries as (select coalesce(sum(b.${sql.raw(question.cost)}_nano_usd), 0) as effective, coalesce(sum(b.billed_nano_usd), 0) as invoiced
        from bill_hours b join bills on bills.id = b.bill_id and bills.status = 'current' join pools p on p.id = b.pool_id
        where b.day in (select value from json_each(${days})) and printf('%s %02d', b.day, b.hour) between ${first} and ${last}
          and ${ofPools(question)}),
      shares as (select coalesce(sum(${basis}), 0) as owned, coalesce(sum(iif(${ofCells(question)}, ${basis}, 0)), 0) as asked,
          coalesce(sum(iif(${ofCells(question)} and team_id in (select t.id from teams t where t.name = ${SERVING_TEAM}),
            ${basis}, 0)), 0) as serving,
          coalesce(sum(iif(${ofCells(question)}, uncosted_gpu_ms, 0)), 0) as askedUncosted
        from (select c.*, o.team_id, o.model_id, o.status from cell c join owners o on o.id = c.owner_id)),
      left_over as (select coalesce(sum(idle), 0) as idle, coalesce(sum(unmeasured), 0) as unmeasured,
        coalesce(sum(unallocated), 0) as unallocated from rest),
      held_there as (select coalesce(sum(iif(cost is null, held, 0)), 0) as uncosted,
        coalesce(sum(held > capacity * 1000), 0) as over from day),
      waiting as (select count(*) as stale from pool_days d join pools p on p.id = d.pool_id
        where d.is_stale = 1 and d.day in (select value from json_each(${days})) and ${ofPools(question)})
      select * from entries, shares, left_over, held_there, waiting`,
  ])
  requireHours((missing?.rows ?? []) as unknown as Row[], question, zone)
  const row = (found?.rows[0] ?? {}) as unknown as Record<string, bigint>
  return { get: (name) => row[name] ?? 0n }
}
