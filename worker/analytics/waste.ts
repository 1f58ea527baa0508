import { z } from 'zod'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, GpuTime, Usd } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { isPoolName, type Name, type PoolName } from './dimensions.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import { type Cell, cellsTogether, KINDS } from './ledger.ts'
import type { Measure } from './measures.ts'
import { isProvisional } from './reconciliation.ts'
import { visibleQuestion } from './visible-question.ts'
import { MeasuredFindings, type PoolFacts, poolFacts, sumOfFacts } from './waste-findings.ts'
import type { Question } from './window.ts'

/** What the bridge is drawn for. */
export const WASTE_GROUPS = ['none', 'team', 'model', 'gpu_type', 'provider', 'pool'] as const
export type WasteGroup = (typeof WASTE_GROUPS)[number]

const Share = z.number().min(0).max(1).nullable().describe('Of the total cost; null where that is not above zero')

const Bridge = {
  totalCostNanoUsd: Usd.describe(
    'Effective cost on the allocation basis: the sum of the next five, to the nano-dollar',
  ),
  usefulCostNanoUsd: Usd.describe('Held time that was measured to be busy'),
  allocatedIdleCostNanoUsd: Usd.describe('Held time that was measured to do nothing'),
  lostWorkCostNanoUsd: Usd.describe('Held time of jobs that failed or were cancelled'),
  notMeasuredCostNanoUsd: Usd.describe(
    'Held time that nobody measured: neither useful nor idle, and not zero of either',
  ),
  unallocatedCostNanoUsd: Usd.describe('Capacity that nobody held'),
  carriedCostNanoUsd: Usd.describe(
    'Of it, what those carry who held the rest of the pool that day; nobody held the others',
  ),
  usefulShare: Share,
  allocatedIdleShare: Share,
  lostWorkShare: Share,
  notMeasuredShare: Share,
  unallocatedShare: Share,
  heldGpuSeconds: GpuTime,
  unknownCapacityGpuSeconds: GpuTime.describe(
    'Of it, time on pool-days whose capacity is unknown: all of their cost counts as held',
  ),
  measuredGpuSeconds: GpuTime.nullable().describe(
    'Of it, time that was measured; null where the group is not of pools',
  ),
  measuredShare: Share.describe('Measured ÷ held; null where nothing was held or the group is not of pools'),
}

const ROW_KINDS = ['total', ...KINDS] as const

/** One group's bridge, or the total of what is not grouped, or a remainder: `kind` tells which. */
export const WasteRow = z.object({
  name: z.string(),
  kind: z.enum(ROW_KINDS),
  teamId: AnsweredId('team').nullable(),
  provider: z.string().nullable().describe('Where the group has one'),
  gpuType: z.string().nullable().describe('Where the group has one'),
  ...Bridge,
})
export type WasteRow = z.output<typeof WasteRow>

export const Waste = z.object({
  rows: z.array(WasteRow),
  total: z.object(Bridge),
  findings: MeasuredFindings.nullable().describe('Null for a part of the owners: they are about whole pools'),
  basis: z.literal('allocation'),
  cost: z.literal('effective'),
  isPartial: z.boolean().describe('True: only the teams of the asker, not the whole company'),
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
  how: z.string().describe('How the parts are told from each other'),
})
export type Waste = z.output<typeof Waste>

const MEASURES = [
  'allocation_nano_usd',
  'useful_nano_usd',
  'idle_held_nano_usd',
  'lost_nano_usd',
  'not_measured_nano_usd',
] as const satisfies readonly Measure[]

const HOW = [
  'The cost is what was charged on the allocation basis, so it adds up to the bill.',
  'What a held GPU-hour cost is the pool-day’s cost divided by its capacity, or by what was held where the capacity is not known or less.',
  'Held time of jobs that failed or were cancelled is lost work.',
  'The rest is useful as far as measured usage says that the pool was busy that day, in proportion to what each held; idle as far as it was measured and not busy; and not measured where there is no measurement, which is not zero.',
  'Capacity that nobody held is unallocated: a part of it is carried by those who held the rest of the pool that day.',
  'Usage derived from jobs is not a measurement.',
].join(' ')

/**
 * What the money was worth, per group, dearest first, and in total: useful, allocated but idle, lost, not measured and held
 * by nobody, which sum to the effective cost of each row to the nano-dollar. Grouped by teams or models the rows end with
 * the pool-days that nobody held, so that they sum to the bill; pools and the total have those inside. With a filter on
 * owners, or for who sees teams only, the rows are their part of the bill. Always on the allocation basis.
 *
 * @throws HelioxError invalid `analytics.effective_only` for billed or list cost, `analytics.no_jobs_there`; what `visibleQuestion` throws
 */
