import { and, eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { deliveries } from '../../db/schema/channels.ts'
import type { Id } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Delivery, oneDelivery } from './list-deliveries.ts'

/**
 * Sends a message anew that was given up: it is due at once, with all its attempts again.
 * @throws HelioxError not_found `deliveries.no_delivery`; conflict `deliveries.not_dead`
 */
export async function retryDelivery(scope: Scope, { id }: { id: Id<'dlv'> }): Promise<Delivery> {
  allow(scope, 'channels:write')
  const before = await oneDelivery(scope, { id })
  await writeTransaction(scope.db, async (tx) => {
    const queued = await tx
      .update(deliveries)
      .set({ status: 'queued', attempts: 0, nextAttemptAtMs: scope.now() })
      .where(and(eq(deliveries.id, id), eq(deliveries.status, 'dead')))
      .returning({ id: deliveries.id })
    if (queued.length === 0)
      throw new HelioxError('conflict', 'deliveries.not_dead', 'Only a message that was given up can be sent anew')
    await note(tx, scope, { action: 'deliveries.retry', targetId: id, target: before.title })
  })
  return oneDelivery(scope, { id })
}
