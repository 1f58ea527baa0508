import { type SQL, sql } from 'drizzle-orm'
import { chargeName, ofCharges } from './bill-conditions.ts'
import { inWindow, ofOwnerIds, ofPoolIds } from './conditions.ts'
import { isBillName, isOwnerName, isPoolName, type Name } from './dimensions.ts'
import { askedOf, ownerRows } from './owners-part.ts'
import { cubeOf } from './rollups.ts'
import type { Visible } from './visible-question.ts'

/** Parts of one answer: beyond it a Worker's memory ends. */
export const MOST_PARTS = 600_000

/** An owner as one number, which is its place in the order of owners too; odd where the filters let it through. */
const OWNER_KEY = '((team_id * 1048576 + model_id) * 8 + status) * 2 + asked'

/** The owner of such a number. */
export function ownerOfKey(key: number): { team: number; model: number; status: number; isAsked: boolean } {
  const [owner, asked] = [Math.floor(key / 2), key % 2]
  const model = Math.floor(owner / 8) % 1_048_576
  return { team: Math.floor(owner / 8_388_608), model, status: owner % 8, isAsked: asked === 1 }
}

/**
 * Per pool-day, the parts of its owners as lists with commas between: keys (`OWNER_KEY`), costs, GPU-milliseconds.
 * Owners that the filters let through stand apart from the others. Read from the rollup that knows the names, else from cells.
 */
export function ownersOfPoolDays(question: Visible, names: readonly Name[]): SQL {
  const owners = names.filter(isOwnerName)
  const known = cubeOf(askedOf(question, [...owners, 'provider']))
  const rows = ownerRows(question, { time: 'day', names: [...owners, 'provider'] })
  const kept = { team: 'team_id', model: 'model_id', status: 'status' } as const
  const key = Object.entries(kept).map(([name, column]) =>
    known || owners.includes(name as (typeof owners)[number]) ? column : `0 as ${column}`,
  )
  const grouped = sql`select period, pool_id, ${sql.raw(key.join(', '))}, iif(${ofOwnerIds(question)}, 1, 0) as asked,
      ${sql.raw(known ? 'cost, gpu_ms' : 'sum(cost) as cost, sum(gpu_ms) as gpu_ms')}
    from (${rows}) where ${ofPoolIds(question)}
    ${sql.raw(known ? '' : `group by 1, 2, 3, 4, 5, 6 limit ${MOST_PARTS + 1}`)}`
  return sql`select period as day, pool_id as pool, count(*) as pieces, group_concat(cost) as costs,
      group_concat(${sql.raw(OWNER_KEY)}) as keys, group_concat(gpu_ms) as weights
    from (${grouped}) group by period, pool_id`
}

/** Per pool-day, its charges as lists: keys, which are the dimension × 2, + 1 where only `isUnlisted` ones are asked and it is listed; costs. */
export function chargesOfPoolDays(question: Visible, isUnlisted: boolean): SQL {
  const listed = sql.raw(isUnlisted ? ' + (c.list_nano_usd is not null)' : '')
  return sql`select c.entry_date as day, c.pool_id as pool, group_concat(c.dimension_id * 2${listed}) as keys,
      group_concat(coalesce(c.${sql.raw(question.cost)}_nano_usd, 0)) as costs
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
    where ${inWindow(question, 'c.entry_date')} and ${ofPoolIds(question)}
    group by c.entry_date, c.pool_id`
}

/**
 * What the charges of the window are for: the names asked for as a JSON list, whether the filters let them through, whether
 * a rule gave them to teams. In a stable order.
 */
export function dimensionsOf(question: Visible, names: readonly Name[]): SQL {
  const texts = sql.join(names.filter(isBillName).map(chargeName), sql`, `)
  return sql`select d.id, json_array(${texts}) as names, ${ofCharges(question)} as asked, d.owner <> '' as ruled
    from cost_dimensions d
    where d.id in (select c.dimension_id from cost_entries c where ${inWindow(question, 'c.entry_date')})
    order by d.key`
}

/**
 * Per day, its pool-days as lists: keys, what nobody was charged of each, the weight of that in GPU-milliseconds, and what
 * it is: `unallocated`, `idle`, `unmeasured`, with `!` where jobs or the bill have changed since it was split.
 */
export function leftOverOfDays(question: Visible): SQL {
  const suffix = question.cost === 'effective' ? '' : `_${question.cost}`
  const isUsage = question.basis === 'usage'
  const kind = isUsage ? `iif(d.capacity_gpu_seconds is null, 'unmeasured', 'idle')` : `'unallocated'`
  const cost = isUsage ? `d.idle${suffix}_nano_usd + d.unmeasured${suffix}_nano_usd` : `d.unallocated${suffix}_nano_usd`
  const weight = isUsage ? 'max(0, coalesce(d.capacity_gpu_seconds, 0) * 1000 - d.held_gpu_ms)' : '0'
  return sql`select d.day, group_concat(d.pool_id) as pools, ${sql.raw(`group_concat(${cost}) as costs,
      group_concat(${weight}) as weights, group_concat(${kind} || iif(d.is_stale, '!', '')) as kinds`)}
    from pool_days d where ${inWindow(question, 'd.day')} and ${ofPoolIds(question)} group by d.day`
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
