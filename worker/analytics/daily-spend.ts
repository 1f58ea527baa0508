import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, daysIn } from '../../db/units/time.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { isOwnerName, type Name } from './dimensions.ts'
import { type Cell, cellsTogether, KINDS } from './ledger.ts'
import { isProvisional } from './reconciliation.ts'
import { AnswerBasis, sumOf } from './spend-by.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'

const SERIES_KINDS = ['total', ...KINDS] as const

/** One group's cost on each of `days`, zero days included. */
export const DailySeries = z.object({ name: z.string(), kind: z.enum(SERIES_KINDS), costNanoUsd: z.array(Usd) })
export type DailySeries = z.output<typeof DailySeries>

export const DailySpend = z.object({
  days: z.array(AnsweredDay),
  series: z.array(DailySeries),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable().describe(
    'The same number of days just before the window; null: they cannot be told in the time zone',
  ),
  ...AnswerBasis,
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
})
export type DailySpend = z.output<typeof DailySpend>

/** What a daily series is grouped by. */
export const DAILY_GROUPS = ['none', 'provider', 'gpu_type', 'team', 'model', 'status', 'account', 'region'] as const
export type DailyGroup = 'none' | Name

/** Days × groups of one answer: beyond it nobody reads, and a Worker's memory ends. */
const MOST_POINTS = 200_000

/**
 * What each day of the window cost, every day of it, in one series (`none`) or one per group; dearest group first, then
 * idle, unmeasured and unallocated. Σ series = total, except under `exposure` by team or model. Who does not see the whole
 * company gets the part of their teams, in the days before as well.
 *
 * @throws HelioxError invalid `analytics.too_many_points`, `analytics.no_owner_there`; what `visibleQuestion` throws
 */
export async function dailySpend(scope: Scope, asked: Question & { groupBy: DailyGroup }): Promise<DailySpend> {
  const names = asked.groupBy === 'none' ? [] : [asked.groupBy]
  const question = visibleQuestion(scope, asked, names)
  const { window, basis, cost, isPartial } = question
  const days = daysIn(window)
  const bill: Visible = { ...question, basis: basis === 'exposure' ? 'allocation' : basis }
  const before: Visible = { ...bill, window: { from: addDays(window.from, -days.length), before: window.from } }
  const total = { time: null, names: [] }
  const shown = [
    { question, by: { time: 'day', names } as const },
    { question: bill, by: total },
  ]
  const isZoned = question.timeZone !== undefined
  const [cells = [], summed = [], previous] = await cellsTogether(
    scope,
    isZoned ? shown : [...shown, { question: before, by: total }],
  )
  const series = names.length === 0 ? seriesOf(days, cells, 'total') : seriesOf(days, cells)
  return {
    days,
    series: series.sort((a, b) => SERIES_KINDS.indexOf(a.kind) - SERIES_KINDS.indexOf(b.kind) || dearest(a, b)),
    totalCostNanoUsd: sumOf(summed),
    previousTotalCostNanoUsd: previous ? sumOf(previous) : await totalIfTold(scope, before),
    basis,
    cost,
    isAdditive: basis !== 'exposure' || !names.some(isOwnerName),
    isPartial,
    isProvisional: await isProvisional(scope, question),
  }
}

/** In another zone the days before may have no hours, which is no reason to refuse those that are asked for. */
async function totalIfTold(scope: Scope, question: Visible): Promise<DailySpend['previousTotalCostNanoUsd']> {
  try {
    const [cells = []] = await cellsTogether(scope, [{ question, by: { time: null, names: [] } }])
    return sumOf(cells)
  } catch (error) {
    if (error instanceof HelioxError && error.kind === 'invalid') return null
    throw error
  }
}

/** Dense series of cells; a total is there even when nothing is. @throws HelioxError invalid `analytics.too_many_points` */
function seriesOf(days: readonly Day[], cells: readonly Cell[], total?: 'total'): DailySeries[] {
  const at = new Map(days.map((day, index) => [day, index]))
  const all = new Map<string, DailySeries>()
  const empty = (name: string, kind: DailySeries['kind']): DailySeries => {
    if ((all.size + 1) * days.length > MOST_POINTS) throw tooManyPoints(days.length)
    return { name, kind, costNanoUsd: days.map(() => nanoUsd(0n)) }
  }
  if (total) all.set(total, empty(total, total))
  for (const cell of cells) {
    const key = total ?? JSON.stringify([cell.kind, cell.teamId ?? cell.names])
    const series = all.get(key) ?? empty(cell.names[0] ?? '', cell.kind)
    all.set(key, series)
    const index = at.get(cell.period as Day)
    if (index !== undefined) series.costNanoUsd[index] = cell.costNanoUsd
  }
  return [...all.values()]
}

function tooManyPoints(days: number): HelioxError {
  const message = `More than ${Math.floor(MOST_POINTS / days)} groups over ${days} days: ask for fewer days or narrow the groups`
  return new HelioxError('invalid', 'analytics.too_many_points', message)
}

function dearest(a: DailySeries, b: DailySeries): number {
  const [sumA, sumB] = [a, b].map(({ costNanoUsd }) => costNanoUsd.reduce((sum, cost) => sum + cost, 0n))
  return (sumB ?? 0n) > (sumA ?? 0n) ? 1 : (sumB ?? 0n) < (sumA ?? 0n) ? -1 : a.name < b.name ? -1 : 1
}
