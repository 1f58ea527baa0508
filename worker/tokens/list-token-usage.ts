import { count, desc, eq, getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import { teams } from '../../db/schema/teams.ts'
import { tokenUsage } from '../../db/schema/tokens.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { Paging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { narrowed, TokenFilters, TokenUsage } from './token-usage.ts'

export const TokenUsageAsked = z.object({ ...Paging, ...TokenFilters }).refine(daysInOrder, DAYS_IN_ORDER)

export const TokenUsagePage = PageOf('calls', TokenUsage)

/** Metered calls of the actor's teams, the newest first. @throws HelioxError forbidden `auth.other_team` */
export async function listTokenUsage(
  scope: Scope,
  asked: z.output<typeof TokenUsageAsked>,
): Promise<z.output<typeof TokenUsagePage>> {
  allow(scope, 'ledger:read')
  const where = narrowed(scope, asked)
  const { createdBy, changedBy, seenBy, ...columns } = getTableColumns(tokenUsage)
  const rows = await scope.db
    .select({ ...columns, teamName: teams.name })
    .from(tokenUsage)
    .leftJoin(teams, eq(teams.id, tokenUsage.teamId))
    .where(where)
    .orderBy(desc(tokenUsage.day), desc(tokenUsage.startedAtMs), desc(tokenUsage.id))
    .limit(asked.limit)
    .offset(asked.skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(tokenUsage)
    .where(where)
  return pageOf('calls', rows, all?.total ?? 0, asked, visibleTeams(scope) !== null)
}
