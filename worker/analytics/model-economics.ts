import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { divideHalfEven, type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays, daysIn, type Window } from '../../db/units/time.ts'
import { GpuTime, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import type { Time } from './dimensions.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import { type Cell, cellsByName, KINDS } from './ledger.ts'
import { type MeteredModel, meteredModels } from './metered-models.ts'
import { periodsIn } from './periods.ts'
import { AnswerBasis, sumOf } from './spend-by.ts'
import { requireFewPoints } from './too-many-points.ts'
import { visibleQuestion } from './visible-question.ts'
import { type Question, questionWith } from './window.ts'

export const ModelsQuestion = questionWith({
  top: z.coerce.number<number>().int().min(1).max(200).default(100).describe('Models that have a row of their own'),
})

const ROW_KINDS = ['owner', 'other', ...KINDS.filter((kind) => kind !== 'owner')] as const

/** What one model cost, and what one job, GPU-hour and million tokens of it did. */
export const ModelRow = z.object({
  name: z.string(),
  kind: z.enum(ROW_KINDS),
  modelCount: z.number().int().describe('How many models `other` holds; 1 for the others'),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable().describe('Of as many days just before; null in another zone than UTC'),
  isServed: z.boolean().describe('By a deployment, which is no job'),
  jobCount: z.number().int().nullable().describe('Null, as the figures of jobs below: this is no jobs’ cost'),
  gpuSeconds: GpuTime.nullable(),
  costedGpuSeconds: GpuTime.nullable().describe('Of them, GPU-hours whose cost is known'),
  costPerJobNanoUsd: Usd.nullable().describe('Null without jobs, and of a model that is served'),
  costPerGpuHourNanoUsd: Usd.nullable().describe('Cost ÷ costed GPU-hours; null where there are none'),
  lostJobCount: z.number().int().nullable().describe('Jobs that failed or were cancelled, part of job_count'),
  lostCostNanoUsd: Usd.nullable().describe('What those cost, part of total_cost_usd'),
  totalTokens: z.number().int().nullable().describe('Metered under this name; null: none were, or nobody can say'),
  meteredCostNanoUsd: Usd.nullable().describe('What the meter says those tokens cost; in no bill and in no total here'),
  unpricedTokens: z.number().int().nullable().describe('Part of total_tokens for which the meter knows no cost'),
  costPerMillionTokensNanoUsd: Usd.nullable().describe('Total cost ÷ tokens metered; null without tokens'),
  meteredCostPerMillionTokensNanoUsd: Usd.nullable().describe('Metered cost ÷ the tokens that have one'),
  costNanoUsd: z.array(Usd).describe('One per period'),
})
export type ModelRow = z.output<typeof ModelRow>

/** Σ rows = `totalCostNanoUsd`, and Σ periods of a row = the row. */
export const ModelEconomics = z.object({
  rows: z.array(ModelRow),
  meteredOnly: z
    .array(
      z.object({
        name: z.string(),
        totalTokens: z.number().int().nullable(),
        meteredCostNanoUsd: Usd,
        unpricedTokens: z.number().int(),
        meteredCostPerMillionTokensNanoUsd: Usd.nullable(),
      }),
    )
    .describe('Models that were metered and ran no job: bought ones. What they cost is in no total here'),
  areTokensKnown: z
    .boolean()
    .describe('False: tokens are metered by UTC day and team, and cannot be narrowed as the question is'),
  periodLength: z.enum(['day', 'week', 'month']),
  periods: z.array(z.string()).describe('Every day, week (its Monday) or month (2026-01) of the range'),
  totalCostNanoUsd: Usd.describe('Of the question: what every other list says'),
  previousTotalCostNanoUsd: Usd.nullable(),
  ...AnswerBasis,
  basis: z.enum(['allocation', 'usage']).describe('Exposure does not add up and is answered as allocation'),
})
export type ModelEconomics = z.output<typeof ModelEconomics>

const LOST: readonly string[] = ['failed', 'cancelled']
const MOST_DAYS = 31
const MOST_WEEK_DAYS = 190

/**
 * What each model cost in the window, dearest first (equal ones by name), then the others together, and what no model was
 * charged; beside it what that is per job, per GPU-hour and per million tokens metered under the model's name, and what of
 * it went into work that failed or was cancelled. Unit prices are rounded half-even to the nano-dollar; totals are exact.
 * Who does not see the whole company gets the part of their teams.
 *
 * @throws HelioxError invalid `analytics.no_jobs_there`, `analytics.too_many_points`; what `visibleQuestion` throws
 */
export async function modelEconomics(scope: Scope, asked: Question & { top: number }): Promise<ModelEconomics> {
  requireFiltersOfJobs(asked)
  const basis = asked.basis === 'usage' ? 'usage' : 'allocation'
  const question = visibleQuestion(scope, { ...asked, basis }, ['model'])
  const { window, cost, isPartial } = question
  const time = periodOf(window)
  const before = { ...question, window: { from: addDays(window.from, -daysIn(window).length), before: window.from } }
  const { cells } = await cellsByName(scope, {
    now: { question, by: { time: null, names: ['model', 'status'] } },
    previous: question.timeZone ? null : { question: before, by: { time: null, names: ['model'] } },
    series: { question, by: { time, names: ['model'] } },
  })
  const metered = await meteredModels(scope, asked)
  const served = await servedModels(scope)
  const periods = periodsIn(window, time)
  const rows = rowsOf({ basis, now: cells.now ?? [], previous: cells.previous, periodCount: periods.length })
  const shown = folded([...rows.values()].sort(byKindThenCost), asked.top)
  requireFewPoints(shown.length * periods.length)
  const at = new Map(periods.map((period, index) => [period, index]))
  for (const cell of cells.series ?? []) {
    const index = at.get(cell.period ?? '')
    const sums = rows.get(keyOf(cell))
    if (sums && index !== undefined) sums.periods[index] = (sums.periods[index] ?? 0n) + cell.costNanoUsd
  }
  const names = new Set([...rows.values()].filter(({ kind }) => kind === 'owner').map(({ name }) => name))
  return {
    rows: shown.map((members) => rowOf(members, metered, served)),
    meteredOnly: [...(metered ?? [])]
      .filter(([name]) => !names.has(name))
      .map(([name, tokens]) => ({ name, ...tokens, ...perMillion(tokens) })),
    areTokensKnown: metered !== null,
    ...{ periodLength: time, periods },
    totalCostNanoUsd: sumOf(cells.now ?? []),
    previousTotalCostNanoUsd: cells.previous && sumOf(cells.previous),
    ...{ basis, cost, isAdditive: true, isPartial },
  }
}

function periodOf(window: Window): Time {
  const days = daysIn(window).length
  return days <= MOST_DAYS ? 'day' : days <= MOST_WEEK_DAYS ? 'week' : 'month'
}

/** A model's figures while they are added up; null previous: not asked. */
type Sums = {
  name: string
  kind: Cell['kind']
  cost: bigint
  previous: bigint | null
  jobs: number
  gpuSeconds: number
  costedGpuSeconds: number
  lostJobs: number
  lost: bigint
  periods: bigint[]
}

function keyOf({ kind, names }: Cell): string {
  return kind === 'owner' ? `owner ${names[0]}` : kind
}

type Told = {
  basis: 'allocation' | 'usage'
  now: readonly Cell[]
  previous: readonly Cell[] | null
  periodCount: number
}

function rowsOf({ basis, now, previous, periodCount }: Told): Map<string, Sums> {
  const all = new Map<string, Sums>()
  const of = (cell: Cell): Sums => {
    const sums = all.get(keyOf(cell)) ?? {
      ...{ name: cell.names[0] ?? '', kind: cell.kind, cost: 0n, previous: previous && 0n, jobs: 0, gpuSeconds: 0 },
      ...{ costedGpuSeconds: 0, lostJobs: 0, lost: 0n, periods: Array.from({ length: periodCount }, () => 0n) },
    }
    all.set(keyOf(cell), sums)
    return sums
  }
  for (const cell of now) {
    const sums = of(cell)
    const held = cell.gpuSeconds ?? 0
    sums.cost += cell.costNanoUsd
    sums.jobs += cell.jobCount ?? 0
    sums.gpuSeconds += held
    const unmeasured = basis === 'usage' ? (cell.unmeasuredGpuSeconds ?? 0) : 0
    sums.costedGpuSeconds += held - (cell.uncostedGpuSeconds ?? 0) - unmeasured
    if (!LOST.includes(cell.names[1] ?? '')) continue
    sums.lostJobs += cell.jobCount ?? 0
    sums.lost += cell.costNanoUsd
  }
  for (const cell of previous ?? []) {
    const sums = of(cell)
    sums.previous = (sums.previous ?? 0n) + cell.costNanoUsd
  }
  return all
}

/** Each row's models: one, or for the one behind the dearest `top` all that are left. */
function folded(sorted: readonly Sums[], top: number): Sums[][] {
  const owners = sorted.filter(({ kind }) => kind === 'owner')
  const others = owners.length > top + 1 ? owners.slice(top) : []
  const own = others.length > 0 ? owners.slice(0, top) : owners
  const rest = sorted.filter(({ kind }) => kind !== 'owner')
  return [...own.map((one) => [one]), ...(others.length > 0 ? [others] : []), ...rest.map((one) => [one])]
}

/** Models that a deployment serves or has served. */
async function servedModels({ db }: Scope): Promise<ReadonlySet<string>> {
  const rows = await db.all<{ model: string }>(sql`select distinct model from deployments`)
  return new Set(rows.map(({ model }) => model))
}

function rowOf(
  members: readonly Sums[],
  metered: ReadonlyMap<string, MeteredModel> | null,
  served: ReadonlySet<string>,
): ModelRow {
  const [first] = members as [Sums, ...Sums[]]
  const total = (figure: (one: Sums) => bigint) => nanoUsd(members.reduce((sum, one) => sum + figure(one), 0n))
  const count = (figure: (one: Sums) => number) => members.reduce((sum, one) => sum + figure(one), 0)
  const isOther = members.length > 1
  const isOwner = first.kind === 'owner'
  const isServed = isOwner && members.some(({ name }) => served.has(name))
  const [cost, jobs, costed] = [
    total((one) => one.cost),
    count((one) => one.jobs),
    count((one) => one.costedGpuSeconds),
  ]
  const tokens = isOwner && !isOther ? (metered?.get(first.name) ?? null) : null
  const seconds = BigInt(Math.round(costed * 1000))
  return {
    ...{ name: isOther ? '__other__' : first.name, kind: isOther ? 'other' : first.kind, modelCount: members.length },
    totalCostNanoUsd: cost,
    previousTotalCostNanoUsd: first.previous === null ? null : total((one) => one.previous ?? 0n),
    isServed,
    jobCount: isOwner ? jobs : null,
    gpuSeconds: isOwner ? count((one) => one.gpuSeconds) : null,
    costedGpuSeconds: isOwner ? costed : null,
    costPerJobNanoUsd: isOwner && !isServed ? per(cost, BigInt(jobs)) : null,
    costPerGpuHourNanoUsd: isOwner ? per(cost * 3_600_000n, seconds) : null,
    lostJobCount: isOwner ? count((one) => one.lostJobs) : null,
    lostCostNanoUsd: isOwner ? total((one) => one.lost) : null,
    totalTokens: tokens?.totalTokens ?? null,
    meteredCostNanoUsd: tokens?.meteredCostNanoUsd ?? null,
    unpricedTokens: tokens?.unpricedTokens ?? null,
    costPerMillionTokensNanoUsd: tokens && per(cost * 1_000_000n, BigInt(tokens.totalTokens ?? 0)),
    meteredCostPerMillionTokensNanoUsd: tokens && perMillion(tokens).meteredCostPerMillionTokensNanoUsd,
    costNanoUsd: first.periods.map((_, index) => total((one) => one.periods[index] ?? 0n)),
  }
}

/** What the meter says a million tokens cost, of those that it knows a cost of. */
function perMillion({ totalTokens, unpricedTokens, meteredCostNanoUsd }: MeteredModel) {
  const priced = BigInt((totalTokens ?? 0) - unpricedTokens)
  return { meteredCostPerMillionTokensNanoUsd: per(meteredCostNanoUsd * 1_000_000n, priced) }
}

/** Null where there is nothing to divide by. */
function per(amount: bigint, count: bigint): NanoUsd | null {
  return count > 0n ? nanoUsd(divideHalfEven(amount, count)) : null
}

function byKindThenCost(a: Sums, b: Sums): number {
  if (a.kind !== b.kind) return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)
  if (a.cost !== b.cost) return a.cost > b.cost ? -1 : 1
  return a.name < b.name ? -1 : 1
}

/** The rows as a table, from the answer as it is written: without the periods, which the daily costs have. */
export function modelsCsv({ rows }: { rows: Record<string, unknown>[] }): Record<string, unknown>[] {
  return rows.map(({ cost_usd: _periods, ...row }) => row)
}
