import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { idText } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { sha256Hex } from './digest.ts'
import { newSessionId, SESSION_MS } from './lucia.ts'
import type { SignedIn } from './open-session.ts'

/**
 * Gives a live session of somebody who is not disabled a new id, in one transaction in one round trip: of two at once
 * one wins, and the other is answered null, as is who names a session that is not there, has expired or was replaced.
 *
 * `refresh`: an API client's, for 30 days from now; the old id ends at once. `rotate`: a browser's whose owner's rights
 * have changed, to the same expiry; the old id signs in for another minute (OVERLAP_MS).
 */
export async function replaceSession(
  { db, now }: Pick<Scope, 'db' | 'now'>,
  how: 'refresh' | 'rotate',
  oldId: string,
): Promise<SignedIn | null> {
  const nowMs = BigInt(now())
  const oldHash = sha256Hex(oldId)
  const sessionId = newSessionId()
  const nextHash = sha256Hex(sessionId)
  const [kind, expiry] =
    how === 'refresh'
      ? [sql`s.kind = 'token'`, sql`${nowMs + BigInt(SESSION_MS)}`]
      : [sql`s.kind = 'browser' and s.is_outdated = 1`, sql`s.expires_at_ms`]
  const [created] = await writeBatch(db, [
    successor(nextHash, nowMs, sql`s.id_hash = ${oldHash} and ${kind}`, expiry),
    sql`update sessions set replaced_at_ms = ${nowMs}
      where id_hash = ${oldHash} and exists (select 1 from sessions where id_hash = ${nextHash})`,
  ])
  const [row] = created?.rows ?? []
  return row ? { userId: idText('user', row.user_id as bigint), sessionId } : null
}

/**
 * Inserts the session that takes over from the live one, `s`, that `where` picks: the same family, kind and sign-in,
 * and up to date with its owner's rights. Answers `user_id` and `kind`.
 */
export function successor(nextHash: string, nowMs: bigint, where: SQL, expiry: SQL = sql`s.expires_at_ms`): SQL {
  return sql`insert into sessions (id_hash, user_id, family, kind, created_at_ms, expires_at_ms, replaced_at_ms,
      is_outdated, user_agent, address, used_at_ms)
    select ${nextHash}, s.user_id, s.family, s.kind, s.created_at_ms, ${expiry}, null, 0, s.user_agent, s.address, ${nowMs}
    from sessions s join users u on u.id = s.user_id and u.is_disabled = 0
    where s.replaced_at_ms is null and s.expires_at_ms > ${nowMs} and ${where}
    returning user_id, kind`
}
