import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { deliveries } from '../../db/schema/channels.ts'
import type { ChannelId, Id } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { LEASE_MS } from '../deliveries/claim.ts'
import type { Message } from '../deliveries/message.ts'
import { sendTo } from '../deliveries/send.ts'
import { jsonText } from '../json-text.ts'
import { allow } from '../permissions.ts'
import { type ChannelScope, channelRow } from './channel.ts'

export const ChannelTest = z.object({
  isFine: z.boolean().describe('The receiver took it'),
  message: z.string().describe('What came back, in words'),
  durationMs: z.number().int(),
  deliveryId: AnsweredId('dlv').nullable().describe('Null: it did not arrive, and is not tried again'),
})
export type ChannelTest = z.output<typeof ChannelTest>

/**
 * Sends a test message now, also where the channel is off. One that arrives stays in the list of deliveries; one that does
 * not is forgotten, as the answer has said why.
 *
 * @throws HelioxError not_found `channels.no_channel`
 */
export async function testChannel(scope: ChannelScope, { id }: { id: ChannelId }): Promise<ChannelTest> {
  allow(scope, 'channels:write')
  const channel = await channelRow(scope.db, scope, id)
  const startedAtMs = scope.now()
  const message: Message = {
    ...{ kind: 'test', severity: 'info', title: `Heliox reaches ${channel.name}` },
    ...{ text: `A test that ${scope.actor.label} has asked for. Alerts and digests will look like this.`, facts: [] },
    ...{ href: '/channels', incident: `heliox test ${id} ${startedAtMs}`, atMs: startedAtMs },
  }
  const deliveryId = await writeDown(scope, id, message, startedAtMs)
  const outcome = await sendTo(scope, channel, message, { id: deliveryId, createdAtMs: startedAtMs })
  const isFine = outcome.is === 'accepted'
  const ownRow = eq(deliveries.id, deliveryId)
  if (isFine) {
    const sentAtMs = scope.now()
    await scope.db.update(deliveries).set({ status: 'sent', sentAtMs, nextAttemptAtMs: sentAtMs }).where(ownRow)
  } else await scope.db.delete(deliveries).where(ownRow)
  await note(scope.db, scope, { action: 'channels.test', targetId: id, target: channel.name, after: { isFine } })
  const { words, durationMs } = outcome
  return { isFine, message: words, durationMs, deliveryId: isFine ? deliveryId : null }
}

async function writeDown(
  { db }: ChannelScope,
  channelId: ChannelId,
  message: Message,
  atMs: EpochMs,
): Promise<Id<'dlv'>> {
  const row = {
    ...{ channelId, messageKey: `test ${crypto.randomUUID()}`, message: jsonText([message]).slice(1, -1) },
    ...{ status: 'sending' as const, attempts: 1, nextAttemptAtMs: (atMs + LEASE_MS) as EpochMs, createdAtMs: atMs },
  }
  const [made] = await db.insert(deliveries).values(row).returning({ id: deliveries.id })
  if (!made) throw new Error('no delivery was stored')
  return made.id
}
