import { addDays, type Day, dayOf, daysIn } from '../../db/units/time.ts'
import type { Name } from '../analytics/dimensions.ts'
import { extent } from '../analytics/extent.ts'
import { type Cell, cellsTogether } from '../analytics/ledger.ts'
import { visibleQuestion } from '../analytics/visible-question.ts'
import type { Question } from '../analytics/window.ts'
import { machine, type Scope } from '../scope.ts'
import { MOST_HISTORY } from './project.ts'

export const MEASURES = ['cost', 'gpu_hours'] as const
export type Measure = (typeof MEASURES)[number]

/** Complete days of one group: amounts in nano-dollars, or GPU-seconds, one per day from `start` on. */
export type History = {
  name: string
  kind: Cell['kind'] | 'total' | 'other'
  teamId: Cell['teamId']
  start: Day
  amounts: bigint[]
}

export type Histories = { end: Day | null; histories: History[]; isPartial: boolean }

/** Groups that are told apart, dearest first; the others are told together. */
const MOST_GROUPS = 20

/**
 * The last day of which all is known: the last one of the bill, and never today, which is not over. Null: nothing was billed.
 * It is the same for everybody: which days the company's bill has is no secret of a team's.
 */
export async function lastCompleteDay(scope: Scope): Promise<Day | null> {
  const { lastDay } = await extent({ ...scope, actor: machine('forecast') })
  const yesterday = addDays(dayOf(scope.now()), -1)
  return lastDay === null ? null : lastDay < yesterday ? lastDay : yesterday
}

/**
 * What each complete day cost or held, by group, up to two years back: zero days are days, those before a group's first
 * amount are not. Who does not see the whole company gets the part of their teams.
 *
 * @throws HelioxError what `visibleQuestion` throws
 */
export async function histories(
  scope: Scope,
  asked: Omit<Question, 'window'> & { measure: Measure; groupBy: 'none' | Name },
  most: number = MOST_GROUPS,
): Promise<Histories> {
  const { measure, groupBy, ...question } = asked
  const names = groupBy === 'none' ? [] : [groupBy]
  const end = await lastCompleteDay(scope)
  const before = addDays(end ?? dayOf(scope.now()), 1)
  const window = { from: addDays(before, -MOST_HISTORY), before }
  const visible = visibleQuestion(scope, { ...question, window }, names)
  if (end === null) return { end, histories: [], isPartial: visible.isPartial }
  const [cells = []] = await cellsTogether(scope, [{ question: visible, by: { time: 'day', names } }])
  const days = daysIn(window)
  const at = new Map<string, number>(days.map((day, index) => [day, index]))
  const groups = new Map<string, History>()
  for (const cell of cells) {
    const amount = amountOf(cell, measure)
    const index = at.get(cell.period ?? '')
    if (index === undefined || amount === 0n) continue
    const key = names.length === 0 ? '' : JSON.stringify([cell.kind, cell.teamId, cell.names])
    const group = groups.get(key) ?? {
      name: names.length === 0 ? 'total' : (cell.names[0] ?? ''),
      kind: names.length === 0 ? 'total' : cell.kind,
      ...{ teamId: cell.teamId, start: window.from, amounts: days.map(() => 0n) },
    }
    groups.set(key, group)
    group.amounts[index] = (group.amounts[index] as bigint) + amount
  }
  return { end, histories: folded([...groups.values()], most).map(fromFirst), isPartial: visible.isPartial }
}

function amountOf({ costNanoUsd, gpuSeconds }: Cell, measure: Measure): bigint {
  return measure === 'cost' ? costNanoUsd : BigInt(Math.round(gpuSeconds ?? 0))
}

/** Dearest first by the last four weeks; those beyond the most as one. */
function folded(all: History[], most: number): History[] {
  const weight = ({ amounts }: History) => Number(amounts.slice(-28).reduce((sum, amount) => sum + amount, 0n))
  const sorted = all
    .map((one) => ({ one, by: weight(one) }))
    .sort((a, b) => b.by - a.by || (a.one.name < b.one.name ? -1 : 1))
  const shown = sorted.slice(0, most).map(({ one }) => one)
  const [first, ...rest] = sorted.slice(most).map(({ one }) => one)
  if (!first) return shown
  const amounts = first.amounts.map((amount, day) =>
    rest.reduce((sum, one) => sum + (one.amounts[day] as bigint), amount),
  )
  return [...shown, { ...first, name: '__other__', kind: 'other', teamId: null, amounts }]
}

/** Days before anything was there are no history. */
export function fromFirst(history: History): History {
  const first = Math.max(
    0,
    history.amounts.findIndex((amount) => amount !== 0n),
  )
  return { ...history, start: addDays(history.start, first), amounts: history.amounts.slice(first) }
}
