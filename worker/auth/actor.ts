import { and, eq, gt, isNull } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/users.ts'
import { idText, type UserId } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { keyActor } from '../keys/key-actor.ts'
import { KEY_PREFIX } from '../keys/key-text.ts'
import type { Actor, Role } from '../scope.ts'
import { invalidToken, readAccessToken, tokenExpired } from './access-token.ts'
import { giveSessionCookie, isSecure, sessionIdIn } from './cookie.ts'
import { isSameSecret, sha256Hex } from './digest.ts'
import { ACTOR_COLUMNS, luciaFor } from './lucia.ts'
import { seesWholeCompany } from './me.ts'
import { noteUse } from './note-use.ts'
import { replaceSession } from './replace-session.ts'

/**
 * Who asks: by `Authorization: Bearer` (an access token, an API key or the admin key), else `X-API-Key` (one of the
 * keys), else the session cookie; null without any. A cookie whose session has ended counts as none, so that a browser
 * gets to the sign-in page. Sessions are read from the database each time: what has ended stays ended, whoever restarts.
 * One whose owner's rights have changed since gets a new id: a browser with this answer, an API client by refreshing.
 *
 * @throws HelioxError unauthenticated `auth.token_expired`, `auth.invalid_token`, `auth.invalid_api_key`, `auth.disabled`
 * @throws HelioxError limit_reached `keys.rate_limited`
 */
export async function actorOf(asking: Asking): Promise<Actor | null> {
  const { headers } = asking.request
  const authorization = headers.get('authorization')
  if (authorization !== null) return bearerActor(asking, authorization)
  const key = headers.get('x-api-key')
  if (key !== null) return keyActor(asking, key)
  const sessionId = sessionIdIn(asking.request)
  return sessionId === null ? null : cookieActor(asking, sessionId)
}

/** The token of an `Authorization: Bearer` header; null for other schemes. */
export function bearerToken(authorization: string): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null
}

async function bearerActor(asking: Asking, authorization: string): Promise<Actor> {
  const token = bearerToken(authorization)
  if (token === null) throw invalidToken()
  if (token.startsWith(KEY_PREFIX) || isSameSecret(token, asking.settings.adminApiKey)) return keyActor(asking, token)
  const { sub, sid } = await readAccessToken(asking, token)
  const [found] = await asking.db
    .select({
      user: { id: users.id, ...ACTOR_COLUMNS },
      session: { family: sessions.family, isOutdated: sessions.isOutdated, usedAtMs: sessions.usedAtMs },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.idHash, sid),
        eq(sessions.kind, 'token'),
        eq(sessions.userId, sub),
        isNull(sessions.replacedAtMs),
        gt(sessions.expiresAtMs, asking.now()),
      ),
    )
  if (!found) throw invalidToken()
  const actor = userActor(found.user, found.session.family)
  if (found.session.isOutdated) throw tokenExpired()
  await noteUse(asking, sid, found.session.usedAtMs)
  return actor
}

async function cookieActor(asking: Asking, sessionId: string): Promise<Actor | null> {
  const { session, user } = await luciaFor(asking, isSecure(asking.request)).validateSession(sessionId)
  if (!user || session.kind !== 'browser') return null
  const actor = userActor(user, session.family)
  if (session.replacedAtMs !== null) return actor // its successor is on its way to the browser
  const next = session.isOutdated ? await replaceSession(asking, 'rotate', sessionId) : null
  if (next) giveSessionCookie(asking, next.sessionId)
  else if (session.fresh && !session.isOutdated) giveSessionCookie(asking, sessionId)
  await noteUse(asking, sha256Hex(sessionId), session.usedAtMs)
  return actor
}

/** A person by id, with the rights that they have now and no session; null: gone or disabled. A door, for what goes on after their request. */
export async function personOf({ db }: Pick<Asking, 'db'>, id: UserId): Promise<Actor | null> {
  const [user] = await db
    .select({ id: users.id, ...ACTOR_COLUMNS })
    .from(users)
    .where(eq(users.id, id))
  return user && !user.isDisabled ? { ...userActor(user, ''), sessionFamily: null } : null
}

type KnownUser = { id: UserId; email: string; role: Role; isDisabled: boolean; teamRows: string }

function userActor({ id, email, role, isDisabled, teamRows }: KnownUser, sessionFamily: string): Actor {
  if (isDisabled) throw disabled()
  const own = (JSON.parse(teamRows) as number[]).sort((a, b) => a - b).map((row) => idText('team', row))
  const teamIds = seesWholeCompany(role) ? null : own
  return { userId: id, keyId: null, label: email, role, teamIds, keyScopes: null, sessionFamily }
}

/** An administrator has disabled this account. */
export function disabled(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.disabled', 'This account is disabled: ask an administrator')
}
