import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type ChannelId, rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { jsonText } from '../json-text.ts'
import type { Message } from './message.ts'

/**
 * Writes a message down for channels, in the transaction of what it tells of: it will be sent although this process dies
 * now, and a message of the same key is never sent twice in one channel. Answers for how many channels it was new.
 */
export async function enqueue(
  tx: Pick<Tx, 'all'>,
  { channelIds, messageKey, message }: { channelIds: readonly ChannelId[]; messageKey: string; message: Message },
): Promise<number> {
  const rows = JSON.stringify(channelIds.map((id) => rowOf('chan', id)))
  const at = BigInt(message.atMs as EpochMs)
  const added = await tx.all(sql`
    insert into deliveries (channel_id, message_key, message, status, attempts, next_attempt_at_ms, created_at_ms)
    select c.id, ${messageKey}, ${jsonText([message]).slice(1, -1)}, 'queued', 0, ${at}, ${at}
    from channels c where c.id in (select value from json_each(${rows})) and c.is_enabled = 1
    on conflict do nothing returning id`)
  return added.length
}
