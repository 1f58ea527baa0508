import { and, eq, gt, isNull } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/users.ts'
import { idText, type UserId } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { keyActor } from '../keys/key-actor.ts'
import { KEY_PREFIX } from '../keys/key-text.ts'
import type { Actor, Role } from '../scope.ts'
import { invalidToken, readAccessToken } from './access-token.ts'
import { giveSessionCookie, isSecure, sessionIdIn } from './cookie.ts'
import { isSameSecret } from './digest.ts'
import { ACTOR_COLUMNS, luciaFor } from './lucia.ts'
import { seesWholeCompany } from './me.ts'

/**
 * Who asks: by `Authorization: Bearer` (an access token, an API key or the admin key), else `X-API-Key` (one of the
 * keys), else the session cookie; null without any. A cookie whose session has ended counts as none, so that a browser gets to the
 * sign-in page. Sessions are read from the database each time: what has ended stays ended, whoever restarts.
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
  const [user] = await asking.db
    .select({ id: users.id, ...ACTOR_COLUMNS })
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
  if (!user) throw invalidToken()
  return userActor(user)
}

async function cookieActor(asking: Asking, sessionId: string): Promise<Actor | null> {
  const { session, user } = await luciaFor(asking, isSecure(asking.request)).validateSession(sessionId)
  if (!user || session.kind !== 'browser') return null
  const actor = userActor(user)
  if (session.fresh) giveSessionCookie(asking, sessionId)
  return actor
}

type KnownUser = { id: UserId; email: string; role: Role; isDisabled: boolean; teamRows: string }

function userActor({ id, email, role, isDisabled, teamRows }: KnownUser): Actor {
  if (isDisabled) throw disabled()
  const own = (JSON.parse(teamRows) as number[]).sort((a, b) => a - b).map((row) => idText('team', row))
  return { userId: id, keyId: null, label: email, role, teamIds: seesWholeCompany(role) ? null : own, keyScopes: null }
}

/** An administrator has disabled this account. */
export function disabled(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.disabled', 'This account is disabled: ask an administrator')
}
