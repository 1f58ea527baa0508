import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { DIGEST_PERIODS, type DigestPeriod, SEVERITIES } from '../../db/units/insight.ts'
import { addDays, type Day, dayOf, daysIn } from '../../db/units/time.ts'
import { extent } from '../analytics/extent.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import { DayText, IdText } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readTeam } from '../teams/team.ts'
import { totalTokenUsage } from '../tokens/total-token-usage.ts'
import { findingsOf } from './findings/index.ts'
import { MonthToDate, monthToDate } from './month-to-date.ts'
import { costOf, exploreHref, SpendLine, spendLines } from './spend.ts'
import { lastDayOf, type NamedWindow, windowsOf } from './windows.ts'

/** What a digest is asked for. */
export const DigestAsked = z.object({
  period: z.enum(DIGEST_PERIODS).default('day'),
  day: DayText.optional().describe('The day, or any day of the week; absent: the last that is over'),
  teamId: IdText('team').optional().describe('Of this team alone; absent: of all that the asker sees'),
})

const WindowSpend = z.object({
  name: z.enum([...DIGEST_PERIODS, 'last7', 'last30']),
  start: AnsweredDay,
  end: AnsweredDay.describe('Inside'),
  costNanoUsd: Usd.nullable().describe('Null: none of these days has been billed'),
  previousCostNanoUsd: Usd.nullable().describe('Of as many days just before; null: not all of them are in the ledger'),
  isComplete: z.boolean().describe('False: the bill ends within it, or the days are not over'),
  href: z.string().describe('The rows behind it, on the page'),
})

/** One line that stands out, and where to look. */
export const DigestFinding = z.object({
  kind: z
    .string()
    .describe('What found it')
    .meta({ examples: ['alert'] }),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  href: z.string(),
})
export type DigestFinding = z.output<typeof DigestFinding>

/** What a day or a week cost, and what stood out. Null is unknown, never nothing. */
export const Digest = z.object({
  period: z.enum(DIGEST_PERIODS),
  start: AnsweredDay,
  end: AnsweredDay,
  teamId: AnsweredId('team').nullable(),
  teamName: z.string().nullable(),
  isPartial: z.boolean().describe('True: of the asker’s teams only'),
  billedThroughDay: AnsweredDay.nullable().describe('The last day that has been billed; null: none'),
  windows: z.array(WindowSpend).describe('The period, the 7 days and the 30 days that end with it'),
  linesBy: z.enum(['team', 'model']).describe('Models where the digest is one team’s'),
  lines: z.array(SpendLine).describe('Of the period, dearest first, then what nobody was charged; Σ = its cost'),
  monthToDate: MonthToDate,
  tokens: z
    .object({
      requestCount: z.number().int(),
      failedRequestCount: z.number().int(),
      totalTokens: z.number().int().nullable(),
      costNanoUsd: Usd.describe('Of what has a price'),
      unpricedTokens: z.number().int(),
      href: z.string(),
    })
    .nullable()
    .describe('Metered calls of the period; null: none'),
  findings: z.array(DigestFinding).describe('The gravest first'),
})
export type Digest = z.output<typeof Digest>

/**
 * The digest of the day, or of the week (Monday to Sunday) that it is in. All costs are the ledger's, effective, by
 * allocation. Who does not see the whole company gets their teams.
 *
 * @throws HelioxError forbidden `auth.other_team`; not_found `teams.no_team`
 */
export async function digest(
  scope: Scope,
  asked: { period: DigestPeriod; day?: Day | undefined; teamId?: TeamId | undefined },
): Promise<Digest> {
  allow(scope, 'alerts:read')
  const { period, teamId = null } = asked
  if (teamId) requireTeam(scope, teamId)
  const team = teamId ? await readTeam(scope.db, scope, teamId) : null
  const yesterday = addDays(dayOf(scope.now()), -1)
  const last = asked.day ? lastDayOf(period, asked.day) : lastWhole(period, yesterday)
  const { firstDay, lastDay } = await extent(scope)
  const known = { firstDay, lastDay, yesterday }
  const windows: Digest['windows'] = []
  for (const named of windowsOf(period, last)) windows.push(await windowSpend(scope, named, teamId, known))
  const [own] = windowsOf(period, last) as [NamedWindow]
  const linesBy = teamId ? 'model' : 'team'
  const isBilled = windows[0]?.costNanoUsd !== null
  return {
    ...{ period, start: own.window.from, end: last, teamId, teamName: team?.name ?? null },
    isPartial: visibleTeams(scope) !== null,
    billedThroughDay: lastDay,
    windows,
    linesBy,
    lines: isBilled ? await spendLines(scope, own.window, teamId, linesBy) : [],
    monthToDate: await monthToDate(scope, last, teamId, lastDay),
    tokens: await tokensOf(scope, own, teamId),
    findings: await findingsOf(scope, { window: own.window, teamId }),
  }
}

type Known = { firstDay: Day | null; lastDay: Day | null; yesterday: Day }

async function windowSpend(
  scope: Scope,
  { name, window }: NamedWindow,
  teamId: TeamId | null,
  { firstDay, lastDay, yesterday }: Known,
): Promise<Digest['windows'][number]> {
  const [start, end] = [window.from, addDays(window.before, -1)]
  const about = { name, start, end, href: exploreHref(window, teamId) }
  if (firstDay === null || lastDay === null || start > lastDay || end < firstDay)
    return { ...about, costNanoUsd: null, previousCostNanoUsd: null, isComplete: false }
  const { costNanoUsd, previousCostNanoUsd } = await costOf(scope, window, teamId)
  const isCompared = addDays(start, -daysIn(window).length) >= firstDay
  const isComplete = end <= lastDay && end <= yesterday
  return { ...about, costNanoUsd, previousCostNanoUsd: isCompared ? previousCostNanoUsd : null, isComplete }
}

async function tokensOf(scope: Scope, { window }: NamedWindow, teamId: TeamId | null): Promise<Digest['tokens']> {
  const [start, end] = [window.from, addDays(window.before, -1)]
  const asked = { start, end, groupBy: 'model' as const, ...(teamId ? { teamId } : {}) }
  const { total } = await totalTokenUsage(scope, asked)
  if (total.recordCount === 0) return null
  const { requestCount, failedRequestCount, totalTokens, costNanoUsd, unpricedTokens } = total
  const href = `/tokens?start=${start}&end=${end}${teamId ? `&team_id=${teamId}` : ''}`
  return { requestCount, failedRequestCount, totalTokens, costNanoUsd, unpricedTokens, href }
}

/** The last day of the last period that is over. */
export function lastWhole(period: DigestPeriod, yesterday: Day): Day {
  const last = lastDayOf(period, yesterday)
  return last <= yesterday ? last : addDays(last, -7)
}
