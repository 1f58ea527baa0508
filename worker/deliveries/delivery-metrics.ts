import { sql } from 'drizzle-orm'
import { DELIVERY_STATUSES } from '../../db/units/insight.ts'
import { DAY_MS } from '../../db/units/time.ts'
import type { MetricGroup } from '../monitoring/metrics.ts'

/** What becomes of messages, by kind of channel and along the index of what is due: channels have names, which are nobody's business. */
export const deliveryMetrics: MetricGroup = async ({ db, now }) => {
  const rows = await db.all<{ kind: string; status: string; count: bigint }>(sql`
    select c.kind, d.status, count(*) as count
    from deliveries d indexed by deliveries_due_idx join channels c on c.id = d.channel_id
    where d.status in ('queued', 'sending', 'dead')
      or (d.status = 'sent' and d.next_attempt_at_ms > ${BigInt(now() - DAY_MS)})
    group by 1, 2`)
  const kinds = await db.all<{ kind: string }>(sql`select distinct kind from channels order by kind`)
  const counted = new Map(rows.map(({ kind, status, count }) => [`${kind} ${status}`, count]))
  return [
    {
      name: 'heliox_deliveries',
      type: 'gauge',
      help: 'Messages to channels: those that wait, are being sent, were given up, and arrived within the last 24 hours.',
      samples: kinds.flatMap(({ kind }) =>
        DELIVERY_STATUSES.map((status) => ({
          ...{ labels: { kind, status }, value: counted.get(`${kind} ${status}`) ?? 0 },
        })),
      ),
    },
  ]
}
