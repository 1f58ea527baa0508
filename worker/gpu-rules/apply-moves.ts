import { sql } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { restateStatements, shareSoon, shareStatements } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import type { Scope } from '../scope.ts'
import type { Moved } from './gpu-rule.ts'
import { IS_OTHER, MOVE_OF_ENTRY, type Move, movesTable, NEW_CAPACITY, OF_CURRENT_BILLS } from './moves.ts'

/** Entries that one transaction moves; a hosted database ends one after 5 seconds. */
const MOST_ENTRIES = 5_000
/** Job-days that the same transaction shares; of more, what they are charged follows right after it. */
const SHARED_AT_ONCE = 50_000n

/** What the audit log says of each step. */
type Noted = { targetId: string; target: string }

/**
 * Moves entries to the pools that the rules give them, with the capacity that they bought, and shares both pool-days:
 * some thousand entries a transaction, each with its line in the audit log. No amount changes, so every total stays as it
 * is to the nano-dollar at every instant. Cut off anywhere it is whole, and again it goes on; done again it changes nothing.
 *
 * @param mostEntries smaller in tests
 */
export async function applyMoves(
  scope: Scope,
  moves: readonly Move[],
  noted: Noted,
  mostEntries = MOST_ENTRIES,
): Promise<Moved> {
  const moved = { entryCount: 0, lineCount: 0 }
  // One pool after the other: two of them may send their entries of one day and bill to the same place.
  for (const poolId of new Set(moves.map((move) => move.poolId))) {
    const own = moves.filter((move) => move.poolId === poolId)
    for (let after = 0n, isDone = false; !isDone; )
      await writeTransaction(scope.db, async (tx) => {
        const entries = await nextEntries(tx, own, after, mostEntries)
        isDone = entries.length < mostEntries
        if (entries.length === 0) return
        after = entries.at(-1)?.id ?? after
        await moveEntries(tx, own, entries, scope.now())
        const lineCount = entries.reduce((sum, { lines }) => sum + Number(lines), 0)
        moved.entryCount += entries.length
        moved.lineCount += lineCount
        await note(tx, scope, { action: 'gpu_rules.apply', ...noted, after: { entryCount: entries.length, lineCount } })
      })
  }
  if (moved.entryCount > 0) await shareSoon(scope)
  return moved
}

type Entry = { id: bigint; day: string; lines: bigint; toType: string; capacity: bigint | null }

async function nextEntries(tx: Tx, moves: readonly Move[], after: bigint, most: number): Promise<Entry[]> {
  return tx.all<Entry>(sql`with m as materialized (${movesTable(moves)})
    select c.id, c.entry_date as day, c.line_count as lines, m.to_type as toType, ${NEW_CAPACITY} as capacity
    from ${OF_CURRENT_BILLS} cross join cost_dimensions d on d.id = c.dimension_id cross join m on ${MOVE_OF_ENTRY}
      cross join pools p on p.id = c.pool_id
    where c.pool_id = ${BigInt(moves[0]?.poolId ?? 0)} and c.id > ${after} and ${IS_OTHER}
    order by c.id limit ${BigInt(most)}`)
}

