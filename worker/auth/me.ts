import { and, asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { ROLES, teamMembers, users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { AnsweredId, Instant } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** A user as the user may see it: never the password's hash. A key has no account: nulls but for its role and team. */
export const Profile = z
  .object({
    id: AnsweredId('user').nullable(),
    email: z.string().nullable(),
    /** '' where none was given. */
    name: z.string(),
    role: z.enum(ROLES),
    teams: z.array(z.object({ id: AnsweredId('team'), name: z.string() })),
    /** The first of `teams`, for clients that know one team per person. */
    teamId: AnsweredId('team').nullable(),
    teamName: z.string().nullable(),
    /** Every row of the company is visible, not only those of `teams`. */
    seesWholeCompany: z.boolean(),
    createdAtMs: Instant.nullable(),
    /** Else the person signs in elsewhere, and there is no password to change. */
    hasPassword: z.boolean(),
  })
  .meta({ id: 'Profile' })
export type Profile = z.output<typeof Profile>

/**
 * Who is asking.
 *
 * @throws HelioxError unauthenticated `auth.no_actor` if the user was removed a moment ago
 */
export async function me({ db, actor }: Scope): Promise<Profile> {
  if (actor.userId !== null) return profileOf(db, actor.userId)
  const [teamId] = actor.teamIds ?? []
  const own = teamId ? await db.select({ id: teams.id, name: teams.name }).from(teams).where(eq(teams.id, teamId)) : []
  const nobody = { id: null, email: null, createdAtMs: null, hasPassword: false }
  return {
    ...nobody,
    name: actor.label,
    role: actor.role,
    ...teamFields(own),
    seesWholeCompany: actor.teamIds === null,
  }
}

/**
 * One user with the names of the teams, in their order.
 *
 * @throws HelioxError unauthenticated `auth.no_actor` if there is no such user
 */
export async function profileOf(db: Db, userId: UserId): Promise<Profile & { id: UserId }> {
  const rows = await db
    .select({
      user: {
        ...{ id: users.id, email: users.email, name: users.name, role: users.role, createdAtMs: users.createdAtMs },
        hasPassword: sql<bigint>`${users.passwordHash} <> ''`.mapWith((flag) => Number(flag) === 1),
      },
      team: { id: teams.id, name: teams.name },
    })
    .from(users)
    .leftJoin(teamMembers, eq(teamMembers.userId, users.id))
    .leftJoin(teams, and(eq(teams.id, teamMembers.teamId)))
    .where(eq(users.id, userId))
    .orderBy(asc(teams.id))
  const [first] = rows
  if (!first) throw new HelioxError('unauthenticated', 'auth.no_actor', 'This account no longer exists')
  const own = rows.flatMap(({ team }) => (team ? [team] : []))
  return { ...first.user, ...teamFields(own), seesWholeCompany: seesWholeCompany(first.user.role) }
}

/** Whether a person with this role sees every row; the others see the rows of their teams. */
export function seesWholeCompany(role: Profile['role']): boolean {
  return role === 'admin' || role === 'finance'
}

function teamFields(own: Profile['teams']): Pick<Profile, 'teams' | 'teamId' | 'teamName'> {
  return { teams: own, teamId: own[0]?.id ?? null, teamName: own[0]?.name ?? null }
}
