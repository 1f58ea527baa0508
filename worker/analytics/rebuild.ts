import { type SQL, sql } from 'drizzle-orm'
import { readBatch, writeBatch } from '../../db/client.ts'
import { addDays, type Day, startOf } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import { cutIntoDays, ownersOf, wronglyCut } from './job-days.ts'
import { monthOf, nextMonth } from './periods.ts'
import { remakeBillDays } from './remake-bill-days.ts'
import { CUBES, remakeRollupsOfDay, remakeRollupsOfMonth } from './rollups.ts'
import { shareStale, shareStatements } from './share.ts'

/** Days `from` to before `before`; null: without end. */
export type Reach = { from: Day | null; before: Day | null }

/**
 * How far a rebuild is. Jobs are cut into days, then days are shared and added up, then months; `at` is the last job, or
 * the first day or month that is still to come. Plain values, so that it can be kept and taken up again anywhere.
 */
export type RebuildProgress = Reach & {
  phase: 'jobs' | 'days' | 'months' | 'done'
  at: string
  jobCount: number
  /** Jobs whose days in the ledger were not theirs. */
  recutCount: number
  dayCount: number
  monthCount: number
}

/** Jobs that one step looks at, job-days that it may cut, and job-days that one transaction shares. */
const JOBS_PER_STEP = 5_000n
const SCANNED_PER_STEP = 50_000n
const CUT_PER_STEP = 100_000n
const SHARED_PER_TRANSACTION = 50_000

/** A rebuild that has not begun. */
export function rebuildOf(reach: Partial<Reach> = {}): RebuildProgress {
  const none = { jobCount: 0, recutCount: 0, dayCount: 0, monthCount: 0 }
  return { from: null, before: null, ...reach, phase: 'jobs', at: '0', ...none }
}

/**
 * Makes everything derived anew from the facts: the days of jobs, pool-days, what each was charged, cells and rollups, by
 * the statements that an import runs too. Days that are right keep their bytes; names of owners and models are facts of
 * their own and stay. Each step is one or few bounded transactions, after each of which every list adds up to the bill, so
 * it may run beside imports and readers, be cut off anywhere and be taken up again (`from`: a kept progress).
 *
 * A window narrows it to the jobs that held GPUs there (whole, with their other days) and to its days and months.
 */
export async function rebuildLedger(
  scope: Pick<Scope, 'db' | 'now'>,
  asked: Partial<Reach> | RebuildProgress = {},
  onStep: (progress: RebuildProgress) => Promise<void> | void = () => {},
): Promise<RebuildProgress> {
  let progress = 'phase' in asked ? asked : rebuildOf(asked)
  while (progress.phase !== 'done') {
    progress = await rebuildStep(scope, progress)
    await onStep(progress)
  }
  return progress
}

/** One bounded step of `rebuildLedger`. Safe to repeat, also from an older progress. */
export async function rebuildStep(
  scope: Pick<Scope, 'db' | 'now'>,
  progress: RebuildProgress,
): Promise<RebuildProgress> {
  if (progress.phase === 'jobs') return cutJobs(scope, progress)
  if (progress.phase === 'days') return shareDay(scope, progress)
  if (progress.phase === 'months') return addUpMonth(scope, progress)
  return progress
}

async function cutJobs({ db, now }: Pick<Scope, 'db' | 'now'>, progress: RebuildProgress): Promise<RebuildProgress> {
  const { from, before } = progress
  const nowMs = BigInt(now())
  const after = BigInt(progress.at)
  const ended = sql`coalesce(j.ended_at_ms, iif(j.status = 'running', ${nowMs}, j.started_at_ms))`
  const held = sql`(${from ? sql`${ended} >= ${BigInt(startOf(from))}` : sql`1`}
    and ${before ? sql`j.started_at_ms < ${BigInt(startOf(before))}` : sql`1`})`
  const stands = (ids: SQL) => sql`j.id in (select s.job_id from job_day_shares s where ${ids}
    and s.day >= ${from ?? ''} and s.day < ${before ?? '9999'})`
  const touches = (ids: SQL) => (from || before ? sql`(${held} or ${stands(ids)})` : sql`1`)
  const [page] = await db.all<Record<'scanned' | 'fits' | 'all' | 'fitting', bigint | null>>(sql`
    with scanned as materialized (select * from jobs where id > ${after} order by id limit ${SCANNED_PER_STEP}),
    touched as materialized (select j.id, row_number() over (order by j.id) as place, sum(1 + max(0,
        coalesce((${ended} - j.started_at_ms) / 86400000, 0))) over (order by j.id rows unbounded preceding) as days
      from scanned j where ${touches(sql`s.job_id > ${after} and s.job_id <= (select max(id) from scanned)`)}),
    fitting as (select id from touched where place = 1 or (days <= ${CUT_PER_STEP} and place <= ${JOBS_PER_STEP}))
    select (select max(id) from scanned) as scanned, (select max(id) from fitting) as fits,
      (select count(*) from touched) as "all", (select count(*) from fitting) as fitting`)
  if (!page?.scanned) return { ...progress, phase: 'days', at: from ?? '' }
  const upTo = (page.all === page.fitting ? page.scanned : page.fits) ?? page.scanned
  const ids = sql`select j.id from jobs j where j.id > ${after} and j.id <= ${upTo}
    and ${touches(sql`s.job_id > ${after} and s.job_id <= ${upTo}`)}`
  const wrong = wronglyCut(ids, now(), 'up to now')
  const owners = ownersOf(ids)
  const [noted, ...cut] = cutIntoDays(sql`select job_id from (${wrong})`, now())
  const results = await writeBatch(db, [...owners, noted as SQL, ...cut])
  return {
    ...progress,
    at: String(upTo),
    jobCount: progress.jobCount + Number(page.fitting ?? 0n),
    recutCount: progress.recutCount + (results[owners.length]?.rowsAffected ?? 0),
  }
}

