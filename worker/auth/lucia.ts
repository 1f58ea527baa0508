import { and, eq, gt, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { type Adapter, type DatabaseSession, generateIdFromEntropySize, Lucia, TimeSpan } from 'lucia'
import type { Db } from '../../db/client.ts'
import { sessions, teamMembers, users } from '../../db/schema/users.ts'
import { rowOf, type UserId } from '../../db/units/ids.ts'
import { DAY_MS, type EpochMs } from '../../db/units/time.ts'
import type { Role } from '../scope.ts'
import { sha256Hex } from './digest.ts'

const SESSION_DAYS = 30
export const SESSION_MS = SESSION_DAYS * DAY_MS

/** How long a browser's old id still signs in after a new one took over: requests may be on their way with it. */
export const OVERLAP_MS = 60_000

export type SessionKind = 'browser' | 'token'
type SessionAttributes = Pick<
  typeof sessions.$inferSelect,
  'family' | 'kind' | 'replacedAtMs' | 'isOutdated' | 'userAgent' | 'address' | 'usedAtMs'
>
type OwnerId = UserId // in the block below, UserId is Lucia's own
type UserAttributes = { email: string; role: Role; isDisabled: boolean; teamRows: string }

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionAttributes, UserAttributes>
    UserId: OwnerId
    DatabaseSessionAttributes: SessionAttributes
    DatabaseUserAttributes: UserAttributes
  }
}

/** What of a user decides what a request may do; `teamRows` is a JSON list of row numbers. */
export const ACTOR_COLUMNS = {
  email: users.email,
  role: users.role,
  isDisabled: users.isDisabled,
  teamRows: sql`(select json_group_array(${teamMembers.teamId}) from ${teamMembers}
    where ${teamMembers.userId} = ${users.id})` as SQL<string>,
}

/** Where sessions are kept and what time it is. */
export type SessionStore = {
  readonly db: Pick<Db, 'select' | 'update' | 'delete' | 'run'>
  readonly now: () => EpochMs
}

/**
 * Lucia for one request (the database client lives no longer). Sessions last 30 days; one that `validateSession` sees
 * in its second half lasts 30 days again, and is `fresh` in that answer. On https the cookie has the prefix `__Host-`,
 * so that no other host of the domain can plant one.
 */
export function luciaFor(store: SessionStore, isSecure: boolean): Lucia<SessionAttributes, UserAttributes> {
  return new Lucia(adapterFor(store), {
    sessionExpiresIn: new TimeSpan(SESSION_DAYS, 'd'),
    sessionCookie: {
      name: cookieName(isSecure),
      attributes: { secure: isSecure, sameSite: 'lax', path: '/' },
    },
    getSessionAttributes: (attributes) => attributes,
    getUserAttributes: (attributes) => attributes,
  })
}

/** The name of the browser's cookie. */
export function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-heliox_session' : 'heliox_session'
}

/** A new secret of 200 random bits, in 40 letters and digits: a session id, which is also its refresh token. */
export function newSessionId(): string {
  return generateIdFromEntropySize(25)
}

/**
 * Lucia's seven methods on our table, which holds only the SHA-256 of an id. Lucia reads the machine's clock: instants that
 * it reads are moved by the difference to ours, which is nothing in production. An expiry that it sets is always 30 days
 * ahead, and is counted from our clock, which is exact.
 */
function adapterFor({ db, now }: SessionStore): Adapter {
  const aheadMs = () => Date.now() - now()
  const fullTerm = () => (now() + SESSION_MS) as EpochMs
  const lucias = (instant: EpochMs) => new Date(instant + aheadMs())
  const session = (id: string, row: typeof sessions.$inferSelect): DatabaseSession => {
    const { userId, expiresAtMs, family, kind, replacedAtMs, isOutdated, userAgent, address, usedAtMs } = row
    const attributes = { family, kind, replacedAtMs, isOutdated, userAgent, address, usedAtMs }
    return { id, userId, expiresAt: lucias(expiresAtMs), attributes }
  }
  const named = (id: string) => eq(sessions.idHash, sha256Hex(id))
  const overlaps = () => and(eq(sessions.kind, 'browser'), gt(sessions.replacedAtMs, (now() - OVERLAP_MS) as EpochMs))
  return {
    async getSessionAndUser(id) {
      const [row] = await db
        .select({ session: sessions, ...ACTOR_COLUMNS })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(named(id), or(isNull(sessions.replacedAtMs), overlaps())))
      if (!row) return [null, null]
      const { session: found, ...attributes } = row
      return [session(id, found), { id: found.userId, attributes }]
    },
    /** Their `id` is the hash: enough to tell them apart, useless as a credential. */
    async getUserSessions(userId) {
      const rows = await db.select().from(sessions).where(eq(sessions.userId, userId))
      return rows.map((row) => session(row.idHash, row))
    },
    async setSession({ id, userId, attributes }) {
      const { family, kind, userAgent, address } = attributes
      const created = sql`insert into sessions (id_hash, user_id, family, kind, created_at_ms, expires_at_ms, user_agent, address)
        values (${sha256Hex(id)}, ${BigInt(rowOf('user', userId) ?? 0)}, ${family}, ${kind}, ${BigInt(now())},
          ${BigInt(fullTerm())}, ${userAgent}, ${address})`
      await db.run(created)
    },
    async updateSessionExpiration(id) {
      await db.update(sessions).set({ expiresAtMs: fullTerm() }).where(named(id))
    },
    async deleteSession(id) {
      await db.delete(sessions).where(named(id))
    },
    async deleteUserSessions(userId) {
      await db.delete(sessions).where(eq(sessions.userId, userId))
    },
    async deleteExpiredSessions() {
      await db.delete(sessions).where(lte(sessions.expiresAtMs, now()))
    },
  }
}
