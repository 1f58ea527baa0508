import { type SQL, sql } from 'drizzle-orm'
import { shareStatements } from '../analytics/share.ts'
import { insertDimensionsOf } from '../costs/dimension.ts'

/** Staged rows `after` < id ≤ `upTo` of one import: what one transaction takes. */
export type Range = { importRow: bigint; after: bigint; upTo: bigint }

/** A simple file's entries are for nothing but its source; the key is as `dimensionKey` writes it. */
export const DIMENSION = sql.raw(`json_array(i.source, '', '', '', '', '', '', '', '', '', '', 'USD', '')`)

/** The staged rows `s` of a range with their import, pool and dimension, as far as these are there. */
function staged(join: 'join' | 'left join'): SQL {
  const by = sql.raw(join)
  return sql`staged_costs s join imports i on i.id = s.import_id
    ${by} pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
    ${by} cost_dimensions d on d.key = ${DIMENSION}`
}

/** The entry `c` of the staged row `s`, in the pool `p` and the dimension `d`. */
export const ENTRY = sql.raw(
  'c.entry_date = s.entry_date and c.pool_id = p.id and c.bill_id = 0 and c.dimension_id = d.id',
)
const inRange = ({ importRow, after, upTo }: Range) =>
  sql`+s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo}`

/** How many rows of the range are new, known, and known with the same amounts: in one statement, before the upsert. */
export function countCosts(range: Range): SQL {
  return sql`update imports set (inserted, updated, unchanged) = (
      select inserted + count(*) - count(c.id), updated + count(c.id),
        unchanged + coalesce(sum(c.billed_nano_usd = s.billed_nano_usd and c.effective_nano_usd = s.billed_nano_usd
          and c.capacity_gpu_seconds is s.capacity_gpu_seconds), 0)
      from ${staged('left join')} left join cost_entries c on ${ENTRY} where ${inRange(range)})
    where id = ${range.importRow}`
}

/**
 * The statements of one transaction that move a range of staged simple costs into the ledger: count, store, share. They
 * replace the entry of their day, provider, GPU type and source, and never touch a bill's.
 */
export function storeCosts(range: Range, nowMs: number): SQL[] {
  const { importRow } = range
  return [
    sql`insert into pools (provider, gpu_type) select distinct s.provider, s.gpu_type from staged_costs s
      where ${inRange(range)} on conflict do nothing`,
    insertDimensionsOf(sql`select ${DIMENSION} as key from imports i where i.id = ${importRow}`),
    countCosts(range),
    sql`insert into cost_entries (entry_date, pool_id, bill_id, dimension_id, billed_nano_usd, effective_nano_usd,
        usage_seconds, capacity_gpu_seconds, created_by, changed_by)
      select s.entry_date, p.id, 0, d.id, s.billed_nano_usd, s.billed_nano_usd, s.capacity_gpu_seconds,
        s.capacity_gpu_seconds, ${importRow}, ${importRow}
      from ${staged('join')} where ${inRange(range)} order by s.id
      on conflict do update set changed_by = excluded.changed_by, billed_nano_usd = excluded.billed_nano_usd,
        effective_nano_usd = excluded.effective_nano_usd, usage_seconds = excluded.usage_seconds,
        capacity_gpu_seconds = excluded.capacity_gpu_seconds
        where billed_nano_usd <> excluded.billed_nano_usd or effective_nano_usd <> excluded.effective_nano_usd
          or capacity_gpu_seconds is not excluded.capacity_gpu_seconds`,
    ...shareStatements(
      sql`select s.entry_date, p.id from ${staged('join')} join cost_entries c on ${ENTRY}
        where ${inRange(range)} and c.changed_by = ${importRow}`,
      nowMs,
    ),
  ]
}

/** What the staged simple costs replace: Σ max(|billed|, |effective|) of the entries with their keys. */
export function replacedSize(importRow: bigint): SQL {
  return sql`select sum(max(abs(c.billed_nano_usd), abs(c.effective_nano_usd)))
    from staged_costs s join imports i on i.id = s.import_id
      join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
      join cost_dimensions d on d.key = ${DIMENSION} join cost_entries c on ${ENTRY} where s.import_id = ${importRow}`
}
