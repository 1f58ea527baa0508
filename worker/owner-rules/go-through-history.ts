import { type SQL, sql } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { cutIntoDays } from '../analytics/job-days.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import type { Scope } from '../scope.ts'
import { teamNames } from './owner.ts'
import { FILE_TEAM, giveJobs } from './rule-jobs.ts'
import { movedAnswer, type Progress } from './rule-set.ts'
import { billBook, DIMENSION_COLUMNS, jobBook, ruledOwner, ruledTeam, setId } from './rules-in-force.ts'

/** What one transaction goes through at most; a hosted database ends one after 5 seconds. */
export type Bounds = { jobsRead: number; jobsMoved: number; jobDays: number; dimensions: number; transactions: number }
const BOUNDS: Bounds = { jobsRead: 50_000, jobsMoved: 5_000, jobDays: 50_000, dimensions: 20_000, transactions: 400 }

/**
 * Door: goes on with the rules in force where history is not gone through yet: jobs first, then kinds of charges, then
 * their pool-days are shared. Each transaction is whole and notes how far it came, so it may be cut off anywhere and run
 * beside itself; what it finds as it should be it leaves alone. Answers whether there was something to do.
 *
 * @param bounds smaller in tests
 */
export async function goThroughHistory(scope: Scope, bounds: Partial<Bounds> = {}): Promise<boolean> {
  const most = { ...BOUNDS, ...bounds }
  let steps = 0
  for (; steps < most.transactions; steps += 1) if (!(await step(scope, most))) break
  if (steps > 0) await shareSoon(scope)
  return steps > 0
}

type Set = { id: bigint; progress: Progress }

/** One transaction. False: all is gone through. */
async function step(scope: Scope, bounds: Bounds): Promise<boolean> {
  const [waiting] = await scope.db.all<{ id: bigint }>(sql`select id from owner_rule_sets where is_done = 0 limit 1`)
  if (!waiting) return false
  await writeTransaction(scope.db, async (tx) => {
    const [row] = await tx.all<{ id: bigint; moved: string }>(
      sql`select id, moved from owner_rule_sets where is_done = 0 order by id desc limit 1`,
    )
    if (!row) return
    const set: Set = { id: row.id, progress: JSON.parse(row.moved) as Progress }
    if (await nextJobs(tx, set, bounds, scope.now())) return save(tx, set)
    if (await nextDimensions(tx, set, bounds)) return save(tx, set)
    await tx.run(sql`update owner_rule_sets set is_done = 1 where id = ${set.id}`)
    const { charges, jobs, ...moved } = movedAnswer(set.progress, await teamNames(tx))
    const target = { targetId: setId(set.id), target: 'history' }
    await note(tx, scope, { action: 'owner_rules.applied', ...target, after: moved })
  })
  return true
}

async function save(tx: Tx, { id, progress }: Set): Promise<void> {
  await tx.run(sql`update owner_rule_sets set moved = ${JSON.stringify(progress)} where id = ${id}`)
}

/** Jobs `j` of a FROM clause that are another team's by the rules in `book`, as id, from, to. */
export function otherJobs(from: SQL): SQL {
  return sql`select id, "from", "to" from (
    select id, was as "from", coalesce(rule, file) as "to", was_source, nullif(file, coalesce(rule, file)) as source
    from (select j.id, j.team_id as was, j.source_team_id as was_source, ${FILE_TEAM} as file,
        ${ruledTeam('j.user_name', 'j.job_name')} as rule from ${from}))
    where "from" <> "to" or was_source is not source`
}

async function nextJobs(tx: Tx, { progress }: Set, most: Bounds, nowMs: number): Promise<boolean> {
  const after = BigInt(progress.jobsUpTo)
  const [left] = await tx.all<{
    last: bigint | null
    isConcerned: bigint
  }>(sql`select (select max(id) from jobs) as last,
    exists (select 1 from owner_rule_sets s, json_each(s.rules) r where r.value ->> 'field' in ('user', 'job_name'))
      as isConcerned`)
  if (!left?.isConcerned || left.last === null || left.last <= after) return false
  const upTo = after + BigInt(most.jobsRead)
  const range = sql`jobs j where j.id > ${after} and j.id <= ${upTo}`
  const found = await tx.all<{ id: bigint; from: bigint; to: bigint; days: bigint }>(sql`
    with book as materialized (${jobBook()})
    select f.*, (select count(*) from job_day_shares s where s.job_id = f.id) as days
    from (${otherJobs(range)}) f order by id limit ${BigInt(most.jobsMoved)}`)
  let days = 0
  const taken = found.filter((job, index) => {
    days += Number(job.days)
    return index === 0 || days <= most.jobDays
  })
  const isAll = taken.length === found.length && found.length < most.jobsMoved
  progress.jobsUpTo = Number(isAll ? upTo : (taken.at(-1)?.id ?? upTo))
  if (taken.length === 0) return true
  const ids = JSON.stringify(taken.map(({ id }) => Number(id)))
  await countJobs(tx, progress, JSON.stringify(taken.map(({ id, from, to }) => [Number(id), Number(from), Number(to)])))
  await tx.run(sql`with book as materialized (${jobBook()})
    ${giveJobs(sql`json_each(${ids}) k cross join jobs j on j.id = k.value`)}`)
  for (const statement of cutIntoDays(sql`select value from json_each(${ids})`, nowMs)) await tx.run(statement)
  return true
}

