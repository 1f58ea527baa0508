import { eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { ROLES, users } from '../../db/schema/users.ts'
import { idText, type UserId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { versionOf } from '../versions.ts'

/** What a person's account is: `invited` until a password is set or an identity is linked, `disabled` whatever else it is. */
export const UserStatus = z.enum(['active', 'invited', 'disabled'])

/** A person as administrators see them: never a hash, never a link. */
export const User = z.object({
  id: AnsweredId('user'),
  email: z.string().meta({ examples: ['ada@example.com'] }),
  /** '' where none was given. */
  name: z.string(),
  role: z.enum(ROLES),
  /** In the order in which they were made. Administrators and finance see every team, whichever stand here. */
  teams: z.array(z.object({ id: AnsweredId('team'), name: z.string() })),
  status: UserStatus,
  hasPassword: z.boolean(),
  createdAtMs: Instant,
  /** Null: never yet. */
  signedInAtMs: Instant.nullable(),
  /** Of what can be edited: a sign-in does not change it. */
  version: Version,
})
export type User = z.output<typeof User>

/** Of a row of `users`: whoever has neither a password nor a linked identity has yet to join. */
export const HAS_JOINED = sql`(users.password_hash <> ''
  or exists (select 1 from identities i where i.user_id = users.id))`

type Reader = Pick<Tx, 'select'>

/** Users as SQL reads them; tables are written out, since Drizzle leaves the table's name off in a query of one table. */
export function selectUsers(db: Reader) {
  return db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      isDisabled: users.isDisabled,
      createdAtMs: users.createdAtMs,
      signedInAtMs: users.signedInAtMs,
      hasPassword: flag(sql`users.password_hash <> ''`),
      hasJoined: flag(HAS_JOINED),
      teams: sql<string>`(select json_group_array(json_object('row', t.id, 'name', t.name))
        from team_members m join teams t on t.id = m.team_id where m.user_id = users.id)`,
    })
    .from(users)
}

/** One row of `selectUsers` as its answer. */
export function userOf(row: Awaited<ReturnType<typeof selectUsers>>[number]): User {
  const { isDisabled, hasJoined, signedInAtMs, createdAtMs, teams, ...rest } = row
  const edited = {
    ...rest,
    teams: teamsOf(teams),
    status: isDisabled ? ('disabled' as const) : hasJoined ? ('active' as const) : ('invited' as const),
    createdAtMs,
  }
  return { ...edited, signedInAtMs, version: versionOf(edited) }
}

/** @throws HelioxError not_found `users.no_user` */
export async function userWith(db: Reader, id: UserId): Promise<User> {
  const [row] = await selectUsers(db).where(eq(users.id, id))
  if (!row) throw new HelioxError('not_found', 'users.no_user', `There is no user ${id}`)
  return userOf(row)
}

/** What of a user `version` is of: all that can be edited. */
export function editedOf({ signedInAtMs: _, version: __, ...edited }: User): object {
  return edited
}

/** What the audit log says of a user. */
export function notedOf({ name, role, teams, status }: User) {
  return { name, role, teams, status }
}

function teamsOf(json: string): User['teams'] {
  const rows = JSON.parse(json) as { row: number; name: string }[]
  return rows.sort((a, b) => a.row - b.row).map(({ row, name }) => ({ id: idText('team', row), name }))
}

function flag(condition: SQL) {
  return sql`${condition}`.mapWith((value: bigint) => Number(value) === 1) as SQL<boolean>
}
