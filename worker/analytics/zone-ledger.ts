import { type SQL, sql } from 'drizzle-orm'
import { ofPools } from './conditions.ts'
import type { Time } from './dimensions.ts'
import { dividedText, spanText } from './share.ts'
import type { Visible } from './visible-question.ts'
import { hoursOf, type Zone } from './zone.ts'
import { OVERLAP_MS, pieceRows } from './zone-hours.ts'

/**
 * The ledger of a zone's days, as common table expressions for the statement behind them. The unit is (local day, pool):
 * its cost is Σ of the current bills' hours in it, its weights are the GPU time that jobs held in it, and it is shared by
 * the formula of `share.ts`, over owners in the same order (an owner's jobs are one span, so job by job is the same).
 *
 * `day`: label, pool_id, cost (null: nothing billed), capacity, held; `cell`: label, pool_id, owner_id, gpu_ms, jobs,
 * counted (jobs of which it is the first day in their period), allocation, usage; `rest`: label, pool_id, unallocated,
 * idle, unmeasured. Σ cell + rest = `day`, per basis. Costs are of the kind that is asked for.
 */
export function zoneLedger(question: Visible, zone: Zone, time: Time | null): SQL {
  const { filters, cost } = question
  const pools =
    filters.provider || filters.gpuType ? sql`in (select p.id from pools p where ${ofPools(question)})` : null
  const kind = sql.raw(`b.${cost}_nano_usd`)
  const firsts = JSON.stringify(firstsOf(zone, time))
  return sql`with piece as materialized (${pieceRows(zone)}),
    hour as materialized (select value ->> 0 as label, value ->> 1 as day, value ->> 2 as hour
      from json_each(${JSON.stringify(hoursOf(zone))})),
    billed as materialized (select h.label, b.pool_id, sum(${kind}) as cost, sum(b.capacity_gpu_seconds) as capacity
      from hour h cross join bill_hours b on b.day = h.day and b.hour = h.hour
        join bills on bills.id = b.bill_id and bills.status = 'current'
      where ${pools ? sql`b.pool_id ${pools}` : sql`1`} group by h.label, b.pool_id),
    -- A job is without a gap: it is new in a piece that begins its local day, or in which it starts.
    owner as materialized (select label, pool_id, owner_id, sum(gpu_ms) as gpu_ms, sum(is_new) as jobs,
        iif(label in (select value from json_each(${firsts})), sum(is_new), sum(starts)) as counted
      from (select i.label, s.pool_id, s.owner_id, ${OVERLAP_MS} as gpu_ms, j.started_at_ms / 1000 >= i.from_s as starts,
          i.from_s = i.local_s or j.started_at_ms / 1000 >= i.from_s as is_new
        from piece i cross join job_day_shares s on s.day = i.day cross join jobs j on j.id = s.job_id
        where ${pools ? sql`s.pool_id ${pools}` : sql`1`})
      where gpu_ms > 0 group by label, pool_id, owner_id),
    held as (select label, pool_id, sum(gpu_ms) as held, iif(max(gpu_ms % 1000) > 0, 1, 1000) as grain from owner group by label, pool_id),
    day as materialized (select k.label, k.pool_id, b.cost, b.capacity, coalesce(h.held, 0) as held,
        max(coalesce(b.capacity, 0) * 1000, coalesce(h.held, 0)) as whole, coalesce(h.grain, 1000) as grain
      from (select label, pool_id from billed union select label, pool_id from held) k
        left join billed b on b.label = k.label and b.pool_id = k.pool_id
        left join held h on h.label = k.label and h.pool_id = k.pool_id),
    span as (select d.*, ${sql.raw(`${dividedText('cost', 'held')}, ${dividedText('cost', 'whole')}`)}, o.owner_id, o.gpu_ms, o.jobs,
        o.counted, sum(o.gpu_ms) over (partition by o.label, o.pool_id order by o.owner_id rows unbounded preceding) as cum
      from day d join owner o on o.label = d.label and o.pool_id = d.pool_id),
    cell as materialized (select label, pool_id, owner_id, gpu_ms, jobs, counted,
        iif(cost is not null and capacity is null, gpu_ms, 0) as unmeasured_gpu_ms, iif(cost is null, gpu_ms, 0) as uncosted_gpu_ms,
        coalesce(${sql.raw(spanText('cost', 'held'))}, 0) as allocation,
        iif(capacity is null, 0, coalesce(${sql.raw(spanText('cost', 'whole'))}, 0)) as usage from span),
    rest as materialized (select d.label, d.pool_id, coalesce(d.cost, 0) - coalesce(sum(c.allocation), 0) as unallocated,
        iif(d.capacity is null, 0, coalesce(d.cost, 0) - coalesce(sum(c.usage), 0)) as idle,
        iif(d.capacity is null, coalesce(d.cost, 0) - coalesce(sum(c.usage), 0), 0) as unmeasured
      from day d left join cell c on c.label = d.label and c.pool_id = d.pool_id group by d.label, d.pool_id)`
}

/** The days on which every job that is there counts: the first of each period. Elsewhere those count that start there. */
function firstsOf({ days }: Zone, time: Time | null): string[] {
  const labels = days.map(({ day }) => day)
  if (time === 'day') return labels
  const isFirst = (label: string, at: number) =>
    at === 0 ||
    (time === 'month' && label.endsWith('-01')) ||
    (time === 'week' && new Date(`${label}T00:00:00Z`).getUTCDay() === 1)
  return labels.filter(isFirst)
}