async function shareDay({ db, now }: Pick<Scope, 'db' | 'now'>, progress: RebuildProgress): Promise<RebuildProgress> {
  const day = await nextDay({ db }, progress)
  if (day === null) return { ...progress, phase: 'months', at: progress.from ? monthOf(progress.from) : '' }
  const pools = await db.all<{ poolId: bigint; jobDays: bigint }>(sql`select p.id as poolId, (
      select count(*) from job_day_shares s where s.day = ${day} and s.pool_id = p.id) as jobDays
    from pools p where exists (select 1 from pool_days d where d.day = ${day} and d.pool_id = p.id)
      or exists (select 1 from ledger_cells c where c.day = ${day} and c.pool_id = p.id)
      or exists (select 1 from job_day_shares s where s.day = ${day} and s.pool_id = p.id)
      or exists (select 1 from cost_entries c where c.entry_date = ${day} and c.pool_id = p.id)
    order by p.id`)
  const statements = batchesOf(pools).map((batch) =>
    shareStatements(sql`select ${day}, value from json_each(${JSON.stringify(batch)}) where true`, now()),
  )
  const [first = [], ...others] = statements
  await writeBatch(db, [...remakeBillDays(day), ...first])
  for (const other of others) await writeBatch(db, other)
  await writeBatch(db, remakeRollupsOfDay(day))
  return { ...progress, at: addDays(day, 1), dayCount: progress.dayCount + 1 }
}

/** Pools of a day in as few transactions as its job-days allow. */
function batchesOf(pools: readonly { poolId: bigint; jobDays: bigint }[]): number[][] {
  const batches: number[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const { poolId, jobDays } of pools) {
    size += Number(jobDays)
    if (size > SHARED_PER_TRANSACTION) {
      batches.push([])
      size = Number(jobDays)
    }
    batches.at(-1)?.push(Number(poolId))
  }
  return batches
}

/** The first day from `at` on of which anything is known. */
async function nextDay({ db }: Pick<Scope, 'db'>, { at, before }: RebuildProgress): Promise<Day | null> {
  const first = (table: string, column: string, only = sql`1`) =>
    sql`select min(${sql.raw(column)}) as day from ${sql.raw(table)} where ${only} and ${sql.raw(column)} >= ${at}`
  const tables = [
    first('pool_days', 'day'),
    first('job_day_shares', 'day'),
    first('ledger_cells', 'day'),
    first('cost_entries', 'entry_date'),
    ...CUBES.map(({ code }) => first('ledger_rollups', 'period', sql`cube = ${code}`)),
  ]
  const answers = await readBatch(db, tables)
  const days = answers.flatMap(({ rows }) => (rows[0]?.day ? [String(rows[0].day) as Day] : [])).sort()
  const [day] = days
  return day === undefined || (before !== null && day >= before) ? null : day
}

async function addUpMonth(scope: Pick<Scope, 'db' | 'now'>, progress: RebuildProgress): Promise<RebuildProgress> {
  const { at, before } = progress
  const months = await readBatch(
    scope.db,
    CUBES.flatMap(({ code }) =>
      [code, code.toUpperCase()].map(
        (cube) => sql`select min(period) as period from ledger_rollups where cube = ${cube} and period >= ${at}`,
      ),
    ),
  )
  const [first] = months.flatMap(({ rows }) => (rows[0]?.period ? [monthOf(String(rows[0].period) as Day)] : [])).sort()
  if (first === undefined || (before !== null && first > monthOf(addDays(before, -1)))) {
    await shareStale(scope) // days outside the window of jobs that were cut anew
    return { ...progress, phase: 'done', at: '' }
  }
  await writeBatch(scope.db, remakeRollupsOfMonth(first))
  return { ...progress, at: nextMonth(first), monthCount: progress.monthCount + 1 }
}
