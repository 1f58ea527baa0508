import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import { SERVING_TEAM } from '../deployments/serving-team.ts'
import type { Scope } from '../scope.ts'
import { inWindow, isByOwner, ofOwners, ofPools } from './conditions.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import { cellsByName, cellsTogether, type Kind } from './ledger.ts'
import { sumOf } from './spend-by.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'
import { endOfWindow, zoneOf } from './zone.ts'
import { ownPartInZone, wholeBillInZone } from './zone-reconciliation.ts'

/**
 * Both sides of the promise: billed = allocated (jobs) + serving (deployments) + other owners + idle + unmeasured + unallocated.
 * `billed` is the effective cost, which analytics split; `invoiced` what the invoice says, for the same rows.
 *
 * Who does not see the whole company learns what their teams were charged (`allocated`) and what of theirs has no bill
 * (`uncosted`); the rest is null: not theirs to know, which is not 0.
 */
export const Reconciliation = z.object({
  basis: z.enum(['allocation', 'usage']),
  isPartial: z.boolean().describe('True: only the teams of the asker; what is the company’s is null'),
  billedCostNanoUsd: Usd.nullable(),
  allocatedCostNanoUsd: Usd.describe('Of jobs'),
  servingCostNanoUsd: Usd.nullable().describe('Of deployments: models that are served on own GPUs'),
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
 * 0 for any window, filter and basis: all of one instant. `exposure` does not add up and is answered as allocation. With a
 * filter on what only the bill knows both sides are of those charges.
 *
 * @throws HelioxError what `visibleQuestion`, `zoneOf` and `requireHours` throw, `analytics.too_many_parts`
 */
export async function reconciliation(scope: Scope, asked: Question): Promise<Reconciliation> {
  const basis = asked.basis === 'usage' ? 'usage' : 'allocation'
  const question = { ...visibleQuestion(scope, asked), basis } as Visible
  const zone = zoneOf(question)
  if (zone) requireFiltersOfJobs(question)
  if (zone) return question.isPartial ? ownPartInZone(scope, question, zone) : wholeBillInZone(scope, question, zone)
  return question.isPartial ? ownPart(scope, question) : wholeBill(scope, question)
}

async function wholeBill(scope: Scope, question: Visible): Promise<Reconciliation> {
  const everybody = { ...question, filters: { ...question.filters, teamId: null, modelName: null, status: null } }
  const charges = { time: null, names: ['charge_category'] } as const // any name of the bill's: from its entries
  const { cells, more } = await cellsByName(
    scope,
    {
      billed: { question: everybody, by: charges },
      invoiced: { question: { ...everybody, cost: 'billed' }, by: charges },
      parts: { question: everybody, by: { time: null, names: ['team'] } },
      asked: isByOwner(question) ? { question, by: { time: null, names: ['team'] } } : null,
    },
    [poolDays(question)],
  )
  const [billed, invoiced] = [sumOf(cells.billed ?? []), sumOf(cells.invoiced ?? [])]
  const part = (...kinds: Kind[]) => sumOf(cells.parts?.filter(({ kind }) => kinds.includes(kind)) ?? [])
  const owned = part(...OWNED)
  const asked = cells.asked ?? cells.parts?.filter(({ kind }) => OWNED.includes(kind)) ?? []
  const serving = sumOf(asked.filter(({ names: [team] }) => team === SERVING_TEAM))
  const allocated = nanoUsd(sumOf(asked) - serving)
  const left = { idle: part('idle'), unmeasured: part('unmeasured'), unallocated: part('unallocated') }
  const [days] = more[0] as Record<string, bigint>[]
  return {
    ...{ basis: question.basis as Reconciliation['basis'], isPartial: false },
    billedCostNanoUsd: billed,
    allocatedCostNanoUsd: allocated,
    servingCostNanoUsd: serving,
    otherOwnersCostNanoUsd: nanoUsd(owned - allocated - serving),
    idleCostNanoUsd: left.idle,
    unmeasuredCostNanoUsd: left.unmeasured,
    unallocatedCostNanoUsd: left.unallocated,
    differenceNanoUsd: nanoUsd(billed - owned - left.idle - left.unmeasured - left.unallocated),
    invoicedCostNanoUsd: invoiced,
    uncostedGpuSeconds: gpuSecondsOfMs(days?.uncosted ?? 0n),
    overAllocatedPoolDays: Number(days?.over ?? 0n),
    stalePoolDays: Number(days?.stale ?? 0n),
    isProvisional: await isProvisional(scope, question),
  }
}

const OWNED: readonly Kind[] = ['owner', 'assigned']

/** What is no cost: of the window's pools, whatever else is asked. */
function poolDays(question: Visible): SQL {
  return sql`select coalesce(sum(iif(d.cost_nano_usd is null, d.held_gpu_ms, 0)), 0) as uncosted,
      coalesce(sum(d.held_gpu_ms > d.capacity_gpu_seconds * 1000), 0) as over, coalesce(sum(d.is_stale), 0) as stale
    from pool_days d join pools p on p.id = d.pool_id where ${inWindow(question, 'd.day')} and ${ofPools(question)}`
}

async function ownPart(scope: Scope, question: Visible): Promise<Reconciliation> {
  const [own = []] = await cellsTogether(scope, [{ question, by: { time: null, names: [] } }])
  return {
    ...{ basis: question.basis as Reconciliation['basis'], isPartial: true },
    allocatedCostNanoUsd: sumOf(own),
    uncostedGpuSeconds: own.reduce((sum, { uncostedGpuSeconds }) => sum + (uncostedGpuSeconds ?? 0), 0),
    isProvisional: await isProvisional(scope, question),
    servingCostNanoUsd: null,
    ...{ billedCostNanoUsd: null, otherOwnersCostNanoUsd: null, idleCostNanoUsd: null, unmeasuredCostNanoUsd: null },
    ...{ unallocatedCostNanoUsd: null, differenceNanoUsd: null, invoicedCostNanoUsd: null },
    ...{ overAllocatedPoolDays: null, stalePoolDays: null },
  }
}

/**
 * Whether a job that still runs takes part in the window: its share is counted up to now and may change. One that has held
 * nothing yet takes no part; so this too changes only with a pool-day, as all that answers are kept by.
 */
export async function isProvisional({ db }: Scope, question: Visible): Promise<boolean> {
  return (await db.all(runningJob(question))).length > 0
}

/** A row if it is so: for who asks in one go with the figures. */
export function runningJob(question: Visible): SQL {
  return sql`select 1 from jobs j join pools p on p.id = j.pool_id
    where j.status = 'running' and j.started_at_ms < ${BigInt(endOfWindow(question))} and ${ofPools(question)}
      and ${ofOwners(question)} and exists (select 1 from job_day_shares s where s.job_id = j.id) limit 1`
}
