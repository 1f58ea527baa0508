import { sql } from 'drizzle-orm'
import { type BackendId, idText } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { BackendScope } from './backend.ts'

const NEWEST = 500n

/** When a backend last answered a call, and how long its answers took. */
export type RecentCalls = { answeredAtMs: EpochMs; latencyMs: number }

/** What the newest calls say of their backends: it outlives the meter's memory, and is there before the first probe. */
export async function recentCalls({ db }: Pick<BackendScope, 'db'>): Promise<ReadonlyMap<BackendId, RecentCalls>> {
  const rows = await db.all<{ backend: bigint; answered: bigint; latency: bigint }>(sql`
    select backend_id as backend, max(coalesce(ended_at_ms, started_at_ms)) as answered,
      cast(avg(latency_ms) as integer) as latency
    from (select backend_id, started_at_ms, ended_at_ms, latency_ms, status, cache
      from requests order by started_at_ms desc limit ${NEWEST})
    where backend_id is not null and status = 'completed' and cache <> 'hit' and latency_ms is not null group by backend_id`)
  return new Map(
    rows.map(({ backend, answered, latency }) => [
      idText('bknd', backend),
      { answeredAtMs: Number(answered) as EpochMs, latencyMs: Number(latency) },
    ]),
  )
}
