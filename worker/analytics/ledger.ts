import type { SQL } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Scope } from '../scope.ts'
import { isByBill } from './bill-conditions.ts'
import { billPart } from './bill-part.ts'
import { isByOwner } from './conditions.ts'
import { crossPart } from './cross-part.ts'
import { type Grouping, isBillName, isOwnerName } from './dimensions.ts'
import { exposurePart } from './exposure-part.ts'
import type { Measure } from './measures.ts'
import { ownersPart } from './owners-part.ts'
import { leftOverPart, pooledPart } from './pools-part.ts'
import type { Visible } from './visible-question.ts'
import { zoneOf } from './zone.ts'
import { zonePart } from './zone-part.ts'

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
  /** Null, as the two below, where the bill takes part: it does not know of jobs. */
  jobCount: number | null
  gpuSeconds: number | null
  /** GPU time, of `gpuSeconds`, whose cost on the usage basis is unknown: it is in `__unmeasured__`, not in `cost`. */
  unmeasuredGpuSeconds: number | null
  /** GPU time on pool-days without a bill. */
  uncostedGpuSeconds: number | null
  /** The sums of further measures, where a question asks for `more`; a part that no owner has is without. */
  sums?: Readonly<Partial<Record<Measure, bigint>>>
}

/** What a bill cannot say of a cell: unknown is not zero. */
export const NO_JOBS = { jobCount: null, gpuSeconds: null, unmeasuredGpuSeconds: null, uncostedGpuSeconds: null }

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
 * `more`: measures of owners to sum up beside cost, by names of owners and pools.
 *
 * @throws HelioxError invalid `analytics.too_many_parts`; in days of another zone than UTC what `zoneOf` and `zonePart` throw
 */
export async function cellsTogether(scope: Pick<Scope, 'db'>, asked: readonly Asking[]): Promise<Cell[][]> {
  return (await cellsBeside(scope, asked, [])).cells
}

/** The same, and the rows of further statements of the same instant. */
export async function cellsBeside(
  { db }: Pick<Scope, 'db'>,
  asked: readonly Asking[],
  beside: readonly SQL[],
): Promise<{ cells: Cell[][]; beside: Row[][] }> {
  const parts = asked.map(partsOf)
  const statements = parts.flatMap((part) => part.flatMap((one) => one.statements))
  const answers = await readBatch(db, [...statements, ...beside])
  const rowsOf = (from: number, count: number) =>
    answers.slice(from, from + count).map(({ rows }) => rows as unknown as Row[])
  let at = 0
  const cells = parts.map((part) =>
    part.flatMap(({ statements: own, read }) => {
      at += own.length
      return read(rowsOf(at - own.length, own.length))
    }),
  )
  return { cells, beside: rowsOf(at, beside.length) }
}

/** A question, how its answer is grouped, and measures of owners to sum up beside cost. */
export type Asking = { question: Visible; by: Grouping; more?: readonly Measure[] }

/** `cellsTogether` of questions by name, null for those that are not asked; and the rows of `more` statements. */
export async function cellsByName<Key extends string>(
  scope: Pick<Scope, 'db'>,
  questions: Record<Key, Asking | null>,
  more: readonly SQL[] = [],
): Promise<{ cells: Record<Key, Cell[] | null>; more: Row[][] }> {
  const keys = Object.keys(questions) as Key[]
  const asked = keys.flatMap((key) => questions[key] ?? [])
  const answers = await cellsBeside(scope, asked, more)
  const cells = keys.map((key) => [key, questions[key] ? (answers.cells.shift() ?? []) : null])
  return { cells: Object.fromEntries(cells) as Record<Key, Cell[] | null>, more: answers.beside }
}

function partsOf({ question, by, more = [] }: Asking): Part[] {
  const zone = zoneOf(question)
  if (zone) return [zonePart(question, by, zone)]
  const isOfOwners = isByOwner(question) || by.names.some(isOwnerName)
  if (question.basis === 'exposure' && by.names.some(isOwnerName)) return [exposurePart(question, by)]
  if (isOfBill(question, by)) return [isOfOwners ? crossPart(question, by) : billPart(question, by)]
  if (by.names.some(isOwnerName)) {
    const owners = ownersPart(question, by, more)
    return isByOwner(question) ? [owners] : [owners, leftOverPart(question, by)]
  }
  return [isByOwner(question) ? ownersPart(question, by, more) : pooledPart(question, by, more)]
}

/** Whether an answer needs what only the bill knows, which is not how many jobs there were. */
export function isOfBill(question: Visible, { names, isUnlisted = false }: Grouping): boolean {
  return isUnlisted || isByBill(question) || names.some(isBillName)
}

/** A cell of a row; its team is for who knows one. */
export function cellOf(row: Row, names: readonly string[], kind: Kind, more: readonly Measure[] = []): Cell {
  const {
    period,
    cost,
    jobs,
    gpu_ms: held,
    unmeasured_gpu_ms: unmeasured,
    uncosted_gpu_ms: uncosted,
  } = row as Record<string, bigint | undefined>
  return {
    ...{ period: (period ?? null) as string | null, names, kind, teamId: null, costNanoUsd: (cost ?? 0n) as NanoUsd },
    ...{ jobCount: Number(jobs ?? 0n), gpuSeconds: gpuSecondsOfMs(held ?? 0n) },
    unmeasuredGpuSeconds: gpuSecondsOfMs(unmeasured ?? 0n),
    uncostedGpuSeconds: gpuSecondsOfMs(uncosted ?? 0n),
    ...(more.length > 0 ? { sums: Object.fromEntries(more.map((name) => [name, row[name] ?? 0n])) } : {}),
  }
}
