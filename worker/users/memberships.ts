import { eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { teamMembers } from '../../db/schema/users.ts'
import type { TeamId, UserId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'

/**
 * Puts a person into those teams and no others.
 *
 * @throws HelioxError invalid `users.no_team`, naming the field
 */
export async function setTeams(tx: Tx, userId: UserId, teamIds: readonly TeamId[]): Promise<void> {
  const known = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(inArray(teams.id, [...teamIds]))
  const details = teamIds.flatMap((id, place) =>
    known.some((team) => team.id === id) ? [] : [`team_ids -> ${place}: there is no team ${id}`],
  )
  if (details.length > 0)
    throw new HelioxError('invalid', 'users.no_team', `Invalid request: ${details[0]}`, { details })
  await tx.delete(teamMembers).where(eq(teamMembers.userId, userId))
  if (teamIds.length > 0) await tx.insert(teamMembers).values(teamIds.map((teamId) => ({ userId, teamId })))
}
