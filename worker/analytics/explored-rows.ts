import { z } from 'zod'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { type Cell, KINDS } from './ledger.ts'
import { JobFigures } from './spend-by.ts'
import { requireFewPoints } from './too-many-points.ts'

/** What a row of the explorer is: `other` is the groups beyond the dearest, `total` the one row without names. */
export const EXPLORED_KINDS = ['total', 'owner', 'other', ...KINDS.filter((kind) => kind !== 'owner')] as const

export const ExplorerRow = z.object({
  names: z.array(z.string()).describe('In the order of group_by, without the time; empty text: the charge has none'),
  teamId: AnsweredId('team').nullable().describe('Where one of the names is a team'),
  kind: z.enum(EXPLORED_KINDS),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable(),
  ...JobFigures,
  groupCount: z.number().int().describe('How many groups `other` holds; 1 for the others'),
  costNanoUsd: z.array(Usd).nullable().describe('One per period'),
})
export type ExplorerRow = z.output<typeof ExplorerRow>

type Cells = readonly Cell[] | null
type Answers = {
  isTotal: boolean
  /** Of the whole window; null: Σ series. */
  rows: Cells
  series: Cells
  previous: Cells
  periods: readonly string[] | null
  top: number
}

/**
 * Rows of cells: groups dearest first (equal ones by name), `__other__` for those beyond `top`, then what rules gave
 * without a job, idle, unmeasured and unallocated. A group of the days before that is not there any more has a row with
 * cost 0, so that the previous costs sum up as well. Without names there is one row, whatever there is.
 *
 * @throws HelioxError invalid `analytics.too_many_points`
 */
export function exploredRows({ isTotal, rows, series, previous, periods, top }: Answers): ExplorerRow[] {
  const all = new Map<string, ExplorerRow>()
  const keyOf = ({ kind, teamId, names }: Cell) => (isTotal ? '' : JSON.stringify([kind, teamId, names]))
  const rowOf = (cell: Cell): ExplorerRow => {
    const row = all.get(keyOf(cell)) ?? emptyRow(cell, isTotal ? 'total' : cell.kind, previous !== null)
    all.set(keyOf(cell), row)
    return row
  }
  if (isTotal) rowOf(NOTHING)
  for (const cell of rows ?? series ?? []) {
    const row = rowOf(cell)
    row.totalCostNanoUsd = plus(row.totalCostNanoUsd, cell.costNanoUsd)
    for (const name of JOB_FIGURES) row[name] = cell[name]
  }
  for (const cell of previous ?? []) {
    const row = rowOf(cell)
    row.previousTotalCostNanoUsd = plus(row.previousTotalCostNanoUsd ?? 0n, cell.costNanoUsd)
  }
  const { shown, shownOf } = folded([...all.values()], top)
  if (periods) fillPeriods(shown, (cell) => shownOf(all.get(keyOf(cell))), series ?? [], periods)
  return shown
}

function emptyRow(cell: Cell, kind: ExplorerRow['kind'], isCompared: boolean): ExplorerRow {
  return {
    ...{ names: [...cell.names], teamId: cell.teamId, kind, totalCostNanoUsd: nanoUsd(0n) },
    previousTotalCostNanoUsd: isCompared ? nanoUsd(0n) : null,
    ...(cell.jobCount === null ? UNKNOWN : { jobCount: 0, gpuSeconds: 0, unmeasuredGpuSeconds: 0 }),
    ...{ groupCount: 1, costNanoUsd: null },
  }
}

const NOTHING: Cell = {
  ...{ period: null, names: [], kind: 'owner', teamId: null, costNanoUsd: nanoUsd(0n) },
  ...{ jobCount: 0, gpuSeconds: 0, unmeasuredGpuSeconds: 0, uncostedGpuSeconds: 0 },
}
const UNKNOWN = { jobCount: null, gpuSeconds: null, unmeasuredGpuSeconds: null }
const JOB_FIGURES = ['jobCount', 'gpuSeconds', 'unmeasuredGpuSeconds'] as const

/** The rows in their order, those beyond `top` as one, and which of them a row is in. */
function folded(rows: ExplorerRow[], top: number) {
  rows.sort((a, b) => EXPLORED_KINDS.indexOf(a.kind) - EXPLORED_KINDS.indexOf(b.kind) || dearest(a, b))
  const groups = rows.filter(({ kind }) => kind === 'owner')
  const others = new Set(groups.slice(top))
  if (others.size === 0) return { shown: rows, shownOf: (row: ExplorerRow | undefined) => row }
  const other = [...others].reduce(sumOfRows)
  const row: ExplorerRow = { ...other, names: other.names.map(() => '__other__'), teamId: null, kind: 'other' }
  const shown = [...groups.slice(0, top), row, ...rows.filter(({ kind }) => kind !== 'owner')]
  return { shown, shownOf: (one: ExplorerRow | undefined) => (one && others.has(one) ? row : one) }
}

/** Jobs of two groups are different ones: each has one team, model, status and pool. */
function sumOfRows(a: ExplorerRow, b: ExplorerRow): ExplorerRow {
  const figures = JOB_FIGURES.map((name) => [name, a[name] === null || b[name] === null ? null : a[name] + b[name]])
  const [before, alsoBefore] = [a.previousTotalCostNanoUsd, b.previousTotalCostNanoUsd]
  return {
    ...a,
    totalCostNanoUsd: plus(a.totalCostNanoUsd, b.totalCostNanoUsd),
    previousTotalCostNanoUsd: before === null || alsoBefore === null ? null : plus(before, alsoBefore),
    groupCount: a.groupCount + b.groupCount,
    ...(Object.fromEntries(figures) as Pick<ExplorerRow, (typeof JOB_FIGURES)[number]>),
  }
}

/** Adds the cells up in the row that each is in, one cost per period, zero ones included. */
function fillPeriods(
  shown: readonly ExplorerRow[],
  rowOf: (cell: Cell) => ExplorerRow | undefined,
  series: readonly Cell[],
  periods: readonly string[],
): void {
  requireFewPoints(shown.length * periods.length)
  for (const row of shown) row.costNanoUsd = periods.map(() => nanoUsd(0n))
  const at = new Map(periods.map((period, index) => [period, index]))
  for (const cell of series) {
    const costs = rowOf(cell)?.costNanoUsd
    const index = at.get(cell.period ?? '')
    if (costs && index !== undefined) costs[index] = plus(costs[index] ?? 0n, cell.costNanoUsd)
  }
}

function plus(a: bigint, b: bigint): NanoUsd {
  return nanoUsd(a + b)
}

function dearest(a: ExplorerRow, b: ExplorerRow): number {
  if (a.totalCostNanoUsd !== b.totalCostNanoUsd) return a.totalCostNanoUsd > b.totalCostNanoUsd ? -1 : 1
  return JSON.stringify(a.names) < JSON.stringify(b.names) ? -1 : 1
}
