import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { AnsweredDay, GpuTime, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { Paging } from '../input-fields.ts'
import type { Scope } from '../scope.ts'
import { inWindow, isByOwner, ofPools } from './conditions.ts'
import { formulaOf } from './formula.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import type { Row } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import { leftOverPart } from './pools-part.ts'
import { sumOf } from './spend-by.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import { COST_KINDS, type Question, questionWith } from './window.ts'

/** What a figure is: the whole of the question, what owners were charged of it, or one kind of what is left over. */
export const FIGURES = ['total', 'owner', 'assigned', 'idle', 'unmeasured', 'unallocated'] as const
export type FigureKind = (typeof FIGURES)[number]

/** A figure is named by its question: the group it stands for is a filter, its period the window. */
export const FigureQuestion = questionWith({
  kind: z.enum(FIGURES).default('total').describe('Of a row: what its `kind` says; total: everything asked for'),
  ...Paging,
})

/** A pool-day's part of the figure, and what made it. Null: the company's, not the asker's. */
export const FigurePoolDay = z.object({
  date: AnsweredDay,
  provider: z.string(),
  gpuType: z.string(),
  partCostNanoUsd: Usd.describe('Its part of the figure'),
  gpuSeconds: GpuTime.describe('Held by the owners that the figure is about'),
  poolCostNanoUsd: Usd.nullable().describe('Of the whole pool that day; null also where nothing was billed'),
  capacityGpuSeconds: GpuTime.nullable().describe('Billed; null also where the bill does not say'),
  heldGpuSeconds: GpuTime.nullable().describe('Held by all jobs'),
  formula: z.string().describe('In words, with the numbers'),
  isWaiting: z
    .boolean()
    .describe('Its jobs changed a moment ago and it is shared again soon; never said to who sees some teams'),
})
export type FigurePoolDay = z.output<typeof FigurePoolDay>

/** Σ parts of all pages = `poolDaysCostNanoUsd`, and that the figure: `differenceNanoUsd` is 0. */
export const Explanation = PageOf('poolDays', FigurePoolDay).extend({
  kind: z.enum(FIGURES),
  figureCostNanoUsd: Usd.describe('As every list and chart answers it'),
  poolDaysCostNanoUsd: Usd.describe('What its pool-days add up to'),
  pageCostNanoUsd: Usd,
  differenceNanoUsd: Usd,
  basis: z.enum(['allocation', 'usage']),
  cost: z.enum(COST_KINDS),
})
export type Explanation = z.output<typeof Explanation>

/**
 * What a figure is made of: its pool-days, in their order, each with the numbers that made its part. The figure is read
 * as every other answer reads it (months and days of the rollups), the pool-days by themselves. The next steps are the
 * same question narrowed to one day and one pool: `costByJob` for its jobs, `billLines` for its bill.
 *
 * @throws HelioxError invalid `analytics.not_additive` on the exposure basis, `analytics.no_owner_there` for a leftover
 *   narrowed to owners; forbidden `auth.whole_company` for a leftover; what `visibleQuestion`, `requireFiltersOfJobs` throw
 */
export async function explain(
  scope: Scope,
  asked: Question & { kind: FigureKind; skip: number; limit: number },
): Promise<Explanation> {
  if (asked.basis === 'exposure')
    throw new HelioxError(
      'invalid',
      'analytics.not_additive',
      'A figure by exposure is not a sum of parts: ask for allocation or usage',
    )
  const isLeftOver = !['total', 'owner', 'assigned'].includes(asked.kind)
  if (isLeftOver && isByOwner(asked))
    throw new HelioxError('invalid', 'analytics.no_owner_there', `${asked.kind} cost is of no team, model or status`)
  const question = visibleQuestion(scope, asked)
  requireFiltersOfJobs(question)
  if (isLeftOver && question.isPartial)
    throw new HelioxError(
      'forbidden',
      'auth.whole_company',
      'What is left over needs a role that sees the whole company',
    )
  const { kind, skip, limit } = asked
  const owned = ownersPart(question, { time: null, names: ['model'] })
  const left = isByOwner(question) ? null : leftOverPart(question, { time: null, names: ['model'] })
  const parts = poolDayParts(question, kind)
  const [page, summed, ...figure] = await readBatch(scope.db, [
    sql`select k.*, ${assignedOn(question)} as assigned from (${parts}) k
      order by k.day, k.provider, k.gpu_type limit ${BigInt(limit)} offset ${BigInt(skip)}`,
    sql`select count(*) as total, coalesce(sum(part), 0) as cost from (${parts})`,
    ...owned.statements,
    ...(left?.statements ?? []),
  ])
  const rowsOf = (answer: (typeof figure)[number] | undefined) => (answer?.rows ?? []) as unknown as Row[]
  const cells = [...owned.read([rowsOf(figure[0])]), ...(left?.read([rowsOf(figure[1])]) ?? [])]
  const figureCost = sumOf(cells.filter((cell) => isOf(kind, cell.kind)))
  const rows = rowsOf(page)
  const { total, cost } = rowsOf(summed)[0] as { total: bigint; cost: bigint }
  return {
    ...pageOf(
      'poolDays',
      rows.map((row) => poolDayOf(row, question, kind)),
      Number(total),
      { skip, limit },
      question.isPartial,
    ),
    ...{ kind, figureCostNanoUsd: figureCost, poolDaysCostNanoUsd: nanoUsd(cost) },
    pageCostNanoUsd: nanoUsd(rows.reduce((sum, row) => sum + (row.part as bigint), 0n)),
    differenceNanoUsd: nanoUsd(figureCost - cost),
    ...{ basis: asked.basis, cost: asked.cost },
  }
}

/** A list by team or pool says `owner` of what rules gave to it as well: only lists by model or status tell them apart. */
function isOf(figure: FigureKind, cell: Exclude<FigureKind, 'total'>): boolean {
  return figure === 'total' || figure === cell || (figure === 'owner' && cell === 'assigned')
}

/** A SELECT of a figure's pool-days: day, provider, gpu_type, pool_id, part, gpu_ms, cost, capacity, held, is_stale. */
function poolDayParts(question: Visible, kind: FigureKind): SQL {
  const amount = { effective: 'cost', billed: 'billed', list: 'list' }[question.cost]
  const columns =
    sql.raw(`d.day, p.provider, p.gpu_type, d.pool_id, iif(d.cost_nano_usd is null, null, d.${amount}_nano_usd) as cost,
    d.capacity_gpu_seconds as capacity, d.held_gpu_ms as held, d.is_stale`)
  const within = sql`${inWindow(question, 'd.day')} and ${ofPools(question)}`
  const days = sql`pool_days d join pools p on p.id = d.pool_id`
  const left = sql.raw(`d.${kind}${question.cost === 'effective' ? '' : `_${question.cost}`}_nano_usd`)
  if (kind === 'idle' || kind === 'unmeasured' || kind === 'unallocated')
    return sql`select ${columns}, ${left} as part, d.held_gpu_ms as gpu_ms from ${days} where ${within} and ${left} <> 0`
  if (kind === 'total' && !isByOwner(question))
    return sql`select ${columns}, coalesce(d.${sql.raw(amount)}_nano_usd, 0) as part, d.held_gpu_ms as gpu_ms from ${days} where ${within}`
  const isAssigned = kind === 'assigned'
  const { statements } = ownersPart(question, {
    time: 'day',
    names: isAssigned ? ['provider', 'gpu_type', 'model'] : ['provider', 'gpu_type'],
  })
  return sql`select ${columns}, o.cost as part, o.gpu_ms from (
      select period, n0, n1, sum(cost) as cost, sum(gpu_ms) as gpu_ms from (${statements[0]})
      where ${isAssigned ? sql`n2 = '__assigned__'` : sql`1`} group by period, n0, n1) o
    join pools p on p.provider = o.n0 and p.gpu_type = o.n1 join pool_days d on d.day = o.period and d.pool_id = p.id
    where o.cost <> 0 or o.gpu_ms > 0`
}

/** What rules gave to teams without a job of a pool-day `k`, before its jobs shared the rest. */
function assignedOn({ basis, cost }: Visible): SQL {
  const amount = sql.raw(
    `c.${basis === 'usage' ? 'usage' : 'allocation'}${cost === 'effective' ? '' : `_${cost}`}_nano_usd`,
  )
  return sql`(select coalesce(sum(${amount}), 0) from ledger_cells c join owners w on w.id = c.owner_id
    where c.day = k.day and c.pool_id = k.pool_id and w.model_id = 0)`
}

function poolDayOf(row: Row, question: Visible, kind: FigureKind): FigurePoolDay {
  const seconds = (value: unknown) => gpuSecondsOfMs((value ?? 0n) as bigint)
  const known = {
    partCostNanoUsd: row.part as NanoUsd,
    gpuSeconds: seconds(row.gpu_ms),
    poolCostNanoUsd: row.cost as NanoUsd | null,
    assignedCostNanoUsd: nanoUsd((row.assigned ?? 0n) as bigint),
    capacityGpuSeconds: row.capacity === null ? null : Number(row.capacity),
    heldGpuSeconds: seconds(row.held),
  }
  const { assignedCostNanoUsd, ...shown } = known
  const hidden = question.isPartial ? { poolCostNanoUsd: null, capacityGpuSeconds: null, heldGpuSeconds: null } : {}
  return {
    ...{ date: row.day as Day, provider: String(row.provider), gpuType: String(row.gpu_type), ...shown, ...hidden },
    formula: formulaOf({
      kind,
      ...known,
      basis: question.basis === 'usage' ? 'usage' : 'allocation',
      isPartial: question.isPartial,
      isByOwner: isByOwner(question),
    }),
    isWaiting: row.is_stale === 1n && !question.isPartial,
  }
}
