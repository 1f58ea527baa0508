import { type SQL, sql } from 'drizzle-orm'
import { chargeName, ofCharges } from './bill-conditions.ts'
import { inWindow, ofOwnerIds, ofPoolIds } from './conditions.ts'
import { isBillName, isOwnerName, isPoolName, type Name } from './dimensions.ts'
import { askedOf, ownerRows } from './owners-part.ts'
import { cubeOf } from './rollups.ts'
import type { Visible } from './visible-question.ts'

/** Parts of one answer: beyond it a Worker's memory ends. */
export const MOST_PARTS = 600_000

/**
 * Per pool-day, the parts of its owners as one text: `team:model:status:asked cost gpuMs`, comma between them, owners that
 * the filters let through apart from the others. Read from the rollup that knows the names, else from cells.
 */
export function ownersOfPoolDays(question: Visible, names: readonly Name[]): SQL {
  const owners = names.filter(isOwnerName)
  const known = cubeOf(askedOf(question, [...owners, 'provider']))
  const rows = ownerRows(question, { time: 'day', names: [...owners, 'provider'] })
  const asked = sql`iif(${ofOwnerIds(question)}, 1, 0)`
  const kept = { team: 'team_id', model: 'model_id', status: 'status' } as const
  const key = Object.entries(kept).map(([name, column]) =>
    known || owners.includes(name as (typeof owners)[number]) ? column : `0 as ${column}`,
  )
  const grouped = sql`select period, pool_id, ${sql.raw(key.join(', '))}, ${asked} as asked,
      ${sql.raw(known ? 'cost, gpu_ms' : 'sum(cost) as cost, sum(gpu_ms) as gpu_ms')}
    from (${rows}) where ${ofPoolIds(question)} ${sql.raw(known ? '' : 'group by 1, 2, 3, 4, 5, 6')} limit ${BigInt(MOST_PARTS + 1)}`
  return sql`select period as day, pool_id as pool, count(*) as pieces,
      group_concat(team_id || ':' || model_id || ':' || status || ':' || asked || ' ' || cost || ' ' || gpu_ms) as parts
    from (${grouped}) group by period, pool_id`
}

/** Per pool-day, its charges: `dimension:isUnlisted cost`. */
export function chargesOfPoolDays(question: Visible, isUnlisted: boolean): SQL {
  const unlisted = sql.raw(isUnlisted ? 'c.list_nano_usd is null' : '0')
  return sql`select c.entry_date as day, c.pool_id as pool,
      group_concat(c.dimension_id || ':' || (${unlisted}) || ' ' || coalesce(c.${sql.raw(question.cost)}_nano_usd, 0)) as parts
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
    where ${inWindow(question, 'c.entry_date')} and ${ofPoolIds(question)}
    group by c.entry_date, c.pool_id`
}

/** What the charges of the window are for: the names asked for, and whether the filters let them through. In a stable order. */
export function dimensionsOf(question: Visible, names: readonly Name[]): SQL {
  const columns = names.filter(isBillName).map((name, index) => sql`${chargeName(name)} as ${sql.raw(`n${index}, `)}`)
  return sql`select d.id, ${sql.join(columns)} ${ofCharges(question)} as asked, d.owner <> '' as ruled
    from cost_dimensions d
    where d.id in (select c.dimension_id from cost_entries c where ${inWindow(question, 'c.entry_date')})
    order by d.key`
}

/** Per pool-day: what nobody was charged of it, by what it is, and the GPU time that cost is split by. */
export function leftOverOfPoolDays(question: Visible): SQL {
  const suffix = question.cost === 'effective' ? '' : `_${question.cost}`
  const isUsage = question.basis === 'usage'
  const left = isUsage
    ? `case when d.capacity_gpu_seconds is null then 'unmeasured' else 'idle' end as kind,
       d.idle${suffix}_nano_usd + d.unmeasured${suffix}_nano_usd as cost`
    : `'unallocated' as kind, d.unallocated${suffix}_nano_usd as cost`
  const weight = isUsage
    ? 'iif(d.capacity_gpu_seconds is null, 0, max(0, d.capacity_gpu_seconds * 1000 - d.held_gpu_ms))'
    : '0'
  return sql`select d.day, d.pool_id as pool, ${sql.raw(left)}, ${sql.raw(weight)} as weight, d.is_stale as stale
    from pool_days d where ${inWindow(question, 'd.day')} and ${ofPoolIds(question)}`
}

/** The texts of names that stand in rows as numbers: of pools, teams and models, those that are asked for. */
export function textsOf(names: readonly Name[]): SQL[] {
  return [
    names.some(isPoolName) ? sql`select p.id, p.provider, p.gpu_type from pools p` : NOTHING,
    names.includes('team') ? sql`select t.id, t.name from teams t` : NOTHING,
    names.includes('model') ? sql`select m.id, m.name from models m` : NOTHING,
  ]
}
const NOTHING = sql`select 1 where 0`
