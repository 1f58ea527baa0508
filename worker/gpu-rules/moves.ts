import { type SQL, sql } from 'drizzle-orm'
import { recognise } from '../ingest/importers/recognise-gpu.ts'
import { jsonText } from '../json-text.ts'
import type { Scope } from '../scope.ts'
import type { GpuRule } from './gpu-rule.ts'
import { matchingSql } from './matching.ts'
import { type RuleBook, ruleFor } from './rule-book.ts'

/**
 * Lines to look at because a rule changed. `only`: those that are this type now; null: whatever they are. A rule that is
 * gone leaves alone what it did not decide.
 */
export type Affected = { rule: GpuRule; only: string | null }

/** Entries of one pool and one kind of charge that should be another type, or have another capacity. */
export type Move = {
  poolId: number
  provider: string
  fromType: string
  service: string
  sku: string
  item: string
  instanceType: string
  toType: string
  /** GPUs of one billed unit; null: not known, so no capacity. */
  gpuCount: number | null
}

/** What can ask: the database, or a transaction. */
export type Asker = Pick<Scope['db'], 'all'>

/** An entry `c` that counts and stands on a bill. What people enter, or send as plain costs, says its type itself. */
export const OF_CURRENT_BILLS = sql.raw(
  `cost_entries c join bills b on b.id = c.bill_id and b.status = 'current' and b.id <> 0`,
)

/** What the rules make of the stored lines that a change affects, as far as it may be another than now. */
export async function movesAfter(db: Asker, book: RuleBook, affected: readonly Affected[]): Promise<Move[]> {
  const conditions = affected.map(({ rule, only }) =>
    only === null ? matchingSql(rule) : sql`(p.gpu_type = ${only} and ${matchingSql(rule)})`,
  )
  const kinds = await db.all<Omit<Move, 'toType' | 'gpuCount' | 'poolId'> & { poolId: bigint }>(sql`
    select p.id as poolId, p.provider, p.gpu_type as fromType, d.service, d.sku, d.item, d.instance_type as instanceType
    from (select distinct c.pool_id, c.dimension_id from ${OF_CURRENT_BILLS}) k
      join pools p on p.id = k.pool_id join cost_dimensions d on d.id = k.dimension_id
    where ${sql.join(conditions, sql` or `)}
    group by p.id, d.service, d.sku, d.item, d.instance_type`)
  return kinds.flatMap(({ poolId, ...kind }): Move[] => {
    const rule = ruleFor(book, kind)
    if (rule) return [{ ...kind, poolId: Number(poolId), toType: rule.gpuType, gpuCount: rule.gpuCount }]
    const found = recognise({ ...kind, serviceCategory: '', resourceType: '', skuMeter: '', skuPriceDetails: '' })
    const toType = found?.gpuType ?? ''
    return toType === kind.fromType
      ? []
      : [{ ...kind, poolId: Number(poolId), toType, gpuCount: found?.gpuCount ?? null }]
  })
}

/** The moves as rows `m`, to join with an entry `c`, its dimension `d` and its pool `p`. */
export function movesTable(moves: readonly Move[]): SQL {
  const rows = moves.map((move) => [
    ...[move.poolId, move.service, move.sku, move.item, move.instanceType, move.toType],
    move.toType === '' ? null : move.gpuCount,
  ])
  // Without the casts SQLite makes no index over them, and each entry would be compared with every move.
  return sql`select cast(value ->> 0 as integer) as pool_id, cast(value ->> 1 as text) as service,
    cast(value ->> 2 as text) as sku, cast(value ->> 3 as text) as item, cast(value ->> 4 as text) as instance_type,
    cast(value ->> 5 as text) as to_type, value ->> 6 as gpu_count from json_each(${jsonText(rows)})`
}

export const MOVE_OF_ENTRY =
  sql.raw(`m.pool_id = c.pool_id and m.service = d.service and m.sku = d.sku and m.item = d.item
  and m.instance_type = d.instance_type`)

/** What the entry's capacity should be: whole GPU-seconds, and none above what a file may say. */
export const NEW_CAPACITY = sql.raw(`iif(c.usage_seconds * m.gpu_count <= 3600000000000,
  cast(c.usage_seconds * m.gpu_count + 0.000001 as integer), null)`)

/** Whether the entry is not yet as it should be. */
export const IS_OTHER = sql`(m.to_type <> p.gpu_type or c.capacity_gpu_seconds is not ${NEW_CAPACITY})`
