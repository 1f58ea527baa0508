import type { UserId } from '../../db/units/ids.ts'
import { luciaFor, newSessionId, type SessionKind, type SessionStore } from './lucia.ts'

/** `sessionId` is the secret: the cookie's value, or the refresh token. It is stored nowhere. */
export type SignedIn = { userId: UserId; sessionId: string }

/** Where a session is used, for its owner to recognise it by. */
export type SeenFrom = { kind: SessionKind; userAgent: string; address: string }

/** The first session of a new family, for 30 days. Checks nobody. */
export async function openSession(store: SessionStore, userId: UserId, seen: SeenFrom): Promise<SignedIn> {
  const lucia = luciaFor(store, false) // secure or not concerns the cookie only
  const begun = { family: newSessionId(), replacedAtMs: null, isOutdated: false, usedAtMs: null }
  const { id } = await lucia.createSession(userId, { ...begun, ...seen })
  return { userId, sessionId: id }
}
