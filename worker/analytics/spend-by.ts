import { nanoUsd } from '../../db/units/money.ts'
import type { Scope } from '../scope.ts'
import { type Cell, cellsTogether, type Group, type Kind } from './ledger.ts'
import type { Basis, Question } from './window.ts'

export type SpendRow = Omit<Cell, 'day' | 'costNanoUsd'> & { totalCostNanoUsd: Cell['costNanoUsd'] }
/** `isAdditive` false: the rows count the same dollar several times, and do not sum to `totalCostNanoUsd`. */
export type Spend = { rows: SpendRow[]; totalCostNanoUsd: Cell['costNanoUsd']; basis: Basis; isAdditive: boolean }

const ORDER: readonly Kind[] = ['owner', 'idle', 'unmeasured', 'unallocated']

/**
 * What each group cost in the window, dearest first (equal ones by name), then `__idle__`, `__unmeasured__` and
 * `__unallocated__` where they are not zero. On the allocation and usage basis the rows sum to `totalCostNanoUsd`: the
 * effective cost of the window's bill, or with a filter on teams or models, their part of it. A group whose jobs ran
 * where nothing was billed is there with 0 and its GPU time.
 */
export async function spendBy(scope: Scope, question: Question, group: Group): Promise<Spend> {
  const { basis } = question
  const isAdditive = basis !== 'exposure' || (group !== 'team' && group !== 'model')
  const asked = { question, group, byDay: false }
  const bill = { ...asked, question: { ...question, basis: 'allocation' as const } }
  const [rows = [], summed = rows] = await cellsTogether(scope, isAdditive ? [asked] : [asked, bill])
  rows.sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      compare(b.costNanoUsd, a.costNanoUsd) ||
      (a.name < b.name ? -1 : 1),
  )
  return {
    rows: rows.map(({ day, costNanoUsd, ...row }) => ({ ...row, totalCostNanoUsd: costNanoUsd })),
    totalCostNanoUsd: sumOf(summed),
    ...{ basis, isAdditive },
  }
}

/** Σ cost of cells. */
export function sumOf(all: readonly Pick<Cell, 'costNanoUsd'>[]): Cell['costNanoUsd'] {
  return nanoUsd(all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0 // a − b is a bigint, which sort() refuses
}
