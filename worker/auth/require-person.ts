import type { UserId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** Who is signed in. For what only an account has, such as sessions: keys have none. */
export type Person = { userId: UserId; sessionFamily: string }

/** First line of such a verb. @throws HelioxError forbidden `auth.people_only` for API keys and the admin key */
export function requirePerson({ actor: { userId, sessionFamily } }: Pick<Scope, 'actor'>): Person {
  if (userId === null || sessionFamily === null)
    throw new HelioxError('forbidden', 'auth.people_only', 'This is for people who are signed in: a key has no account')
  return { userId, sessionFamily }
}
