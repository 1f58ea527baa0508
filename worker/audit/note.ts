import { type SQL, sql } from 'drizzle-orm'
import { auditLog } from '../../db/schema/audit.ts'
import type { Scope } from '../scope.ts'

/**
 * What is written of one change. `before` and `after` hold the fields that matter, in units and under the names that
 * answers use; null: it did not exist. Never a secret: no key, hash, token or password.
 */
export type Noted = {
  /** `room.verb`, such as "users.update". */
  action: string
  targetId: string
  /** The target's name, for who reads the log after it is gone. */
  target: string
  before?: object | null
  after?: object | null
}

/** What can write: the database, or the transaction of the change. */
type Writer = { insert: Scope['db']['insert'] }

/**
 * Writes one line of the audit log. A door: whoever changes something that people answer for calls it inside the same
 * transaction, so that neither is there without the other.
 */
export async function note(
  writer: Writer,
  scope: Pick<Scope, 'actor' | 'origin' | 'now'>,
  noted: Noted,
): Promise<void> {
  await writer.insert(auditLog).values(rowOf(scope, noted))
}

/** The same as a statement, for `writeBatch`. */
export function noteStatement(scope: Pick<Scope, 'actor' | 'origin' | 'now'>, noted: Noted): SQL {
  const { atMs, actorId, actor, address, requestId, action, targetId, target, before, after } = rowOf(scope, noted)
  return sql`insert into audit_log (at_ms, actor_id, actor, address, request_id, action, target_id, target, before_json, after_json)
    values (${BigInt(atMs)}, ${actorId}, ${actor}, ${address}, ${requestId}, ${action}, ${targetId}, ${target}, ${before}, ${after})`
}

function rowOf({ actor, origin, now }: Pick<Scope, 'actor' | 'origin' | 'now'>, noted: Noted) {
  return {
    atMs: now(),
    actorId: actor.userId ?? actor.keyId ?? '',
    actor: actor.label,
    ...origin,
    ...{ action: noted.action, targetId: noted.targetId, target: noted.target },
    ...{ before: jsonOf(noted.before), after: jsonOf(noted.after) },
  }
}

/** In units, like every stored fact: a bigint as its digits, which `listAudit` turns back by the field's name. */
function jsonOf(fields: object | null | undefined): string | null {
  if (!fields) return null
  return JSON.stringify(fields, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
