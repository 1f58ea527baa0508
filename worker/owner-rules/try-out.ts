import { sql } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { cutIntoDays } from '../analytics/job-days.ts'
import { shareStatements } from '../analytics/share.ts'
import type { Scope } from '../scope.ts'
import { giveJobs } from './rule-jobs.ts'
import { jobBook } from './rules-in-force.ts'

/** What is tried out holds the writer's turn: pool-days, and job-days on them, at most. */
const MOST_POOL_DAYS = 1_500
const MOST_JOB_DAYS = 30_000

/** A kind of charge that changes owners (JSON; '': nobody). */
export type Change = { id: bigint; from: string; to: string }

/** What a team (null: nobody) is charged for the pool-days, effective cost on the allocation basis. */
export type TeamCosts = { teamRow: bigint | null; beforeNanoUsd: NanoUsd; afterNanoUsd: NanoUsd }

type Tried = { poolDayCount: number; costs: TeamCosts[] }

/** Thrown so that nothing of it stays. */
class Undone extends Error {}

/**
 * What every team is charged for the pool-days that the rules (`text`) touch, before and after they are applied: applied
 * in a transaction that is undone, so it is what would be, to the nano-dollar. Null: too much to hold the writer's turn for.
 */
export async function beforeAndAfter(
  { db, now }: Pick<Scope, 'db' | 'now'>,
  { text, charges, jobIds }: { text: string; charges: readonly Change[]; jobIds: readonly number[] },
): Promise<Tried | null> {
  if (charges.length + jobIds.length === 0) return { poolDayCount: 0, costs: [] }
  let tried: Tried | null = null
  try {
    await writeTransaction(db, async (tx) => {
      const poolDays = await touchedPoolDays(tx, charges, jobIds)
      if (poolDays === null) throw new Undone()
      const [table, ids] = [JSON.stringify(poolDays), JSON.stringify(jobIds)]
      const keys = sql`select value ->> 0, value ->> 1 from json_each(${table}) where true`
      const share = async () => {
        for (const statement of shareStatements(keys, now())) await tx.run(statement)
      }
      await share() // what waits to be shared is no part of the move
      const before = await costsOf(tx, table)
      const rows = JSON.stringify(charges.map(({ id, to }) => [Number(id), to]))
      await tx.run(sql`update cost_dimensions set owner = k.value ->> 1 from json_each(${rows}) k
        where cost_dimensions.id = k.value ->> 0`)
      await tx.run(sql`with book as materialized (${jobBook(text)})
        ${giveJobs(sql`json_each(${ids}) k cross join jobs j on j.id = k.value`)}`)
      for (const statement of cutIntoDays(sql`select value from json_each(${ids})`, now())) await tx.run(statement)
      await share()
      tried = { poolDayCount: poolDays.length, costs: sideBySide(before, await costsOf(tx, table)) }
      throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
  return tried
}

/** Pool-days with charges or jobs that change hands, and those of the same days that are split by what teams held. */
async function touchedPoolDays(tx: Tx, charges: readonly Change[], jobIds: readonly number[]) {
  const [dimensions, ids] = [JSON.stringify(charges.map(({ id }) => Number(id))), JSON.stringify(jobIds)]
  const found = await tx.all<{ day: string; poolId: bigint; jobDays: bigint }>(sql`
    with k as materialized (select cast(value as integer) as id from json_each(${dimensions})),
    touched as materialized (
      select c.entry_date as day, c.pool_id from cost_entries c where ${BigInt(charges.length)} > 0
        and c.dimension_id in (select id from k)
      union select s.day, s.pool_id from json_each(${ids}) j cross join job_day_shares s on s.job_id = j.value),
    every as (select day, pool_id from touched
      union select p.day, p.pool_id from pool_days p where p.is_split = 1 and p.day in (select day from touched))
    select e.day, e.pool_id as poolId,
      (select count(*) from job_day_shares s where s.day = e.day and s.pool_id = e.pool_id) as jobDays
    from every e join pool_days p on p.day = e.day and p.pool_id = e.pool_id limit ${BigInt(MOST_POOL_DAYS + 1)}`)
  const jobDays = found.reduce((sum, row) => sum + Number(row.jobDays), 0)
  if (found.length > MOST_POOL_DAYS || jobDays > MOST_JOB_DAYS) return null
  return found.map(({ day, poolId }) => [day, Number(poolId)] as const)
}

async function costsOf(tx: Tx, table: string): Promise<Map<bigint | null, NanoUsd>> {
  const rows = await tx.all<{ teamRow: bigint | null; nano: NanoUsd }>(sql`
    with n as materialized (select value ->> 0 as day, value ->> 1 as pool_id from json_each(${table}))
    select o.team_id as teamRow, sum(c.allocation_nano_usd) as nano
    from n cross join ledger_cells c on c.day = n.day and c.pool_id = n.pool_id join owners o on o.id = c.owner_id group by 1
    union all select null, coalesce(sum(p.unallocated_nano_usd), 0)
    from n cross join pool_days p on p.day = n.day and p.pool_id = n.pool_id`)
  return new Map(rows.map(({ teamRow, nano }) => [teamRow, nano]))
}

function sideBySide(before: Map<bigint | null, NanoUsd>, after: Map<bigint | null, NanoUsd>): TeamCosts[] {
  const none = 0n as NanoUsd
  const size = ({ beforeNanoUsd: was, afterNanoUsd: is }: TeamCosts) => (was < is ? is - was : was - is)
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((teamRow) => ({
      ...{ teamRow, beforeNanoUsd: before.get(teamRow) ?? none, afterNanoUsd: after.get(teamRow) ?? none },
    }))
    .filter(({ beforeNanoUsd, afterNanoUsd }) => beforeNanoUsd !== 0n || afterNanoUsd !== 0n)
    .sort((a, b) =>
      size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : Number(a.teamRow ?? 0n) - Number(b.teamRow ?? 0n),
    )
}
