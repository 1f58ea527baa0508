import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { channels } from '../../db/schema/channels.ts'
import type { ChannelId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import { requireVersion } from '../versions.ts'
import { type ChannelScope, channelRow, decidedOf, notedOf } from './channel.ts'

/**
 * Removes a channel with its secrets, its messages, and its place in rules and digests.
 * @throws HelioxError not_found `channels.no_channel`; precondition `request.version_changed`
 */
export async function removeChannel(
  scope: ChannelScope,
  { id, version }: { id: ChannelId; version?: string | undefined },
): Promise<void> {
  allow(scope, 'channels:write')
  await writeTransaction(scope.db, async (tx) => {
    const row = await channelRow(tx, scope, id)
    requireVersion(decidedOf(row), version)
    await tx.delete(channels).where(eq(channels.id, id))
    const noted = { before: notedOf(row), after: null }
    await note(tx, scope, { action: 'channels.remove', targetId: id, target: row.name, ...noted })
  })
}
