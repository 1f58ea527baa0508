import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, GpuTime, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { isOwnerName, type Name } from './dimensions.ts'
import { type Cell, cellsTogether, KINDS } from './ledger.ts'
import { visibleQuestion } from './visible-question.ts'
import { BASES, COST_KINDS, type Question } from './window.ts'

/** What every list of costs says of itself. */
export const AnswerBasis = {
  basis: z.enum(BASES),
  cost: z.enum(COST_KINDS),
  isAdditive: z.boolean().describe('False: the rows count the same dollar several times'),
  isPartial: z.boolean().describe('True: only the teams of the asker, not the whole company'),
}

/** What jobs of a group held; unknown where the bill's own names take part. */
export const JobFigures = {
  jobCount: z.number().int().nullable().describe('Null with a name or filter that only the bill knows: unknown'),
  gpuSeconds: GpuTime.nullable(),
  unmeasuredGpuSeconds: GpuTime.nullable().describe('Part of the GPU-hours whose cost on the usage basis is unknown'),
}

/** One group, or what is left over: `kind` tells which. */
export const SpendRow = z.object({
  name: z.string(),
  kind: z.enum(KINDS),
  teamId: AnsweredId('team').nullable().describe('Where the group is a team'),
  totalCostNanoUsd: Usd,
  ...JobFigures,
})
export type SpendRow = z.output<typeof SpendRow>

/** `isAdditive` false: the rows do not sum to `totalCostNanoUsd`. */
export const Spend = z.object({ rows: z.array(SpendRow), totalCostNanoUsd: Usd, ...AnswerBasis })
export type Spend = z.output<typeof Spend>

/**
 * What each group cost in the window, dearest first (equal ones by name), then `__idle__`, `__unmeasured__` and
 * `__unallocated__` where they are not zero. On the allocation and usage basis the rows sum to `totalCostNanoUsd`: the
 * effective cost of the window's bill, or with a filter on teams or models, their part of it. A group whose jobs ran
 * where nothing was billed is there with 0 and its GPU time. Who does not see the whole company gets the part of their
 * teams.
 *
 * @throws HelioxError what `visibleQuestion` throws
 */
export async function spendBy(scope: Scope, asked: Question, name: Name): Promise<Spend> {
  const question = visibleQuestion(scope, asked, [name])
  const { basis, cost, isPartial } = question
  const isAdditive = basis !== 'exposure' || !isOwnerName(name)
  const shown = { question, by: { time: null, names: [name] } }
  const bill = { question: { ...question, basis: 'allocation' as const }, by: { time: null, names: [] } }
  const [cells = [], summed = cells] = await cellsTogether(scope, isAdditive ? [shown] : [shown, bill])
  const rows = cells.map(({ period, uncostedGpuSeconds, names, costNanoUsd, ...row }) => ({
    ...{ name: names[0] ?? '', ...row, totalCostNanoUsd: costNanoUsd },
  }))
  rows.sort(
    (a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      compare(b.totalCostNanoUsd, a.totalCostNanoUsd) ||
      (a.name < b.name ? -1 : 1),
  )
  return { rows, totalCostNanoUsd: sumOf(summed), basis, cost, isAdditive, isPartial }
}

/** Σ cost of cells. */
export function sumOf(all: readonly Pick<Cell, 'costNanoUsd'>[]): Cell['costNanoUsd'] {
  return nanoUsd(all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0 // a − b is a bigint, which sort() refuses
}
