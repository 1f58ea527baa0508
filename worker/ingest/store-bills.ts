import { type SQL, sql } from 'drizzle-orm'
import { type Db, type Tx, writeBatch, writeTransaction } from '../../db/client.ts'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { restateStatements, shareStatements } from '../analytics/share.ts'
import { baseOf, NOBODY, standingBills } from './standing-bills.ts'

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

/** Rows of the file by what becomes of them, and rows of the bills that it replaces which it does not have any more. */
export type Restated = { inserted: bigint; updated: bigint; unchanged: bigint; removed: bigint }

/**
 * What the import's pending bills would change, in rows of files. Rows of one day, account and SKU stand or fall together,
 * because they are one entry. CROSS JOIN keeps the order of the tables: whole entries are looked up by their key, where the
 * planner would walk through all of a pool-day for each of them.
 */
export async function countBills(db: Db, importRow: bigint): Promise<Restated> {
  const at = sql.raw('o.entry_date = c.entry_date and o.pool_id = c.pool_id and o.dimension_id = c.dimension_id')
  const entriesOf = (bill: SQL) =>
    sql`bill_days d on d.bill_id = ${bill} cross join cost_entries c on c.entry_date = d.day and c.pool_id = d.pool_id
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
          from pairs p cross join cost_entries o on o.bill_id = p.old_id and ${at} where p.new_id = n.id) as is_same
      from bills n cross join ${entriesOf(sql`n.id`)} where n.import_id = ${importRow} and n.status = 'pending')
    select coalesce(sum(iif(is_same is null, rows, 0)), 0) as inserted,
      coalesce(sum(iif(is_same is null, 0, rows)), 0) as updated, coalesce(sum(iif(is_same = 1, rows, 0)), 0) as unchanged
    from fresh`)
  const [gone] = await db.all<{ removed: bigint }>(sql`
    with pairs as materialized (${pairs(importRow)})
    select coalesce(sum(c.line_count), 0) as removed from pairs p cross join ${entriesOf(sql`p.old_id`)}
    where not exists (select 1 from pairs q cross join cost_entries o on o.bill_id = q.new_id and ${at} where q.old_id = p.old_id)`)
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
  await writeTransaction(db, async (tx) => {
    await tx.run(countedBills(counts, importRow))
    await tx.run(listedAgain(importRow))
    await settleBills(tx, { importRow, isRemoved: false, now })
  })
}

/** Half a list price is none, for an entry as a whole: its rows may have come in several chunks. */
function listedAgain(importRow: bigint): SQL {
  return sql`update bill_days set (list_nano_usd, unlisted_nano_usd) = (
      select coalesce(sum(c.list_nano_usd), 0), coalesce(sum(iif(c.list_nano_usd is null, c.effective_nano_usd, 0)), 0)
      from cost_entries c where c.entry_date = bill_days.day and c.pool_id = bill_days.pool_id and c.bill_id = bill_days.bill_id)
    where bill_id in (select id from bills where import_id = ${importRow} and status = 'pending')
      and list_nano_usd <> 0 and unlisted_nano_usd <> 0`
}

/**
 * Takes the import's bills away; what they had replaced counts again where its entries are still kept. Answers how many
 * rows of files counted and do not any more.
 */
export async function takeBillsAway(db: Db, importRow: bigint, now: EpochMs): Promise<number> {
  return writeTransaction(db, async (tx) => {
    const [held] = await tx.all<{ rows: bigint }>(
      sql`select coalesce(sum(line_count), 0) as rows from bills where import_id = ${importRow} and status = 'current'`,
    )
    await settleBills(tx, { importRow, isRemoved: true, now })
    return Number(held?.rows ?? 0n)
  })
}

type Settling = { importRow: bigint; isRemoved: boolean; now: EpochMs }

/**
 * Finds out anew which bills count wherever the import has some, and gives the pool-days of those that change their new
 * cost. Where many jobs hold the days, what they are charged follows right after (`shareStale`); until then the difference
 * is nobody's.
 */
