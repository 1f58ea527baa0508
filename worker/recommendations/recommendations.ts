import { z } from 'zod'
import { RECOMMENDATION_STATUSES, type RecommendationStatus } from '../../db/units/insight.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { DayText, IdText } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { combined } from './combine.ts'
import { type Advice, findAdvice } from './find.ts'
import { ADVICE_KINDS } from './kinds/index.ts'
import { LOOK_DAYS, lookWindow } from './look-window.ts'
import { aMonth, MONTH_DAYS } from './monthly.ts'
import { withoutOverlap } from './overlap.ts'
import { readEstate } from './read-estate.ts'
import { KindName, Recommendation } from './recommendation.ts'
import { isMine, readStates } from './states.ts'

export const RecommendationsAsked = z
  .object({
    start: DayText.optional().describe(`First day that advice is made of; absent: the last ${LOOK_DAYS} with a bill`),
    end: DayText.optional().describe('Last day; one that is not complete is left out'),
    teamId: IdText('team').optional(),
    kind: KindName.optional(),
    status: z.enum(RECOMMENDATION_STATUSES).optional().describe('Of the rows; totals are of all'),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)

const Total = z.object({ count: z.number().int(), savingNanoUsd: Usd })

export const Recommendations = z.object({
  recommendations: z.array(Recommendation),
  totals: z
    .object({
      open: Total,
      accepted: Total,
      done: Total.describe('What it promised when it was decided'),
      verified: Total.describe('Of what is done: what the ledger says it saves'),
      dismissed: Total.describe('What it promised when it was decided'),
      potentialNanoUsd: Usd.describe('Open and accepted: no dollar twice'),
      overlapNanoUsd: Usd.describe('What the savings of those add up to beyond it'),
    })
    .describe('A month'),
  kinds: z.array(z.object({ kind: KindName, name: z.string(), how: z.string() })),
  notLooked: z
    .array(z.object({ kind: KindName, thing: z.string(), missing: z.string() }))
    .describe('What nothing is recommended about, and what data is missing for it'),
  start: AnsweredDay.nullable().describe('Null: no complete day has a bill'),
  end: AnsweredDay.nullable(),
  isPartial: z.boolean().describe('True: of the asker’s teams only'),
  how: z.string(),
})
export type Recommendations = z.output<typeof Recommendations>

const HOW = [
  `A saving is that of the window’s complete days × ${MONTH_DAYS} ÷ their number, at your own rates; where another price takes part, its source and date stand in the formula.`,
  'Nothing is recommended without rows of your data that bear it out: they stand beside it. What would save less than 0.05 % of the GPU cost, or of the cost of tokens, is not told.',
  'Savings overlap: the same GPU-hours can be idle and dear. In the total each pool-day, team’s part, job’s day and team’s tokens count once: the surest advice first, then the greatest saving, each for the share of its cost that none before it is about.',
].join(' ')

/**
 * What could cost less, the greatest saving a month first, what it rests on, and what became of it. Found anew from the
 * ledger each time; what was decided is kept under the advice’s key. Who does not see the whole company gets the advice of
 * their teams.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function recommendations(
  scope: Scope,
  asked: z.output<typeof RecommendationsAsked>,
): Promise<Recommendations> {
  allow(scope, 'ledger:read')
  if (asked.teamId) requireTeam(scope, asked.teamId)
  const { all, notLooked, window, found } = await readAdvice(scope, asked)
  const isAsked = (one: { teamId: Recommendation['teamId']; kind: string }) =>
    (!asked.teamId || one.teamId === asked.teamId) && (!asked.kind || one.kind === asked.kind)
  const rows = counted(all.filter(isAsked), found)
  return {
    recommendations: rows.filter(({ status }) => !asked.status || status === asked.status),
    totals: totalsOf(rows),
    kinds: ADVICE_KINDS.map(({ kind, name, how }) => ({ kind, name, how })),
    notLooked: notLooked.filter(({ kind }) => !asked.kind || kind === asked.kind),
    ...{ start: window?.from ?? null, end: window && addDays(window.before, -1) },
    ...{ isPartial: visibleTeams(scope) !== null, how: HOW },
  }
}

/** All advice that the actor sees, each counted as if alone. */
export async function readAdvice(scope: Scope, asked: Pick<z.output<typeof RecommendationsAsked>, 'start' | 'end'>) {
  const window = await lookWindow(scope, asked)
  const estate = window && (await readEstate(scope, window))
  const { found, notLooked } = estate ? findAdvice(estate) : { found: [], notLooked: [] }
  const mine = found.filter((one) => isMine(scope, one))
  const all = combined(mine, await readStates(scope.db, scope), estate?.teamNames ?? new Map())
  return { all, notLooked, window, found: mine }
}

/** With what each adds to a total without overlap: open and accepted advice that the data bears out. */
function counted(rows: readonly Recommendation[], found: readonly Advice[]): Recommendation[] {
  const adviceOf = new Map(found.map((one) => [one.key, one]))
  const counting = rows.filter(isCounted).flatMap(({ key }) => adviceOf.get(key) ?? [])
  const parts = withoutOverlap(counting)
  const partOf = new Map(counting.map((one, at) => [one.key, aMonth(parts[at] ?? 0n, one.days)]))
  return rows.map((row) => ({ ...row, countedNanoUsd: partOf.get(row.key) ?? nanoUsd(0n) }))
}

function isCounted({ status, isStillFound }: Recommendation): boolean {
  return isStillFound && (status === 'open' || status === 'accepted')
}

function totalsOf(rows: readonly Recommendation[]): Recommendations['totals'] {
  const total = (some: readonly Recommendation[], of: (one: Recommendation) => bigint) => ({
    ...{ count: some.length, savingNanoUsd: nanoUsd(some.reduce((sum, one) => sum + of(one), 0n)) },
  })
  const by = (status: RecommendationStatus) => rows.filter((one) => one.status === status)
  const promised = ({ decision, savingNanoUsd }: Recommendation) => decision?.savingNanoUsd ?? savingNanoUsd
  const [open, accepted] = [by('open'), by('accepted')].map((some) => total(some, (one) => one.countedNanoUsd))
  const potential = (open?.savingNanoUsd ?? 0n) + (accepted?.savingNanoUsd ?? 0n)
  const alone = rows.filter(isCounted).reduce((sum, one) => sum + one.savingNanoUsd, 0n)
  return {
    ...{ open: open ?? NOTHING, accepted: accepted ?? NOTHING },
    ...{ done: total(by('done'), promised), dismissed: total(by('dismissed'), promised) },
    verified: total(
      rows.filter(({ verified }) => verified !== null),
      ({ verified }) => verified?.savingNanoUsd ?? 0n,
    ),
    ...{ potentialNanoUsd: nanoUsd(potential), overlapNanoUsd: nanoUsd(alone - potential) },
  }
}

const NOTHING = { count: 0, savingNanoUsd: nanoUsd(0n) }
