import { z } from 'zod'
import { nanoUsd } from '../../db/units/money.ts'
import { Usd } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { ComparedDays, ComparedWith, type Comparison, comparedWindow, daysOfWindow } from './compared-days.ts'
import { isOwnerName, isTime, NAMES, type Name, type TagName, TIMES, type Time } from './dimensions.ts'
import { ExplorerRow, exploredRows } from './explored-rows.ts'
import { howItWasMade } from './how-it-was-made.ts'
import { type Asking, type Cell, cellsByName } from './ledger.ts'
import { isOfBill } from './parts-of.ts'
import { periodsIn } from './periods.ts'
import { runningJob } from './reconciliation.ts'
import { AnswerBasis, sumOf } from './spend-by.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'

/** What cost is grouped by: a name, a time, or `tag:KEY`. */
const GroupName = z
  .union(
    [
      z.enum([...TIMES, ...NAMES]),
      z
        .string()
        .regex(/^tag:./)
        .transform((name) => name as TagName),
    ],
    {
      error: `must be ${[...TIMES, ...NAMES].join(', ')} or tag:KEY`,
    },
  )
  .meta({ examples: ['team', 'tag:env'] })

const GroupBy = z
  .union([GroupName.transform((name) => [name]), z.array(GroupName).min(1).max(2)], {
    error: `must be one or two of ${[...TIMES, ...NAMES].join(', ')} or tag:KEY`,
  })
  .refine((names) => new Set(names).size === names.length, 'names a group twice')
  .refine((names) => names.filter(isTime).length <= 1, 'takes one of day, week and month')
  .describe('One or two, of them at most one of day, week and month')

/** What the explorer takes beside a cost question. */
export const EXPLORER_FIELDS = {
  groupBy: GroupBy,
  top: z.coerce.number<number>().int().min(1).max(200).default(20).describe('Groups that have a row of their own'),
  compare: ComparedWith.default('none'),
}

export const Explored = z.object({
  rows: z.array(ExplorerRow),
  groupBy: z.array(z.string()),
  periods: z.array(z.string()).nullable().describe('Every day, week (its Monday) or month (2026-01) of the range'),
  totalCostNanoUsd: Usd,
  previousTotalCostNanoUsd: Usd.nullable(),
  previousDays: ComparedDays,
  unlistedCostNanoUsd: Usd.nullable().describe('At list cost: effective cost of the charges that say no list price'),
  ...AnswerBasis,
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
  how: z.string().describe('How the figures were made'),
})
export type Explored = z.output<typeof Explored>

type Asked = Question & {
  groupBy: readonly (Time | Name)[]
  top: number
  compare: Comparison
  /** True: of the days before, the total only. */
  isTotalCompared?: boolean
  /** False: nobody asks how many jobs there were. */
  isCounted?: boolean
}

/**
 * Cost by one or two of time and names: the dearest `top` groups, what the others cost together, and what nobody was
 * charged; by period if asked, zero ones included. Σ rows = total, and Σ periods of a row = the row, except under
 * `exposure` by owners. Everything is of one instant. Who does not see the whole company gets the part of their teams.
 *
 * @throws HelioxError invalid `analytics.too_many_points`; what `visibleQuestion` throws
 */
export async function explore(scope: Scope, asked: Asked): Promise<Explored> {
  const time = asked.groupBy.find((name) => isTime(name)) ?? null
  const names = asked.groupBy.filter((name) => !isTime(name))
  const question = visibleQuestion(scope, asked, names)
  const { window, basis, cost, isPartial } = question
  const isAdditive = basis !== 'exposure' || !names.some(isOwnerName)
  const whole = { time: null, names }
  const compared = comparedWindow(window, asked.compare)
  const before = compared && { ...question, window: compared }
  const isByRow = asked.isTotalCompared !== true
  const totalOf = (of: Visible) => ({
    question: { ...of, basis: basis === 'usage' ? basis : ('allocation' as const) },
    by: { time: null, names: [] },
  })
  const unlisted = totalOf({ ...question, cost: 'effective' })
  const questions = {
    // How many jobs there were in a range is no sum over its days; what they cost is.
    rows: time !== null && (asked.isCounted === false || isOfBill(question, whole)) ? null : { question, by: whole },
    series: time === null ? null : { question, by: { time, names } },
    previous: before && isByRow ? { question: before, by: whole } : null,
    total: isAdditive ? null : totalOf(question),
    previousTotal: before && !(isAdditive && isByRow) ? totalOf(before) : null,
    unlisted: cost === 'list' && !question.timeZone ? { ...unlisted, by: { ...unlisted.by, isUnlisted: true } } : null,
  }
  const { previous, previousTotal, ...now } = questions
  const told = await cellsByName(scope, question.timeZone ? { ...now, ...NO_PREVIOUS } : questions, [
    runningJob(question),
  ])
  const ofBefore = question.timeZone ? await cellsIfTold(scope, { previous, previousTotal }) : {}
  const answers = { ...told.cells, ...ofBefore }
  const running = told.more[0] ?? []
  const periods = time && periodsIn(window, time)
  const rows = exploredRows({ ...answers, isTotal: names.length === 0, periods, top: asked.top })
  const total = (cells: typeof answers.total, figure: (row: ExplorerRow) => bigint | null) =>
    cells ? sumOf(cells) : nanoUsd(rows.reduce((sum, row) => sum + (figure(row) ?? 0n), 0n))
  const isBeforeTold = Boolean(answers.previous ?? answers.previousTotal)
  return {
    rows,
    groupBy: [...asked.groupBy],
    periods,
    totalCostNanoUsd: total(answers.total, (row) => row.totalCostNanoUsd),
    previousTotalCostNanoUsd: isBeforeTold ? total(answers.previousTotal, (row) => row.previousTotalCostNanoUsd) : null,
    previousDays: compared && isBeforeTold ? daysOfWindow(compared) : null,
    unlistedCostNanoUsd: answers.unlisted && sumOf(answers.unlisted),
    basis,
    cost,
    isAdditive,
    isPartial,
    isProvisional: running.length > 0,
    how: howItWasMade(question, names),
  }
}

const NO_PREVIOUS = { previous: null, previousTotal: null }

/** In another zone the days before may have no hours, which is no reason to refuse those that are asked for. */
async function cellsIfTold<Key extends string>(scope: Scope, questions: Record<Key, Asking | null>) {
  const none = Object.fromEntries(Object.keys(questions).map((key) => [key, null])) as Record<Key, Cell[] | null>
  try {
    return (await cellsByName(scope, questions)).cells
  } catch (error) {
    if (error instanceof HelioxError && error.kind === 'invalid') return none
    throw error
  }
}
