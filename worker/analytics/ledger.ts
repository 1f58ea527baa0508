import type { SQL } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { billPart } from './bill-part.ts'
import { isByOwner } from './conditions.ts'
import { type Grouping, isBillName, isOwnerName } from './dimensions.ts'
import { exposurePart } from './exposure-part.ts'
import { ownersPart } from './owners-part.ts'
import { leftOverPart, pooledPart } from './pools-part.ts'
import type { Visible } from './visible-question.ts'

/** What a row of an answer is: an owner's part, what rules gave to teams without a job, or what nobody was charged. */
export const KINDS = ['owner', 'assigned', 'idle', 'unmeasured', 'unallocated'] as const
export type Kind = (typeof KINDS)[number]

/** What one group cost in one period (null: in the whole window). `teamId` where one of its names is a team. */
export type Cell = {
  period: string | null
  /** In the order of the grouping; `__idle__` and its like stand where an owner would. */
  names: readonly string[]
  kind: Kind
  teamId: TeamId | null
  costNanoUsd: NanoUsd
  jobCount: number
  gpuSeconds: number
  /** GPU time, of `gpuSeconds`, whose cost on the usage basis is unknown: it is in `__unmeasured__`, not in `cost`. */
  unmeasuredGpuSeconds: number
}

/** A row of a statement: `period`, `cost` and what else the part selects. */
export type Row = Record<string, unknown>
/** Statements of an answer, and how their rows become cells. */
export type Part = { statements: SQL[]; read: (answers: Row[][]) => Cell[] }

/**
 * The one engine behind every answer: cost by names, and by period if asked. Grouped by owners (team, model, status) they
 * are followed by idle, unmeasured and unallocated cost; other groups are parts of the bill itself. Either way the cells
 * sum to the bill of the window and its pools, except under `exposure`, where each team or model gets the whole cost of
 * every pool it touched. With a filter on owners only their part is there. Groups that cost nothing and ran nothing are
 * absent.
 *
 * Takes several questions and answers them from one instant, so that what stands side by side adds up. With a filter on
 * teams, as everybody has who does not see the whole company, nothing of another team's or of the bill is in a cell.
 *
 * @throws HelioxError invalid `analytics.no_owner_there`: a bill does not know whose its accounts and regions are
 */
export async function cellsTogether(
  scope: Pick<Scope, 'db'>,
  asked: readonly { question: Visible; by: Grouping }[],
): Promise<Cell[][]> {
  return (await cellsBeside(scope, asked, [])).cells
}

/** The same, and the rows of further statements of the same instant. */
export async function cellsBeside(
  { db }: Pick<Scope, 'db'>,
  asked: readonly { question: Visible; by: Grouping }[],
  beside: readonly SQL[],
): Promise<{ cells: Cell[][]; beside: Row[][] }> {
  const parts = asked.map(({ question, by }) => partsOf(question, by))
  const own = parts.flatMap((part) => part.flatMap(({ statements }) => statements))
  const answers = await readBatch(db, [...own, ...beside])
  const rowsAt = (index: number) => (answers[index]?.rows ?? []) as unknown as Row[]
  let at = 0
  const cells = parts.map((part) =>
    part.flatMap(({ statements, read }) => {
      const rows = statements.map((_, index) => rowsAt(at + index))
      at += statements.length
      return read(rows)
    }),
  )
  return { cells, beside: beside.map((_, index) => rowsAt(own.length + index)) }
}

function partsOf(question: Visible, by: Grouping): Part[] {
  const bill = by.names.find(isBillName)
  if (bill !== undefined) {
    if (isByOwner(question) || by.names.some(isOwnerName))
      throw new HelioxError(
        'invalid',
        'analytics.no_owner_there',
        `Cost by ${bill} cannot be narrowed to a team or model`,
      )
    return [billPart(question, by)]
  }
  if (by.names.some(isOwnerName)) {
    if (question.basis === 'exposure') return [exposurePart(question, by)]
    return isByOwner(question) ? [ownersPart(question, by)] : [ownersPart(question, by), leftOverPart(question, by)]
  }
  return [isByOwner(question) ? ownersPart(question, by) : pooledPart(question, by)]
}

/** A cell of a row; its team is for who knows one. */
export function cellOf(row: Row, names: readonly string[], kind: Kind): Cell {
  const { period, cost, jobs, gpu_ms: held, unmeasured_gpu_ms: unmeasured } = row as Record<string, bigint | undefined>
  return {
    ...{ period: (period ?? null) as string | null, names, kind, teamId: null, costNanoUsd: (cost ?? 0n) as NanoUsd },
    ...{ jobCount: Number(jobs ?? 0n), gpuSeconds: gpuSecondsOfMs(held ?? 0n) },
    unmeasuredGpuSeconds: gpuSecondsOfMs(unmeasured ?? 0n),
  }
}
