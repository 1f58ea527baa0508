import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, daysIn } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import { cells, type Group, type Kind } from './ledger.ts'
import { isProvisional } from './reconciliation.ts'
import { sumOf } from './spend-by.ts'
import type { Basis, Question } from './window.ts'

/** One group's cost on each of `days`, zero days included. */
export type DailySeries = { name: string; kind: Kind | 'total'; costNanoUsd: NanoUsd[] }
export type DailySpend = {
  days: Day[]
  series: DailySeries[]
  totalCostNanoUsd: NanoUsd
  /** The same number of days just before the window. */
  previousTotalCostNanoUsd: NanoUsd
  basis: Basis
  isAdditive: boolean
  /** A job in the window still runs and is counted up to now. */
  isProvisional: boolean
}

const ORDER: readonly string[] = ['total', 'owner', 'idle', 'unmeasured', 'unallocated']

/**
 * What each day of the window cost, every day of it, in one series (`none`) or one per group; dearest group first, then
 * idle, unmeasured and unallocated. Σ series = total, except under `exposure` by team or model.
 */
export async function dailySpend(scope: Scope, question: Question & { groupBy: Group }): Promise<DailySpend> {
  const { groupBy, window, basis } = question
  const days = daysIn(window)
  const at = new Map(days.map((day, index) => [day, index]))
  const all = new Map<string, DailySeries>()
  for (const cell of await cells(scope, question, groupBy, true)) {
    const kind = groupBy === 'none' ? 'total' : cell.kind
    const key = JSON.stringify([kind, cell.teamId ?? cell.name])
    const series = all.get(key) ?? { name: cell.name, kind, costNanoUsd: days.map(() => nanoUsd(0n)) }
    all.set(key, series)
    const index = cell.day === null ? undefined : at.get(cell.day)
    if (index !== undefined) series.costNanoUsd[index] = cell.costNanoUsd
  }
  if (groupBy === 'none' && all.size === 0)
    all.set('', { name: 'total', kind: 'total', costNanoUsd: days.map(() => nanoUsd(0n)) })

  const before: Question = { ...question, window: { from: addDays(window.from, -days.length), before: window.from } }
  const total = (asked: Question) =>
    cells(scope, { ...asked, basis: basis === 'exposure' ? 'allocation' : basis }, 'none', false)
  return {
    days,
    series: [...all.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || dearest(a, b)),
    totalCostNanoUsd: sumOf(await total(question)),
    previousTotalCostNanoUsd: sumOf(await total(before)),
    basis,
    isAdditive: basis !== 'exposure' || (groupBy !== 'team' && groupBy !== 'model'),
    isProvisional: await isProvisional(scope, question),
  }
}

function dearest(a: DailySeries, b: DailySeries): number {
  const [sumA, sumB] = [a, b].map(({ costNanoUsd }) => costNanoUsd.reduce((sum, cost) => sum + cost, 0n))
  return (sumB ?? 0n) > (sumA ?? 0n) ? 1 : (sumB ?? 0n) < (sumA ?? 0n) ? -1 : a.name < b.name ? -1 : 1
}
