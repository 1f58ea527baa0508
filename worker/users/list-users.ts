import { asc, count, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { LineText, Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { selectUsers, User, userOf, userWith } from './user-view.ts'

/** `search`: a part of the e-mail or the name, in whatever case. */
export const UsersAsked = z.object({ ...Paging, search: LineText(200).default('') })

export const Users = PageOf('users', User)

/** Everybody who has an account or is invited, by e-mail. */
export async function listUsers(scope: Scope, { search, ...page }: z.output<typeof UsersAsked>) {
  allow(scope, 'people:read')
  const wanted = search === '' ? undefined : matching(search)
  const rows = await selectUsers(scope.db).where(wanted).orderBy(asc(users.email)).limit(page.limit).offset(page.skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(users)
    .where(wanted)
  return pageOf('users', rows.map(userOf), all?.total ?? 0, page, false)
}

/** One person. @throws HelioxError not_found `users.no_user` */
export async function user(scope: Scope, { id }: { id: UserId }): Promise<User> {
  allow(scope, 'people:read')
  return userWith(scope.db, id)
}

/** `instr` and not `like`: a % in the search is a %. */
function matching(search: string): SQL {
  return sql`instr(lower(${users.email}), lower(${search})) + instr(lower(${users.name}), lower(${search})) > 0`
}
