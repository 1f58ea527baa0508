import { and, asc, countDistinct, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { sessions } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { Instant, PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import type { Scope } from '../scope.ts'
import { requirePerson } from './require-person.ts'

/** One sign-in of the asker's, whatever was refreshed from it since. */
export const Session = z.object({
  id: z
    .string()
    .describe('Names the session to end it; it signs nobody in.')
    .meta({ examples: ['kq2v7c3nq4gzv5x6'] }),
  kind: z.enum(['browser', 'token']).describe('A browser with a cookie, or an API client with tokens.'),
  userAgent: z.string().describe('What the client called itself; empty if it did not.'),
  address: z.string().describe('Where the sign-in came from; empty if that is not known.'),
  createdAtMs: Instant.describe('When the person signed in.'),
  usedAtMs: Instant.describe('When it was last used, to within ten minutes.'),
  expiresAtMs: Instant,
  isCurrent: z.boolean().describe('The session that asks.'),
})
export type Session = z.output<typeof Session>

export const Sessions = PageOf('sessions', Session)
export const SessionPage = z.object(Paging)

/**
 * Where the asker is signed in: this session first, then by last use.
 *
 * @throws HelioxError forbidden `auth.people_only`
 */
export async function listSessions(
  scope: Scope,
  page: z.output<typeof SessionPage>,
): Promise<z.output<typeof Sessions>> {
  const { userId, sessionFamily } = requirePerson(scope)
  const { db, now } = scope
  const mine = and(eq(sessions.userId, userId), isNull(sessions.replacedAtMs), gt(sessions.expiresAtMs, now()))
  const isCurrent = sql<bigint>`${sessions.family} = ${sessionFamily}`
  const usedAtMs = sql<EpochMs>`max(coalesce(${sessions.usedAtMs}, ${sessions.createdAtMs}))`
  const rows = await db
    .select({
      id: sessions.family,
      kind: sessions.kind,
      userAgent: sessions.userAgent,
      address: sessions.address,
      createdAtMs: sql<EpochMs>`min(${sessions.createdAtMs})`.mapWith(sessions.createdAtMs),
      usedAtMs: usedAtMs.mapWith(sessions.createdAtMs),
      expiresAtMs: sql<EpochMs>`max(${sessions.expiresAtMs})`.mapWith(sessions.expiresAtMs),
      isCurrent: isCurrent.mapWith((flag) => Number(flag) === 1),
    })
    .from(sessions)
    .where(mine)
    .groupBy(sessions.family)
    .orderBy(desc(isCurrent), desc(usedAtMs), asc(sessions.family))
    .limit(page.limit)
    .offset(page.skip)
  const [counted] = await db
    .select({ total: countDistinct(sessions.family) })
    .from(sessions)
    .where(mine)
  return pageOf('sessions', rows, Number(counted?.total ?? 0), page, false)
}
