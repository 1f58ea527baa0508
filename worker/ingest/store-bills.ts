import { type SQL, sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../db/client.ts'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { restateStatements, shareStatements } from '../analytics/share.ts'

/** Job-days that the transaction shares which puts a bill in its place; of more, the clock's door shares them after it. */
const SHARED_AT_ONCE = 50_000n

/**
 * Which part `n` of an export takes the place of part `o`: a whole one that of every part, a part that of itself and of a
 * whole one. What is behind a "+" was read again from a part's quarantine: it is added, and goes with its part.
 */
const REPLACES = sql.raw(`(n.part = '' or o.part = n.part or (instr(n.part, '+') = 0
  and (o.part = '' or substr(o.part, 1, 1) = '+' or substr(o.part, 1, length(n.part) + 1) = n.part || '+')))`)

/** The import's pending bills and the current ones that each takes the place of: same source, account, period and part. */
function pairs(importRow: bigint): SQL {
  return sql`select n.id as new_id, o.id as old_id from bills n join bills o on o.status = 'current' and o.id <> 0
      and o.source = n.source and o.billing_account = n.billing_account and o.billing_period = n.billing_period
      and ${REPLACES}
    where n.import_id = ${importRow} and n.status = 'pending'`
}

/** Days and pools of the pending bills and of those that they replace. */
function touched(importRow: bigint): SQL {
  return sql`select d.day, d.pool_id from bill_days d where d.bill_id in (
    select id from bills where import_id = ${importRow} and status = 'pending' union select old_id from (${pairs(importRow)}))`
}

/** Rows of the file by what becomes of them, and rows of the bills that it replaces which it does not have any more. */
export type Restated = { inserted: bigint; updated: bigint; unchanged: bigint; removed: bigint }

/**
 * What the import's pending bills would change, in rows of files. Rows of one day, account and SKU stand or fall together,
 * because they are one entry.
 */
export async function countBills(db: Db, importRow: bigint): Promise<Restated> {
  const at = sql.raw('o.entry_date = c.entry_date and o.pool_id = c.pool_id and o.dimension_id = c.dimension_id')
  const entriesOf = (bill: SQL) =>
    sql`bill_days d on d.bill_id = ${bill} join cost_entries c on c.entry_date = d.day and c.pool_id = d.pool_id
      and c.bill_id = ${bill}`
  const [replaced] = await db.all<{ count: bigint }>(sql`select count(*) as count from (${pairs(importRow)})`)
  if (!replaced?.count) {
    const [all] = await db.all<{ rows: bigint }>(
      sql`select coalesce(sum(line_count), 0) as rows from bills where import_id = ${importRow} and status = 'pending'`,
    )
    return { inserted: all?.rows ?? 0n, updated: 0n, unchanged: 0n, removed: 0n }
  }
  const [fresh] = await db.all<Record<'inserted' | 'updated' | 'unchanged', bigint>>(sql`
    with pairs as materialized (${pairs(importRow)}),
    fresh as (select c.line_count as rows,
        (select max(o.billed_nano_usd = c.billed_nano_usd and o.effective_nano_usd = c.effective_nano_usd
            and o.capacity_gpu_seconds is c.capacity_gpu_seconds and o.line_count = c.line_count)
          from pairs p join cost_entries o on o.bill_id = p.old_id and ${at} where p.new_id = n.id) as is_same
      from bills n join ${entriesOf(sql`n.id`)} where n.import_id = ${importRow} and n.status = 'pending')
    select coalesce(sum(iif(is_same is null, rows, 0)), 0) as inserted,
      coalesce(sum(iif(is_same is null, 0, rows)), 0) as updated, coalesce(sum(iif(is_same = 1, rows, 0)), 0) as unchanged
    from fresh`)
  const [gone] = await db.all<{ removed: bigint }>(sql`
    with pairs as materialized (${pairs(importRow)})
    select coalesce(sum(c.line_count), 0) as removed from pairs p join ${entriesOf(sql`p.old_id`)}
    where not exists (select 1 from pairs q join cost_entries o on o.bill_id = q.new_id and ${at} where q.old_id = p.old_id)`)
  return { inserted: 0n, updated: 0n, unchanged: 0n, ...fresh, removed: gone?.removed ?? 0n }
}

/** The assignment of these counts to the import. */
export function countedBills({ inserted, updated, unchanged, removed }: Restated, importRow: bigint): SQL {
  return sql`update imports set inserted = inserted + ${inserted}, updated = updated + ${updated},
    unchanged = unchanged + ${unchanged}, removed = removed + ${removed} where id = ${importRow}`
}

/**
 * Puts the import's pending bills in their place, in one transaction with its counts: a reader sees the old export or the
 * new one, whatever their size, and every sum equals the bill at every instant.
 */
export async function placeBills(db: Db, importRow: bigint, counts: Restated, now: EpochMs): Promise<void> {
  await swapBills(db, touched(importRow), now, [
    countedBills(counts, importRow),
    sql`update bills set status = 'superseded', superseded_by = p.new_id, ended_at_ms = ${BigInt(now)}
      from (${pairs(importRow)}) as p where bills.id = p.old_id`,
    sql`update bills set status = 'current', current_since_ms = ${BigInt(now)}
      where import_id = ${importRow} and status = 'pending'`,
  ])
}

/**
 * Runs statements that change which bills count, and gives their pool-days (a SELECT of day and pool_id, asked before the
 * change) their new cost in the same transaction. Where many jobs hold the days, what they are charged follows right
 * after (`shareStale`); until then the difference is nobody's.
 */
export async function swapBills(db: Db, poolDays: SQL, now: EpochMs, statements: readonly SQL[]): Promise<void> {
  const [held] = await db.all<{ jobDays: bigint }>(sql`select count(*) as jobDays from (
    select 1 from (select distinct day, pool_id from (${poolDays})) d
    join job_day_shares s on s.day = d.day and s.pool_id = d.pool_id limit ${SHARED_AT_ONCE + 1n})`)
  await writeBatch(db, [
    sql`insert into sharing_pool_days (day, pool_id) select distinct day, pool_id from (${poolDays}) where true
      on conflict do nothing`,
    ...statements,
    ...((held?.jobDays ?? 0n) > SHARED_AT_ONCE
      ? restateStatements()
      : shareStatements(sql`select day, pool_id from sharing_pool_days where true`, now)),
  ])
}

/** What an import's bills took the place of, in dollars before and after; '' where they replaced nothing. */
export async function replacedWords(db: Db, importRow: bigint): Promise<string> {
  const [sums] = await db.all<{ bills: bigint; before: bigint; after: bigint }>(sql`
    select count(*) as bills, coalesce(sum(o.billed_nano_usd), 0) as before,
      coalesce((select sum(n.billed_nano_usd) from bills n where n.import_id = ${importRow}
        and n.id in (select superseded_by from bills where superseded_by is not null)), 0) as after
    from bills o where o.superseded_by in (select id from bills where import_id = ${importRow})`)
  if (!sums?.bills || sums.before === sums.after) return ''
  return `What was billed there goes from ${usdText(nanoUsd(sums.before))} to ${usdText(nanoUsd(sums.after))} dollars`
}

/** How long the entries of a bill that was replaced or removed are kept, so that it can be put back: a week. */
export const SUPERSEDED_KEPT_MS = 7 * 86_400_000
/** Rows that one transaction clears away. */
const FORGOTTEN_ROWS = 20_000n

/**
 * Clears away the entries of bills that will never count again: pending ones of imports that have ended, and those that
 * were replaced or removed more than a week ago. Their rows stay as history. Answers how many entries went. Idempotent,
 * cut off anywhere.
 */
export async function forgetBills({ db, now }: { db: Db; now: () => EpochMs }): Promise<number> {
  const over = sql`select b.id from bills b left join imports i on i.id = b.import_id
    where (b.status = 'pending' and (i.id is null or i.status not in ('queued', 'reading', 'storing', 'interrupted')))
      or (b.status in ('superseded', 'removed') and b.ended_at_ms <= ${BigInt(now() - SUPERSEDED_KEPT_MS)}
        and exists (select 1 from bill_days d where d.bill_id = b.id))`
  let forgotten = 0
  for (;;) {
    const { rowsAffected } = await db.run(sql`delete from cost_entries where id in (
      select c.id from (${over}) b join bill_days d on d.bill_id = b.id
        join cost_entries c on c.entry_date = d.day and c.pool_id = d.pool_id and c.bill_id = b.id limit ${FORGOTTEN_ROWS})`)
    forgotten += rowsAffected
    if (rowsAffected < Number(FORGOTTEN_ROWS)) break
  }
  await writeBatch(db, [
    sql`delete from bill_days where bill_id in (${over})`,
    sql`delete from bills where status = 'pending' and id in (${over})`,
  ])
  return forgotten
}
