import { asc, count } from 'drizzle-orm'
import type { z } from 'zod'
import { teams } from '../../db/schema/teams.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams, Team } from './team.ts'

export const TeamsPage = PageOf('teams', Team)

/** The teams that the actor sees, in the order in which they were made. */
export async function listTeams(
  scope: Scope,
  paging: { skip: number; limit: number },
): Promise<z.output<typeof TeamsPage>> {
  allow(scope, 'ledger:read')
  const mine = ofVisibleTeams(scope, teams.id)
  const { skip, limit } = paging
  const rows = await scope.db.select().from(teams).where(mine).orderBy(asc(teams.id)).limit(limit).offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(teams)
    .where(mine)
  return pageOf('teams', rows, all?.total ?? 0, paging, visibleTeams(scope) !== null)
}
