import { eq } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { users } from '../../db/schema/users.ts'
import type { TeamId, UserId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Role, Scope } from '../scope.ts'

/** A user as the user may see it: never the password's hash. The admin key has no account: nulls but for its role. */
export type Profile = {
  id: UserId | null
  email: string | null
  /** '' where none was given. */
  name: string
  role: Role
  teamId: TeamId | null
  teamName: string | null
  createdAtMs: EpochMs | null
}

/**
 * Who is asking.
 *
 * @throws HelioxError unauthenticated `auth.no_actor` if the user was removed a moment ago
 */
export async function me({ db, actor }: Scope): Promise<Profile> {
  if (actor.userId !== null) return profileOf(db, actor.userId)
  const nobody = { id: null, email: null, teamId: null, teamName: null, createdAtMs: null }
  return { ...nobody, name: actor.label, role: actor.role }
}

/**
 * One user with the name of the team.
 *
 * @throws HelioxError unauthenticated `auth.no_actor` if there is no such user
 */
export async function profileOf(db: Db, userId: UserId): Promise<Profile & { id: UserId }> {
  const [profile] = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      teamId: users.teamId,
      teamName: teams.name,
      createdAtMs: users.createdAtMs,
    })
    .from(users)
    .leftJoin(teams, eq(teams.id, users.teamId))
    .where(eq(users.id, userId))
  if (!profile) throw new HelioxError('unauthenticated', 'auth.no_actor', 'This account no longer exists')
  return profile
}