async function settleBills(tx: Tx, { importRow, isRemoved, now }: Settling): Promise<void> {
  const added = `%+imp_${importRow}`
  const bills = await tx.all<Candidate>(sql`
    with mine as (select distinct source, billing_account, billing_period from bills
      where (import_id = ${importRow} and status <> 'removed') or part like ${added} or part like ${`${added}+%`})
    select b.id, coalesce(b.import_id, 0) as importRow, b.part, b.status,
      json_array(b.source, b.billing_account, b.billing_period) as place, coalesce(b.superseded_by, 0) as supersededBy
    from mine m join bills b on b.source = m.source and b.billing_account = m.billing_account
      and b.billing_period = m.billing_period
    where b.id <> 0 and (b.status = 'current' or (b.status = 'pending' and b.import_id = ${importRow})
      or (b.status = 'superseded' and exists (select 1 from bill_days d where d.bill_id = b.id)))`)
  const bases = [...new Set(bills.map(({ part }) => baseOf(part)).filter((base) => base !== null))]
  const gone = await tx.all<{ id: bigint }>(
    sql`select id from imports where status = 'removed' and id in (select value from json_each(${JSON.stringify(bases)}))`,
  )
  const removed = new Set(gone.map(({ id }) => Number(id)))
  if (isRemoved) removed.add(Number(importRow))
  const changes: (readonly [id: number, status: string, by: number | null])[] = []
  for (const place of new Set(bills.map((bill) => bill.place))) {
    const here = bills
      .filter((bill) => bill.place === place)
      .map((bill) => ({ ...bill, id: Number(bill.id), importRow: Number(bill.importRow) }))
    const counting = here.filter(({ importRow: row }) => !(isRemoved && row === Number(importRow)))
    const fates = standingBills(counting, (row) => removed.has(row))
    for (const { id, status, supersededBy } of here) {
      const by = fates.get(id)
      if (by === undefined) changes.push([id, 'removed', null])
      else if (by === null && status !== 'current') changes.push([id, 'current', null])
      else if (by !== null && (status !== 'superseded' || Number(supersededBy) !== by))
        changes.push([id, 'superseded', by])
    }
  }
  await applyChanges(tx, changes, now)
}

type Candidate = { id: bigint; importRow: bigint; part: string; status: string; place: string; supersededBy: bigint }

async function applyChanges(
  tx: Tx,
  changes: readonly (readonly [id: number, status: string, by: number | null])[],
  now: EpochMs,
): Promise<void> {
  if (changes.length === 0) return
  const json = JSON.stringify(changes)
  await tx.run(sql`insert into sharing_pool_days (day, pool_id) select distinct d.day, d.pool_id
    from json_each(${json}) k cross join bill_days d on d.bill_id = k.value ->> 0 where true on conflict do nothing`)
  // Those that end first: only one bill of a part may count.
  await tx.run(sql`update bills set status = c.status, superseded_by = nullif(c.by, ${BigInt(NOBODY)}), ended_at_ms = ${BigInt(now)}
    from (select value ->> 0 as id, value ->> 1 as status, value ->> 2 as by from json_each(${json})) as c
    where bills.id = c.id and c.status <> 'current'`)
  await tx.run(sql`update bills set status = 'current', superseded_by = null, ended_at_ms = null,
      current_since_ms = ${BigInt(now)}
    where id in (select value ->> 0 from json_each(${json}) where value ->> 1 = 'current')`)
  const [held] = await tx.all<{ jobDays: bigint }>(sql`select count(*) as jobDays from (
    select 1 from sharing_pool_days n cross join job_day_shares s on s.day = n.day and s.pool_id = n.pool_id
    limit ${SHARED_AT_ONCE + 1n})`)
  const sharing =
    (held?.jobDays ?? 0n) > SHARED_AT_ONCE
      ? restateStatements()
      : shareStatements(sql`select day, pool_id from sharing_pool_days where true`, now)
  for (const statement of sharing) await tx.run(statement)
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
    sql`delete from bill_hours where bill_id in (${over})`,
    sql`delete from bill_days where bill_id in (${over})`,
    sql`delete from bills where status = 'pending' and id in (${over})`,
  ])
  return forgotten
}