export async function waste(scope: Scope, asked: Question & { groupBy: WasteGroup }): Promise<Waste> {
  if (asked.cost !== 'effective')
    throw new HelioxError('invalid', 'analytics.effective_only', 'Waste is told of effective cost only')
  requireFiltersOfJobs(asked)
  const names: readonly Name[] = NAMES[asked.groupBy]
  const question = visibleQuestion(scope, { ...asked, basis: 'allocation' }, names)
  const [cells = [], [whole] = []] = await cellsTogether(scope, [
    { question, by: { time: null, names }, more: MEASURES },
    { question, by: { time: null, names: [] }, more: MEASURES },
  ])
  const facts = await poolFacts(scope, question)
  const isOfPools = names.every(isPoolName)
  const rows = cells.map((cell): WasteRow => {
    const at = (name: PoolName) => (isOfPools ? (cell.names[names.indexOf(name)] ?? null) : null)
    const pool = { provider: at('provider'), gpuType: at('gpu_type') }
    const own = isOfPools && facts ? sumOfFacts(facts, pool) : null
    const [name, kind] = names.length === 0 ? ['total', 'total' as const] : [cell.names.join(' '), cell.kind]
    return { name, kind, teamId: cell.teamId, ...pool, ...bridgeOf(cell, own) }
  })
  return {
    rows: rows.sort(byKindThenCost),
    total: bridgeOf(whole ?? NOTHING, facts && sumOfFacts(facts)),
    findings: facts && sumOfFacts(facts).findings,
    ...{ basis: 'allocation', cost: 'effective', isPartial: question.isPartial },
    ...{ isProvisional: await isProvisional(scope, question), how: HOW },
  }
}

const NAMES = {
  ...{ none: [], team: ['team'], model: ['model'], gpu_type: ['gpu_type'], provider: ['provider'] },
  pool: ['provider', 'gpu_type'],
} as const satisfies Record<WasteGroup, readonly Name[]>

type Summed = Pick<Cell, 'costNanoUsd' | 'gpuSeconds' | 'unmeasuredGpuSeconds' | 'sums'>
const NOTHING: Summed = { costNanoUsd: nanoUsd(0n), gpuSeconds: 0, unmeasuredGpuSeconds: 0 }

function bridgeOf({ costNanoUsd, gpuSeconds, unmeasuredGpuSeconds, sums = {} }: Summed, facts: PoolFacts | null) {
  const sum = (name: Measure) => nanoUsd(sums[name] ?? 0n)
  const [useful, idle] = [sum('useful_nano_usd'), sum('idle_held_nano_usd')]
  const [lost, notMeasured] = [sum('lost_nano_usd'), sum('not_measured_nano_usd')]
  const held = useful + idle + lost + notMeasured
  const measured = facts && facts.measuredGpuMs / 1000
  return {
    totalCostNanoUsd: costNanoUsd,
    usefulCostNanoUsd: useful,
    allocatedIdleCostNanoUsd: idle,
    lostWorkCostNanoUsd: lost,
    notMeasuredCostNanoUsd: notMeasured,
    unallocatedCostNanoUsd: nanoUsd(costNanoUsd - held),
    carriedCostNanoUsd: nanoUsd(sum('allocation_nano_usd') - held),
    usefulShare: shareOf(useful, costNanoUsd),
    allocatedIdleShare: shareOf(idle, costNanoUsd),
    lostWorkShare: shareOf(lost, costNanoUsd),
    notMeasuredShare: shareOf(notMeasured, costNanoUsd),
    unallocatedShare: shareOf(costNanoUsd - held, costNanoUsd),
    heldGpuSeconds: gpuSeconds ?? 0,
    unknownCapacityGpuSeconds: unmeasuredGpuSeconds ?? 0,
    measuredGpuSeconds: measured,
    measuredShare: measured === null || !gpuSeconds ? null : measured / gpuSeconds,
  }
}

/** A part of a total, to the millionth; null where it is none, as beside a credit that is greater than the cost. */
function shareOf(part: bigint, total: NanoUsd): number | null {
  if (total <= 0n) return null
  const share = Number((part * 1_000_000n) / total) / 1_000_000
  return share < 0 || share > 1 ? null : share
}

function byKindThenCost(a: WasteRow, b: WasteRow): number {
  if (a.kind !== b.kind) return ROW_KINDS.indexOf(a.kind) - ROW_KINDS.indexOf(b.kind)
  if (a.totalCostNanoUsd !== b.totalCostNanoUsd) return a.totalCostNanoUsd > b.totalCostNanoUsd ? -1 : 1
  return a.name < b.name ? -1 : 1
}
