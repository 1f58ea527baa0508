import { eq, sql } from 'drizzle-orm'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { ofHeliox, SERVING_TEAM } from '../deployments/serving-team.ts'
import { HelioxError } from '../errors.ts'
import { requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { noTeam, type Reader } from './team.ts'

type Named = { teamId?: TeamId | undefined; teamName?: string | undefined }

/**
 * Door: the team that input names by its id, by its name in any case, or by both; null where it names none.
 *
 * @throws HelioxError forbidden `auth.other_team` for one that the actor does not see, whether it exists or not
 * @throws HelioxError not_found `teams.no_team`; invalid `teams.two_teams`, `teams.of_heliox`
 */
export async function namedTeam(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  { teamId, teamName }: Named,
): Promise<{ id: TeamId; name: string } | null> {
  if (teamId === undefined && teamName === undefined) return null
  if (teamId !== undefined) requireTeam(scope, teamId)
  const called = teamId === undefined ? sql`${teams.name} = ${teamName} collate nocase` : eq(teams.id, teamId)
  const [team] = await reader.select({ id: teams.id, name: teams.name }).from(teams).where(called)
  if (teamId === undefined && visibleTeams(scope)?.includes(team?.id ?? 'team_0') === false)
    throw new HelioxError('forbidden', 'auth.other_team', `${teamName} is not one of your teams`)
  if (!team) throw noTeam(teamId ?? teamName ?? '')
  if (team.name === SERVING_TEAM) throw ofHeliox()
  if (teamName !== undefined && asciiLower(teamName) !== asciiLower(team.name)) {
    const details = [`team_name: ${team.id} is not called ${teamName}`]
    throw new HelioxError('invalid', 'teams.two_teams', `Invalid request: ${details[0]}`, { details })
  }
  return team
}

/** As the database compares names. */
function asciiLower(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
