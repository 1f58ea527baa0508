import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { type ChannelId, type Id, idText } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { type Message, readMessage } from './message.ts'

/** A claimed message is nobody else's for so long: far longer than `TIMEOUT_MS`, after which its sender has given up. */
export const LEASE_MS = 120_000

/** A message that is ours to send. */
export type Claimed = {
  id: Id<'dlv'>
  channelId: ChannelId
  /** Null: what is stored cannot be read. */
  message: Message | null
  /** With this one. */
  attempts: number
  createdAtMs: EpochMs
}

/** Null, and so of no incident, where a message cannot be read: `json_extract` would fail for all of them. */
function incidentOf(table: 'd' | 'e'): SQL {
  const message = sql.raw(`${table}.message`)
  return sql`case when json_valid(${message}) then json_extract(${message}, '$.incident') end`
}

type Row = { id: bigint; channel: bigint; message: string; attempts: bigint; createdAt: bigint }

/**
 * Takes up to `most` messages that are due, the longest due first, in one statement: of any number of processes each
 * message is one's. Due are those that wait, and those whose sender died with them. What an earlier message of the same
 * incident has not reached its channel yet, waits for that one: an incident is not resolved before it was told.
 */
export async function claimDue({ db, now }: { db: Db; now: () => EpochMs }, most: number): Promise<Claimed[]> {
  const nowMs = BigInt(now())
  const due = (status: 'queued' | 'sending') => sql`
    select * from (select d.id, d.next_attempt_at_ms as at from deliveries d indexed by deliveries_due_idx
      where d.status = ${status} and d.next_attempt_at_ms <= ${nowMs}
        and not exists (select 1 from deliveries e indexed by deliveries_due_idx
          where e.status in ('queued', 'sending') and e.id < d.id and e.channel_id = d.channel_id
            and ${incidentOf('e')} = ${incidentOf('d')})
      order by d.next_attempt_at_ms, d.id limit ${BigInt(most)})`
  const rows = await db.all<Row>(sql`
    update deliveries set status = 'sending', attempts = attempts + 1, next_attempt_at_ms = ${nowMs + BigInt(LEASE_MS)}
    where id in (select id from (${due('queued')} union all ${due('sending')}) order by at, id limit ${BigInt(most)})
    returning id, channel_id as channel, message, attempts, created_at_ms as createdAt`)
  return rows
    .map(({ id, channel, message, attempts, createdAt }) => ({
      ...{ id: idText('dlv', id), channelId: idText('chan', channel), message: readMessage(message) },
      ...{ attempts: Number(attempts), createdAtMs: Number(createdAt) as EpochMs },
    }))
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
}
