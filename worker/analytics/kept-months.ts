import { type SQL, sql } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { nanoUsd } from '../../db/units/money.ts'
import type { Day, Window } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import type { Asking, Cell, Row } from './ledger.ts'
import { monthOf, nextMonth } from './periods.ts'
import { requireFewPoints } from './too-many-points.ts'

/** What all kept months of an isolate hold together, some tens of megabytes. */
const MOST_CELLS = 50_000

/** The cells of a whole month, and which version of the month they are of. */
export type KeptMonth = { version: bigint; cells: readonly Cell[] }
export type KeptMonths = LRUCache<string, KeptMonth>

const memories = new WeakMap<object, KeptMonths>()

/** What this isolate keeps of months, by question; null for who keeps nothing. */
export function keptMonthsOf({ isolate }: Pick<Scope, 'isolate'>): KeptMonths | null {
  if (!isolate) return null
  const known =
    memories.get(isolate) ??
    new LRUCache<string, KeptMonth>({ maxSize: MOST_CELLS, sizeCalculation: ({ cells }) => cells.length + 1 })
  memories.set(isolate, known)
  return known
}

/** Of one month: which question it is an answer to. */
export function keyOfMonth({ question, by }: Asking, month: string): string {
  const { basis, cost, filters } = question
  return JSON.stringify([month, basis, cost, filters, by])
}

/** The whole months of a window in order, and what is left of it at its edges. */
export function monthsWithin({ from, before }: Window): { months: string[]; edges: Window[] } {
  const months: string[] = []
  const first = from.endsWith('-01') ? monthOf(from) : nextMonth(monthOf(from))
  for (let month = first; daysOf(month).before <= before; month = nextMonth(month)) months.push(month)
  const [start, end] = [months[0], months.at(-1)]
  if (start === undefined || end === undefined) return { months: [], edges: [{ from, before }] }
  const edges = [
    { from, before: daysOf(start).from },
    { from: daysOf(end).before, before },
  ]
  return { months, edges: edges.filter((edge) => edge.from < edge.before) }
}

/** The days of a month. */
export function daysOf(month: string): Window {
  return { from: `${month}-01` as Day, before: `${nextMonth(month)}-01` as Day }
}

/** The version of every month: a row each. */
export const ALL_VERSIONS: SQL = sql`select month, version from ledger_months`

/** What `ALL_VERSIONS` answered. A month without anything has version 0. */
export function versionsOf(rows: readonly Row[]): (month: string) => bigint {
  const versions = new Map(rows.map((row) => [row.month as string, row.version as bigint]))
  return (month) => versions.get(month) ?? 0n
}

/**
 * Cells of parts of a window as those of the window: what has the same place is added up, and absent where that is nothing.
 * For cells of the bill, which know no jobs.
 *
 * @throws HelioxError invalid `analytics.too_many_points`
 */
export function addedUp(parts: readonly (readonly Cell[])[]): Cell[] {
  const sums = new Map<string, Cell>()
  for (const cell of parts.flat()) {
    const key = JSON.stringify([cell.period, cell.kind, cell.names, cell.teamId])
    const known = sums.get(key)
    sums.set(key, known ? { ...known, costNanoUsd: nanoUsd(known.costNanoUsd + cell.costNanoUsd) } : cell)
  }
  requireFewPoints(sums.size)
  return [...sums.values()].filter(({ costNanoUsd }) => costNanoUsd !== 0n)
}
