import type { SQL } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Window } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import type { Grouping } from './dimensions.ts'
import {
  ALL_VERSIONS,
  addedUp,
  daysOf,
  type KeptMonth,
  type KeptMonths,
  keptMonthsOf,
  keyOfMonth,
  monthsWithin,
  versionsOf,
} from './kept-months.ts'
import type { Measure } from './measures.ts'
import { isOfBill, partsOf } from './parts-of.ts'
import { requireFewPoints } from './too-many-points.ts'
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
export async function cellsTogether(scope: Reader, asked: readonly Asking[]): Promise<Cell[][]> {
  return (await cellsBeside(scope, asked, [])).cells
}

/** The same, and the rows of further statements of the same instant. */
export async function cellsBeside(
  scope: Reader,
  asked: readonly Asking[],
  beside: readonly SQL[],
): Promise<{ cells: Cell[][]; beside: Row[][] }> {
  const kept = keptMonthsOf(scope)
  for (let turn = 0; kept && turn < MOST_TURNS; turn += 1) {
    const answer = await readOnce(scope, asked.map(inMonths), beside, kept)
    if (answer) return answer
  }
  const answer = await readOnce(scope, asked.map(inOne), beside, null)
  return answer as NonNullable<typeof answer> // nothing kept, nothing out of date
}

/** A question in pieces: whole months, which are kept, and what is read each time. */
type Pieces = { asking: Asking; months: string[]; parts: Part[] }

/** Of the months of one answer, before they are added up: beyond it a Worker's memory ends. */
const MOST_CELLS_AT_ONCE = 600_000

/** How often a month may change between its being read and the answer before nothing is kept for it. */
const MOST_TURNS = 3

function inOne(asking: Asking): Pieces {
  return { asking, months: [], parts: partsOf(asking) }
}

/** What takes the bill's own names is dear, and each day's part of it stands for itself. */
function inMonths(asking: Asking): Pieces {
  const { question, by } = asking
  const isDear = isOfBill(question, by) && !question.timeZone && question.basis !== 'exposure'
  if (!isDear) return inOne(asking)
  const { months, edges } = monthsWithin(question.window)
  return { asking, months, parts: edges.flatMap((window) => partsOf(inWindow(asking, window))) }
}

function inWindow(asking: Asking, window: Window): Asking {
  return { ...asking, question: { ...asking.question, window } }
}

/** Null: a kept month is of another version than the rest, and is kept no longer. */
async function readOnce(
  { db }: Reader,
  pieces: readonly Pieces[],
  beside: readonly SQL[],
  kept: KeptMonths | null,
): Promise<{ cells: Cell[][]; beside: Row[][] } | null> {
  const found = new Map<Pieces, { month: string; key: string; kept: KeptMonth }[]>()
  let cellCount = 0
  for (const piece of pieces) {
    const months = []
    for (const month of piece.months) {
      const key = keyOfMonth(piece.asking, month)
      const one = kept?.get(key) ?? (await readMonth(db, piece.asking, month))
      kept?.set(key, one)
      months.push({ month, key, kept: one })
      cellCount += one.cells.length
      if (cellCount > MOST_CELLS_AT_ONCE) requireFewPoints(cellCount)
    }
    found.set(piece, months)
  }
  const all = [...found.values()].flat()
  const statements = pieces.flatMap(({ parts }) => parts.flatMap((part) => part.statements))
  const answers = await readRows(db, [...statements, ...beside, ...(all.length > 0 ? [ALL_VERSIONS] : [])])
  const versionOf = versionsOf(all.length > 0 ? (answers.pop() ?? []) : [])
  const outdated = all.filter((one) => one.kept.version !== versionOf(one.month))
  for (const { key } of outdated) kept?.delete(key)
  if (outdated.length > 0) return null
  const cells = pieces.map((piece) => {
    const read = piece.parts.map((part) => part.read(answers.splice(0, part.statements.length)))
    const months = found.get(piece) ?? []
    return months.length > 0 ? addedUp([...months.map((one) => one.kept.cells), ...read]) : read.flat()
  })
  return { cells, beside: answers }
}

async function readMonth(db: Scope['db'], asking: Asking, month: string): Promise<KeptMonth> {
  const parts = partsOf(inWindow(asking, daysOf(month)))
  const [versions = [], ...rows] = await readRows(db, [ALL_VERSIONS, ...parts.flatMap(({ statements }) => statements)])
  const cells = parts.flatMap(({ statements, read }) => read(rows.splice(0, statements.length)))
  return { version: versionsOf(versions)(month), cells }
}

async function readRows(db: Scope['db'], statements: readonly SQL[]): Promise<Row[][]> {
  return (await readBatch(db, statements)).map(({ rows }) => rows as unknown as Row[])
}

/** Where answers are read, and what keeps months between questions. */
type Reader = Pick<Scope, 'db' | 'isolate'>

/** A question, how its answer is grouped, and measures of owners to sum up beside cost. */
export type Asking = { question: Visible; by: Grouping; more?: readonly Measure[] }

/** `cellsTogether` of questions by name, null for those that are not asked; and the rows of `more` statements. */
export async function cellsByName<Key extends string>(
  scope: Reader,
  questions: Record<Key, Asking | null>,
  more: readonly SQL[] = [],
): Promise<{ cells: Record<Key, Cell[] | null>; more: Row[][] }> {
  const keys = Object.keys(questions) as Key[]
  const asked = keys.flatMap((key) => questions[key] ?? [])
  const answers = await cellsBeside(scope, asked, more)
  const cells = keys.map((key) => [key, questions[key] ? (answers.cells.shift() ?? []) : null])
  return { cells: Object.fromEntries(cells) as Record<Key, Cell[] | null>, more: answers.beside }
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
