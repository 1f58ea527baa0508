import { and, count, eq, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Usd, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versionOf } from '../versions.ts'

/** A team as it is stored and listed. */
export const Team = z.object({
  id: AnsweredId('team'),
  name: z.string().meta({ examples: ['ml-research'] }),
  description: z.string(),
  budgetNanoUsd: Usd.nullable().describe('Per calendar month; null: none set, which is not a budget of zero'),
  isDemo: z.boolean().describe('Made up, and removed with the demo data'),
  createdAtMs: Instant,
})
export type Team = z.output<typeof Team>

/** One team. The version is that of what can be edited: jobs that come in do not change it. */
export const TeamAlone = Team.extend({ jobCount: z.number().int(), version: Version })
export type TeamAlone = z.output<typeof TeamAlone>

/** What can read: the database, or a transaction. */
export type Reader = Pick<Scope['db'], 'select'>

/**
 * One team and how many jobs it has.
 *
 * @throws HelioxError not_found `teams.no_team`, for another's team as for one that never was
 */
export async function team(scope: Scope, { id }: { id: TeamId }): Promise<TeamAlone> {
  allow(scope, 'ledger:read')
  return alone(scope.db, await readTeam(scope.db, scope, id))
}

/** The stored team, if the actor may see it. @throws HelioxError not_found `teams.no_team` */
export async function readTeam(reader: Reader, scope: Pick<Scope, 'actor'>, id: TeamId): Promise<Team> {
  const [row] = await reader
    .select()
    .from(teams)
    .where(and(eq(teams.id, id), ofVisibleTeams(scope, teams.id)))
  if (!row) throw noTeam(id)
  return row
}

/** The team with what stands beside it when it is answered alone. */
export async function alone(reader: Reader, stored: Team): Promise<TeamAlone> {
  const own = eq(jobs.teamId, stored.id)
  const [row] = await reader
    .select({ jobCount: count().mapWith(Number) })
    .from(jobs)
    .where(own)
  return { ...stored, jobCount: row?.jobCount ?? 0, version: versionOf(stored) }
}

/** The condition that narrows rows to the actor's teams, by the column that holds their team; none for who sees all. */
export function ofVisibleTeams(scope: Pick<Scope, 'actor'>, column: SQLiteColumn): SQL | undefined {
  const rows = visibleTeamRows(scope)
  return rows === null ? undefined : sql`${column} in (select value from json_each(${rows}))`
}

export function noTeam(asked: string): HelioxError {
  return new HelioxError('not_found', 'teams.no_team', `There is no team ${asked}`)
}
