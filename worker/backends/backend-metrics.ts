import { sql } from 'drizzle-orm'
import { type BackendId, idText } from '../../db/units/ids.ts'
import type { MetricGroup } from '../monitoring/metrics.ts'

/** How backends do and what became of calls. Backends by their ids: the names of a company's servers are nobody's business. */
export const backendMetrics: MetricGroup = async ({ db, meter }) => {
  const rows = await db.all<{ id: bigint; isWell: bigint | null }>(sql`
    select b.id, h.is_well as isWell from backends b left join backend_health h on h.backend_id = b.id
    where b.is_enabled = 1 order by b.id`)
  const standing = await meter?.standing()
  const seen = new Map(standing?.backends.map((one) => [one.backend, one]))
  const ids = rows.map(({ id, isWell }) => ({ id: idText('bknd', id) as BackendId, isWell }))
  const calls = (state: 'waiting' | 'received' | 'stored' | 'rejected', help: string) => ({
    ...(state === 'waiting'
      ? ({ name: 'heliox_gateway_calls_waiting', type: 'gauge', help } as const)
      : ({ name: `heliox_gateway_calls_${state}_total`, type: 'counter', help } as const)),
    samples: standing ? [{ value: standing[state] }] : [],
  })
  return [
    {
      name: 'heliox_backend_up',
      type: 'gauge',
      help: 'Whether an enabled backend was well at its last probe; absent before the first.',
      samples: ids.flatMap(({ id, isWell }) => (isWell === null ? [] : [{ labels: { backend: id }, value: isWell }])),
    },
    {
      name: 'heliox_backend_breaker_open',
      type: 'gauge',
      help: 'Whether an enabled backend is not asked at the moment because calls of it failed.',
      samples: ids.map(({ id }) => ({ labels: { backend: id }, value: seen.get(id)?.breaker === 'open' ? 1 : 0 })),
    },
    calls('received', 'Calls that have ended: stored + rejected + waiting.'),
    calls('stored', 'Ended calls that are in the database.'),
    calls('rejected', 'Ended calls that the database refuses for good; the meter keeps them.'),
    calls('waiting', 'Ended calls that are on their way into the database.'),
  ]
}