async function countJobs(tx: Tx, progress: Progress, moves: string): Promise<void> {
  const sums = await tx.all<Record<'from' | 'to' | 'jobs' | 'gpuMs' | 'nano', bigint>>(sql`
    select k.value ->> 1 as "from", k.value ->> 2 as "to", count(distinct k.value ->> 0) as jobs,
      coalesce(sum(s.gpu_ms), 0) as gpuMs, coalesce(sum(s.allocation_nano_usd), 0) as nano
    from json_each(${moves}) k left join job_day_shares s on s.job_id = k.value ->> 0
    where k.value ->> 1 <> k.value ->> 2 group by 1, 2`)
  for (const { from, to, jobs, gpuMs, nano } of sums) {
    const known = progress.jobs.find((one) => one[0] === Number(from) && one[1] === Number(to))
    const [count, held, amount] = [known?.[2] ?? 0, known?.[3] ?? 0, BigInt(known?.[4] ?? 0)]
    const sum: Progress['jobs'][number] = [
      ...([Number(from), Number(to), count + Number(jobs), held + Number(gpuMs)] as const),
      String(amount + nano),
    ]
    progress.jobs = [...progress.jobs.filter((one) => one !== known), sum]
  }
}

async function nextDimensions(tx: Tx, { id, progress }: Set, most: Bounds): Promise<boolean> {
  const after = BigInt(progress.dimensionsUpTo)
  const [page] = await tx.all<{ upTo: bigint | null }>(sql`select max(id) as upTo from (
    select id from cost_dimensions where id > ${after} order by id limit ${BigInt(most.dimensions)})`)
  if (!page || page.upTo === null) return false
  const inPage = sql`d.id > ${after} and d.id <= ${page.upTo}`
  const changed = await tx.all<{ id: bigint; from: string; to: string }>(sql`
    with book as materialized (${billBook()}) ${otherDimensions(inPage)}`)
  if (changed.length > 0) {
    const rows = JSON.stringify(changed.map(({ id: row, to }) => [Number(row), to]))
    const table = changedTable(rows)
    await countCharges(tx, progress, table)
    await tx.run(sql`with ${table} update pool_days set is_stale = 1 where (day, pool_id) in (
      select c.entry_date, c.pool_id from cost_entries c where c.dimension_id in (select id from k))`)
    await tx.run(sql`update cost_dimensions set owner = k.value ->> 1 from json_each(${rows}) k
      where cost_dimensions.id = k.value ->> 0`)
  }
  await tx.run(sql`update cost_dimensions as d set owner_set = ${id} where ${inPage}`)
  progress.dimensionsUpTo = Number(page.upTo)
  return true
}

/** The dimensions `d` whose owner is another by the rules in `book`. */
export function otherDimensions(where: SQL): SQL {
  return sql`select * from (select d.id, d.owner as "from", ${ruledOwner(DIMENSION_COLUMNS)} as "to"
    from cost_dimensions d where ${where}) where "from" <> "to"`
}

/** Dimensions and their new owners (JSON rows) as a table `k`; its casts let SQLite find them by an index. */
export function changedTable(rows: string): SQL {
  return sql`k as materialized (select cast(value ->> 0 as integer) as id, cast(value ->> 1 as text) as owner
    from json_each(${rows}))`
}

/** What the entries of changed dimensions (`changedTable`) cost, by old and new owner. */
export async function chargesOf(
  asker: Pick<Scope['db'], 'all'>,
  table: SQL,
): Promise<{ from: string; to: string; entries: bigint; nano: bigint }[]> {
  return asker.all(sql`with ${table}
    select d.owner as "from", e.owner as "to", sum(e.entries) as entries, sum(e.nano) as nano
    from (select c.dimension_id, k.owner, count(*) as entries, sum(c.effective_nano_usd) as nano
        from cost_entries c cross join k on k.id = c.dimension_id cross join bills b on b.id = c.bill_id and b.status = 'current'
        group by c.dimension_id) e
      join cost_dimensions d on d.id = e.dimension_id group by 1, 2`)
}

async function countCharges(tx: Tx, progress: Progress, table: SQL): Promise<void> {
  for (const { from, to, entries, nano } of await chargesOf(tx, table)) {
    const known = progress.charges.find((one) => one[0] === from && one[1] === to)
    const sum: Progress['charges'][number] = [
      ...([from, to, (known?.[2] ?? 0) + Number(entries)] as const),
      String(BigInt(known?.[3] ?? 0) + nano),
    ]
    progress.charges = [...progress.charges.filter((one) => one !== known), sum]
  }
}