async function moveEntries(tx: Tx, moves: readonly Move[], entries: readonly Entry[], nowMs: number): Promise<void> {
  const [first] = moves
  if (!first) return
  const pools = new Map<string, number>()
  for (const { toType } of entries)
    if (!pools.has(toType)) pools.set(toType, await findOrCreatePool(tx, { provider: first.provider, gpuType: toType }))
  const rows = entries.map(({ id, toType, capacity }) => [
    ...[Number(id), pools.get(toType), capacity === null ? null : Number(capacity)],
  ])
  const going = sql`select value ->> 0 as id, value ->> 1 as pool_id, value ->> 2 as capacity
    from json_each(${JSON.stringify(rows)})`
  // An entry whose place is taken, by a line that said its GPU in a column of its own, is added to the one that is there.
  const met = sql`select g.id, g.capacity, x.id as other from (${going}) g join cost_entries c on c.id = g.id
    join cost_entries x on x.entry_date = c.entry_date and x.pool_id = g.pool_id and x.bill_id = c.bill_id
      and x.dimension_id = c.dimension_id and x.id <> c.id`
  const days = sql`select distinct day, pool_id from (
    select value ->> 0 as day, value ->> 1 as pool_id from json_each(${JSON.stringify(
      entries.flatMap(({ day, toType }) => [
        [day, first.poolId],
        [day, pools.get(toType)],
      ]),
    )})) where true`
  const taken = await tx.all<{ id: bigint; other: bigint; capacity: bigint | null }>(met)
  const merged = sql`select value ->> 0 as id, value ->> 1 as other, value ->> 2 as capacity
    from json_each(${JSON.stringify(taken.map(({ id, other, capacity }) => [Number(id), Number(other), capacity === null ? null : Number(capacity)]))})`
  if (taken.length > 0) {
    await tx.run(sql`update cost_entries set billed_nano_usd = cost_entries.billed_nano_usd + c.billed_nano_usd,
        effective_nano_usd = cost_entries.effective_nano_usd + c.effective_nano_usd,
        list_nano_usd = cost_entries.list_nano_usd + c.list_nano_usd,
        billed_currency_nano = ${sum('billed_currency_nano', 'c.billed_currency_nano')},
        usage_seconds = ${sum('usage_seconds', 'c.usage_seconds')},
        capacity_gpu_seconds = ${sum('capacity_gpu_seconds', 'g.capacity')},
        line_count = cost_entries.line_count + c.line_count
      from (${merged}) g join cost_entries c on c.id = g.id where cost_entries.id = g.other`)
    // The trigger on removal takes the lines off their bill; here they only stand elsewhere.
    await tx.run(sql`update bills set line_count = line_count + s.lines from (
        select c.bill_id, sum(c.line_count) as lines from (${merged}) g join cost_entries c on c.id = g.id group by c.bill_id) s
      where bills.id = s.bill_id`)
    await tx.run(sql`delete from cost_entries where id in (select id from (${merged}))`)
  }
  await tx.run(sql`update cost_entries set pool_id = g.pool_id, capacity_gpu_seconds = g.capacity
    from (${going}) g where cost_entries.id = g.id`)
  await tx.run(sql`delete from bill_days where (day, pool_id) in (${days}) and not exists (
    select 1 from cost_entries c where c.entry_date = bill_days.day and c.pool_id = bill_days.pool_id
      and c.bill_id = bill_days.bill_id)`)
  // What is left of a pool-day does not say its hours any more; of one that is gone they go as well.
  await tx.run(sql`delete from bill_hours where (day, pool_id) in (${days}) and not exists (
    select 1 from bill_days d where d.day = bill_hours.day and d.pool_id = bill_hours.pool_id
      and d.bill_id = bill_hours.bill_id)`)
  await share(tx, days, nowMs)
}

function sum(column: string, more: string) {
  return sql.raw(`case when cost_entries.${column} is null then ${more}
    else cost_entries.${column} + coalesce(${more}, 0) end`)
}

async function share(tx: Tx, days: ReturnType<typeof sql>, nowMs: number): Promise<void> {
  const [held] = await tx.all<{ jobDays: bigint }>(sql`select count(*) as jobDays from (
    select 1 from (${days}) n join job_day_shares s on s.day = n.day and s.pool_id = n.pool_id limit ${SHARED_AT_ONCE + 1n})`)
  const isMuch = (held?.jobDays ?? 0n) > SHARED_AT_ONCE
  if (isMuch) await tx.run(sql`insert into sharing_pool_days (day, pool_id) ${days} on conflict do nothing`)
  for (const statement of isMuch ? restateStatements() : shareStatements(days, nowMs)) await tx.run(statement)
}
