import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import type { Day } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

/** The SKU of what came in as an export of allocated costs, with its basis behind it. */
export const ALLOCATED_SKU = 'heliox/'

/** A pool on a day as the ledger has it. */
export type PoolDay = {
  provider: string
  gpuType: string
  effective: bigint
  billed: bigint
  /** Null: some entry does not say. */
  list: bigint | null
  gpuSeconds: bigint | null
  heldSeconds: bigint
  idle: bigint
  unmeasured: bigint
  unallocated: bigint
  /** By team, in no order. `usage` null: not measured. */
  owners: { name: string; seconds: bigint; allocation: bigint; usage: bigint | null }[]
  /** Its entries by who owns them, where they came in as an export of allocated costs; empty where jobs held the pool. */
  carried: Carried[]
  /** The tags that all of its entries have. */
  tags: Record<string, string>
}

export type Carried = {
  owner: string
  basis: string
  tags: string
  billed: bigint
  effective: bigint
  list: bigint | null
  gpuSeconds: bigint | null
}

type Row = Record<string, unknown>

/** The pools that cost something on a day, with all that an export says of them, from one instant. */
export async function poolDaysOf({ db }: Pick<Scope, 'db'>, day: Day): Promise<PoolDay[]> {
  const answers = await readBatch(db, [
    sql`select d.pool_id as pool, p.provider, p.gpu_type as gpuType, d.cost_nano_usd as effective,
        d.capacity_gpu_seconds as gpuSeconds, (d.held_gpu_ms + 500) / 1000 as heldSeconds, d.idle_nano_usd as idle,
        d.unmeasured_nano_usd as unmeasured, d.unallocated_nano_usd as unallocated
      from pool_days d join pools p on p.id = d.pool_id where d.day = ${day} and d.cost_nano_usd is not null`,
    sql`select s.pool_id as pool, t.name, (sum(s.gpu_ms) + 500) / 1000 as seconds,
        coalesce(sum(s.allocation_nano_usd), 0) as allocation, sum(s.usage_nano_usd) as usage
      from job_day_shares s join jobs j on j.id = s.job_id join teams t on t.id = j.team_id
      where s.day = ${day} group by s.pool_id, t.id`,
    sql`select pool_id as pool, sku like ${`${ALLOCATED_SKU}%`} as isCarried, iif(sku like ${`${ALLOCATED_SKU}%`}, sku, '') as sku,
        iif(sku like ${`${ALLOCATED_SKU}%`}, account, '') as account, tags, sum(billed_nano_usd) as billed,
        sum(effective_nano_usd) as effective, iif(count(list_nano_usd) = count(*), sum(list_nano_usd), null) as list,
        sum(capacity_gpu_seconds) as gpuSeconds
      from ledger_costs where entry_date = ${day} group by 1, 2, 3, 4, 5`,
  ])
  const [pools, owners, entries] = answers.map(({ rows }) => Map.groupBy(rows as unknown as Row[], ({ pool }) => pool))
  return [...(pools?.values() ?? [])].flat().map((row) => {
    const { pool, ...figures } = row
    const own = (entries?.get(pool) ?? []) as (Row & Record<'billed' | 'effective', bigint>)[]
    const held = (owners?.get(pool) ?? []).map(({ pool: _, ...owner }) => owner) as PoolDay['owners']
    const carried = held.length > 0 ? [] : own.filter(({ isCarried }) => isCarried === 1n)
    return {
      ...(figures as Omit<PoolDay, 'billed' | 'list' | 'owners' | 'carried' | 'tags'>),
      billed: own.reduce((sum, { billed }) => sum + billed, 0n),
      list: own.reduce<bigint | null>(
        (sum, { list }) => (sum === null || list === null ? null : sum + (list as bigint)),
        0n,
      ),
      owners: held,
      carried: carried.map((entry) => ({
        ...{ owner: entry.account, basis: String(entry.sku).slice(ALLOCATED_SKU.length), tags: entry.tags },
        ...{ billed: entry.billed, effective: entry.effective, list: entry.list, gpuSeconds: entry.gpuSeconds },
      })) as Carried[],
      tags: commonTags(own.map(({ tags }) => String(tags))),
    }
  })
}

/** The tags that stand on every one of the entries, with the same value. */
function commonTags(texts: readonly string[]): Record<string, string> {
  const [first, ...others] = texts.map((text) => (text === '' ? {} : (JSON.parse(text) as Record<string, string>)))
  const common = Object.entries(first ?? {}).filter(([name, value]) => others.every((tags) => tags[name] === value))
  return Object.fromEntries(common)
}
