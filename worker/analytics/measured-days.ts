import { type SQL, sql } from 'drizzle-orm'
import { FROM_JOBS } from '../usage/usage.ts'
import { inWindow, ofPools } from './conditions.ts'
import type { Visible } from './visible-question.ts'

/**
 * A SELECT of the pool-days of a question's window and pools, with what was billed, held and measured there: `day`,
 * `poolId`, `provider`, `gpuType`, `cost` (null: nothing billed), `capacityMs` (null: not known), `heldMs`, and of the
 * measurement (each null: none) `busyMs`, as it was reported, `measuredMs`, the part of the held time that it covers, and
 * `busyHeldMs`, the part of that which was busy. A measurement covers what it says, at least what was busy; one that does
 * not say covers the day. It is there as well where nothing was billed or held. The ledger's sharing reads it the same way.
 *
 * For who sees the whole company: a pool's measurement is not a team's.
 */
export function measuredDays(question: Visible): SQL {
  const measurement = sql`u.source <> ${FROM_JOBS}`
  return sql`select k.day, k.pool_id as poolId, p.provider, p.gpu_type as gpuType, d.cost_nano_usd as cost,
      d.capacity_gpu_seconds * 1000 as capacityMs, coalesce(d.held_gpu_ms, 0) as heldMs, u.gpu_seconds * 1000 as busyMs,
      min(coalesce(d.held_gpu_ms, 0), max(u.gpu_seconds * 1000,
        coalesce(u.measured_gpu_seconds * 1000, d.held_gpu_ms, 0))) as measuredMs,
      min(coalesce(d.held_gpu_ms, 0), u.gpu_seconds * 1000) as busyHeldMs
    from (select d.day, d.pool_id from pool_days d where ${inWindow(question, 'd.day')}
        union select u.entry_date, u.pool_id from usage_snapshots u where ${inWindow(question, 'u.entry_date')} and ${measurement}) k
      join pools p on p.id = k.pool_id
      left join pool_days d on d.day = k.day and d.pool_id = k.pool_id
      left join usage_snapshots u on u.entry_date = k.day and u.pool_id = k.pool_id and ${measurement}
    where ${ofPools(question)}`
}
