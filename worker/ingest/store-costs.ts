import { type SQL, sql } from 'drizzle-orm'
import { shareStatements } from '../analytics/share.ts'

/** Staged rows `after` < id ≤ `upTo` of one import: what one transaction takes. */
export type Range = { importRow: bigint; after: bigint; upTo: bigint }

const KEY = sql.raw(`c.entry_date = s.entry_date and c.pool_id = p.id and c.source = i.source
  and c.billing_account = s.billing_account and c.account = s.account and c.billing_period = s.billing_period
  and c.region = s.region and c.sku = s.sku and c.charge_category = s.charge_category
  and c.pricing_category = s.pricing_category`)

const SAME = sql.raw(`c.billed_nano_usd = s.billed_nano_usd and c.effective_nano_usd = s.effective_nano_usd
  and c.capacity_gpu_seconds is s.capacity_gpu_seconds`)

/** How many rows of the range are new, known, and known with the same amounts: in one statement, before the upsert. */
export function countCosts({ importRow, after, upTo }: Range): SQL {
  return sql`update imports set (inserted, updated, unchanged) = (
      select inserted + coalesce(sum(iif(c.id is null, s.line_count, 0)), 0),
        updated + coalesce(sum(iif(c.id is null, 0, s.line_count)), 0),
        unchanged + coalesce(sum(iif(${SAME}, s.line_count, 0)), 0)
      from staged_costs s join imports i on i.id = s.import_id
      left join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
      left join cost_entries c on ${KEY}
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo})
    where id = ${importRow}`
}

/**
 * The statements of one transaction that move a range of staged costs into the ledger: count, store, share, forget.
 * The same range again finds nothing staged and changes nothing.
 */
export function storeCosts(range: Range, nowMs: number): SQL[] {
  const { importRow, after, upTo } = range
  const staged = sql`staged_costs s join imports i on i.id = s.import_id
    join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
    where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo}`
  return [
    countCosts(range),
    sql`insert into pools (provider, gpu_type) select distinct provider, gpu_type from staged_costs
      where +import_id = ${importRow} and id > ${after} and id <= ${upTo} on conflict do nothing`,
    sql`insert into cost_entries (entry_date, pool_id, source, billing_account, account, billing_period, region, sku,
        charge_category, pricing_category, billed_nano_usd, effective_nano_usd, capacity_gpu_seconds, line_count,
        created_by, changed_by, seen_by)
      select s.entry_date, p.id, i.source, s.billing_account, s.account, s.billing_period, s.region, s.sku,
        s.charge_category, s.pricing_category, s.billed_nano_usd, s.effective_nano_usd, s.capacity_gpu_seconds,
        s.line_count, ${importRow}, ${importRow}, ${importRow}
      from ${staged} order by s.id
      on conflict do update set
        changed_by = iif(billed_nano_usd = excluded.billed_nano_usd and effective_nano_usd = excluded.effective_nano_usd
          and capacity_gpu_seconds is excluded.capacity_gpu_seconds, changed_by, excluded.changed_by),
        billed_nano_usd = excluded.billed_nano_usd, effective_nano_usd = excluded.effective_nano_usd,
        capacity_gpu_seconds = excluded.capacity_gpu_seconds, line_count = excluded.line_count,
        seen_by = excluded.seen_by`,
    ...shareStatements(
      sql`select s.entry_date, p.id
        from staged_costs s join imports i on i.id = s.import_id
        join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type join cost_entries c on ${KEY}
        where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} and c.changed_by = ${importRow}`,
      nowMs,
    ),
  ]
}

/** Entries `c` with the key of a row that the import has staged. */
function mentioned(importRow: bigint): SQL {
  return sql`exists (select 1 from staged_costs s join imports i on i.id = s.import_id
    join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type where s.import_id = ${importRow} and ${KEY})`
}

/** FROM and WHERE of the entries `c` of a restated bill that it no longer mentions: same source, account and period. */
function unmentionedCosts(importRow: bigint): SQL {
  return sql`from cost_entries c join imports i on i.id = ${importRow}
    where c.source = i.source and c.billing_period <> ''
      and (c.billing_account, c.billing_period) in (
        select distinct billing_account, billing_period from staged_costs where import_id = ${importRow})
      and c.seen_by <> ${importRow}`
}

/** FROM and WHERE of the entries `c` that stay as they are when the import is stored. */
export function keptCosts(importRow: bigint): SQL {
  return sql`from cost_entries c where not ${mentioned(importRow)} and not (c.billing_period <> ''
    and c.id in (select c.id ${unmentionedCosts(importRow)}))`
}

/** Counts what a dry run would take away. */
export function countUnmentioned(importRow: bigint): SQL {
  return sql`update imports set removed = (
      select coalesce(sum(c.line_count), 0) ${unmentionedCosts(importRow)} and not ${mentioned(importRow)})
    where id = ${importRow}`
}

/**
 * The statements of one transaction that take away what a restated bill no longer mentions: entries of the same source,
 * billing account and billing period that this import has not seen. Amounts of a bill are replaced, never added to.
 */
export function dropUnmentioned(importRow: bigint, nowMs: number): SQL[] {
  const unmentioned = unmentionedCosts(importRow)
  return [
    sql`update imports set removed = (select coalesce(sum(c.line_count), 0) ${unmentioned}) where id = ${importRow}`,
    // The days are noted before their entries go.
    sql`insert into sharing_pool_days (day, pool_id) select c.entry_date, c.pool_id ${unmentioned} on conflict do nothing`,
    sql`delete from cost_entries where id in (select c.id ${unmentioned})`,
    ...shareStatements(sql`select day, pool_id from sharing_pool_days where true`, nowMs),
  ]
}
