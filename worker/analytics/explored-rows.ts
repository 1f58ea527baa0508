import { z } from 'zod'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { type Cell, KINDS, NO_JOBS } from './ledger.ts'
import { JobFigures } from './spend-by.ts'

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
 */
export function exploredRows({ isTotal, rows, series, previous, periods, top }: Answers): ExplorerRow[] {
  const all = new Map<string, ExplorerRow>()
  const rowOf = (cell: Cell): ExplorerRow => {
    const kind: ExplorerRow['kind'] = isTotal ? 'total' : cell.kind
    const key = JSON.stringify([kind, cell.teamId, cell.names])
    const known = all.get(key)
    if (known) return known
    const row: ExplorerRow = {
      ...{ names: [...cell.names], teamId: cell.teamId, kind, totalCostNanoUsd: nanoUsd(0n) },
      previousTotalCostNanoUsd: previous && nanoUsd(0n),
      ...(cell.jobCount === null ? NO_JOBS : { jobCount: 0, gpuSeconds: 0, unmeasuredGpuSeconds: 0 }),
      ...{ groupCount: 1, costNanoUsd: periods?.map(() => nanoUsd(0n)) ?? null },
    }
    all.set(key, row)
    return row
  }
  if (isTotal) rowOf(NOTHING)
  for (const cell of rows ?? series ?? []) {
    const row = rowOf(cell)
    row.totalCostNanoUsd = plus(row.totalCostNanoUsd, cell.costNanoUsd)
    for (const name of JOB_FIGURES) row[name] = cell[name]
  }
  const at = new Map(periods?.map((period, index) => [period, index]))
  for (const cell of series ?? []) {
    const index = at.get(cell.period ?? '')
    const costs = rowOf(cell).costNanoUsd
    if (index !== undefined && costs) costs[index] = plus(costs[index] ?? nanoUsd(0n), cell.costNanoUsd)
  }
  for (const cell of previous ?? []) {
    const row = rowOf(cell)
    row.previousTotalCostNanoUsd = plus(row.previousTotalCostNanoUsd ?? nanoUsd(0n), cell.costNanoUsd)
  }
  return folded([...all.values()], top)
}

const NOTHING: Cell = {
  ...{ period: null, names: [], kind: 'owner', teamId: null, costNanoUsd: nanoUsd(0n) },
  ...{ jobCount: 0, gpuSeconds: 0, unmeasuredGpuSeconds: 0 },
}
const JOB_FIGURES = ['jobCount', 'gpuSeconds', 'unmeasuredGpuSeconds'] as const

function folded(rows: ExplorerRow[], top: number): ExplorerRow[] {
  rows.sort((a, b) => EXPLORED_KINDS.indexOf(a.kind) - EXPLORED_KINDS.indexOf(b.kind) || dearest(a, b))
  const groups = rows.filter(({ kind }) => kind === 'owner')
  const others = groups.slice(top)
  if (others.length === 0) return rows
  const other = others.reduce(sumOfRows)
  const names = other.names.map(() => '__other__')
  const row: ExplorerRow = { ...other, names, teamId: null, kind: 'other', groupCount: others.length }
  return [...groups.slice(0, top), row, ...rows.filter(({ kind }) => kind !== 'owner')]
}

/** Jobs of two groups are different ones: each has one team, model, status and pool. */
function sumOfRows(a: ExplorerRow, b: ExplorerRow): ExplorerRow {
  const figures = JOB_FIGURES.map((name) => [name, a[name] === null || b[name] === null ? null : a[name] + b[name]])
  return {
    ...a,
    totalCostNanoUsd: plus(a.totalCostNanoUsd, b.totalCostNanoUsd),
    previousTotalCostNanoUsd:
      a.previousTotalCostNanoUsd === null ? null : plus(a.previousTotalCostNanoUsd, b.previousTotalCostNanoUsd ?? 0n),
    costNanoUsd: a.costNanoUsd?.map((cost, index) => plus(cost, b.costNanoUsd?.[index] ?? 0n)) ?? null,
    ...(Object.fromEntries(figures) as Pick<ExplorerRow, (typeof JOB_FIGURES)[number]>),
  }
}

function plus(a: bigint, b: bigint): NanoUsd {
  return nanoUsd(a + b)
}

function dearest(a: ExplorerRow, b: ExplorerRow): number {
  if (a.totalCostNanoUsd !== b.totalCostNanoUsd) return a.totalCostNanoUsd > b.totalCostNanoUsd ? -1 : 1
  return JSON.stringify(a.names) < JSON.stringify(b.names) ? -1 : 1
}
