import { and, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { sessions } from '../../db/schema/users.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { requirePerson } from './require-person.ts'

export const SessionId = z.object({ id: z.string().max(100).describe('As the list of sessions says it') })
export const Ended = z.object({ endedSessions: z.number().int() })

/**
 * Ends one of the asker's sessions, this one too if it is named: its next request is a stranger's. Another person's
 * session is not there.
 *
 * @throws HelioxError forbidden `auth.people_only` · not_found `sessions.not_found`
 */
export async function endSession(scope: Scope, { id }: z.output<typeof SessionId>): Promise<void> {
  const { userId } = requirePerson(scope)
  await writeTransaction(scope.db, async (tx) => {
    const [ended] = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), eq(sessions.family, id)))
      .returning({ kind: sessions.kind, userAgent: sessions.userAgent, address: sessions.address })
    if (!ended) throw new HelioxError('not_found', 'sessions.not_found', 'You have no such session')
    const before = { ...ended, sessions: 1 }
    await note(tx, scope, { action: 'sessions.end', targetId: userId, target: scope.actor.label, before, after: null })
  })
}

/**
 * Ends all of the asker's sessions but this one; answers how many there were. Idempotent.
 *
 * @throws HelioxError forbidden `auth.people_only`
 */
export async function endOtherSessions(scope: Scope): Promise<z.output<typeof Ended>> {
  const { userId, sessionFamily } = requirePerson(scope)
  return writeTransaction(scope.db, async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), ne(sessions.family, sessionFamily)))
      .returning({ family: sessions.family })
    const endedSessions = new Set(ended.map(({ family }) => family)).size
    const before = { sessions: endedSessions }
    const noted = { action: 'sessions.end', targetId: userId, target: scope.actor.label, before, after: null }
    if (endedSessions > 0) await note(tx, scope, noted)
    return { endedSessions }
  })
}
