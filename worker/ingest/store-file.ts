import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { shareStale } from '../analytics/share.ts'
import { HelioxError } from '../errors.ts'
import { applyRules } from '../gpu-rules/apply-rules.ts'
import { visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { IMPORTERS } from './importers/index.ts'
import { cancelled, interrupted, type OpenImport } from './open-import.ts'
import { refuseOtherTeams } from './other-teams.ts'
import { countBills, countedBills, placeBills } from './store-bills.ts'
import { countCosts, type Range, replacedSize, storeCosts } from './store-costs.ts'
import { countJobs, storeJobs } from './store-jobs.ts'
import { isTooMuch, MOST_NANO_USD, tooMuchMoney } from './tally.ts'

/** Rows, and days of jobs, in one transaction: a hosted database ends one after 5 seconds. */
const STORED_ROWS = 20_000
const STORED_JOB_DAYS = 50_000n
/** How long a bill waits for another one of its source: a minute. One that stood still for half of that has died. */
const MOST_TURNS = 600
const TURN_MS = 100
const STANDSTILL_MS = 30_000

/**
 * Moves what is staged into the ledger; a dry run only counts. A bill takes its place in one transaction. Jobs and simple
 * costs go chunk by chunk, each in one transaction with its counts and its shares: cut off anywhere, every chunk is
 * whole, and this again goes on behind the last one.
 *
 * @throws HelioxError invalid `ingest.too_much_money`; conflict `ingest.busy`, `ingest.cancelled`, `ingest.interrupted`
 */
export async function storeFile(scope: Scope, open: OpenImport): Promise<void> {
  const { importer, isDryRun } = open
  if (importer.kind === 'costs') await refuseTooMuch(scope, open)
  await takeTurn(scope, open)
  if (importer.isBill) await storeBills(scope, open)
  else if (importer.kind === 'costs') await storeStaged(scope, open, 'staged_costs')
  if (importer.kind === 'jobs' || importer.alsoJobs) await storeStaged(scope, open, 'staged_jobs')
  if (isDryRun) return
  await shareStale(scope)
  if (importer.isBill && (await rulesChanged(scope, open))) await applyRules(scope)
}

/** Whether GPU rules have changed since the file began to be read: its rows were recognised with those of before. */
async function rulesChanged({ db }: Scope, { startedAtMs }: OpenImport): Promise<boolean> {
  const [row] = await db.all<{ hasChanged: bigint }>(sql`select exists (select 1 from audit_log
    where at_ms >= ${BigInt(startedAtMs)} and action like 'gpu_rules.%') as hasChanged`)
  return row?.hasChanged === 1n
}

async function storeBills({ db, now }: Scope, { isDryRun, row, unheardOf }: OpenImport): Promise<void> {
  const counts = await countBills(db, row)
  const inserted = counts.inserted + BigInt(unheardOf.rows)
  if (isDryRun) await writeBatch(db, [countedBills({ ...counts, inserted }, row)])
  else await placeBills(db, row, counts, now()).catch(inWords)
}

async function storeStaged(scope: Scope, open: OpenImport, table: 'staged_costs' | 'staged_jobs'): Promise<void> {
  const { db, now } = scope
  const { isDryRun, row, tally, startedAtMs } = open
  const ownTeams = visibleTeamRows(scope)
  const [count, store] = table === 'staged_costs' ? [countCosts, storeCosts] : [countJobs, storeJobs]
  for await (const range of ranges(scope, open, table)) {
    const refusing = table === 'staged_costs' || ownTeams === null ? [] : refuseOtherTeams(range, ownTeams, startedAtMs)
    const results = await writeBatch(db, [
      ...refusing,
      ...(isDryRun ? [count(range)] : store(range, now())),
      sql`update imports set cursor_mark = ${`${table} ${range.upTo}`}, progressed_at_ms = ${BigInt(now())} where id = ${row}`,
    ]).catch(inWords)
    const [taken] = refusing.length > 0 ? (results[0]?.rows ?? []) : []
    if (taken) tally.othersRefused(Number(taken.refused), BigInt(taken.gpu_ms as bigint))
  }
}

function inWords(error: unknown): never {
  throw isTooMuch(error) ? tooMuchMoney() : error
}

/**
 * Begins to store. Bills of one source are stored one after the other: side by side, both would count themselves against
 * the one before them.
 */
async function takeTurn({ db, now }: Scope, { importer, isDryRun, row }: OpenImport): Promise<void> {
  const bills = JSON.stringify(IMPORTERS.filter(({ isBill }) => isBill).map(({ id }) => id))
  const isBusy = () =>
    importer.isBill && !isDryRun
      ? sql`exists (select 1 from imports o where o.status = 'storing' and o.is_dry_run = 0 and o.id <> ${row}
          and o.source = imports.source and o.format in (select value from json_each(${bills}))
          and o.progressed_at_ms > ${BigInt(now() - STANDSTILL_MS)})`
      : sql`0`
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const [marked, waiting] = await writeBatch(db, [
      sql`update imports set status = 'storing' where id = ${row} and status in ('reading', 'storing')
        and is_cancel_asked = 0 and not ${isBusy()}`,
      sql`update imports set progressed_at_ms = ${BigInt(now())}
        where id = ${row} and status = 'reading' and is_cancel_asked = 0`,
    ])
    if (marked?.rowsAffected === 1) return
    if (waiting?.rowsAffected !== 1) {
      const [left] = await db.all<{ isAsked: bigint }>(
        sql`select is_cancel_asked as isAsked from imports where id = ${row} and status in ('reading', 'storing')`,
      )
      throw left?.isAsked === 1n ? cancelled() : interrupted()
    }
    await new Promise((resume) => setTimeout(resume, TURN_MS))
  }
  const message = 'Another bill of the same source is being stored: send this one again'
  throw new HelioxError('conflict', 'ingest.busy', message)
}

/**
 * A file that would make the ledger's sums pass 64 bits stays out before any of it is stored; what it replaces does not
 * count twice. Two files at once are told apart by the CHECK on `ledger_size`, in the transaction that stores.
 */
async function refuseTooMuch({ db }: Scope, { tally, row, importer }: OpenImport): Promise<void> {
  if (importer.isBill) return // counts when it takes its place, in one transaction
  const numberOf = async (sum: SQL) => {
    const [answer] = await db.all<{ sum: string }>(sql`select cast(coalesce((${sum}), 0) as text) as sum`)
    return BigInt(answer?.sum ?? 0)
  }
  const room = MOST_NANO_USD - tally.largestNanoUsd
  const held = await numberOf(sql`select abs_nano_usd from ledger_size`)
  // What is replaced is looked up only where the kept total leaves no room.
  if (held <= room || held - (await numberOf(replacedSize(row))) <= room) return
  throw tooMuchMoney()
}

/** The staged rows in their order behind the cursor, cut so that no transaction is too long. */
async function* ranges(
  { db, now }: Scope,
  { row }: OpenImport,
  name: 'staged_costs' | 'staged_jobs',
): AsyncGenerator<Range> {
  const table = sql.raw(name)
  const end = sql`coalesce(ended_at_ms, iif(status = 'running', ${BigInt(now())}, started_at_ms))`
  const days = name === 'staged_costs' ? sql`0` : sql`coalesce((${end} - started_at_ms) / 86400000, 0)`
  const [at] = await db.all<{ mark: string }>(sql`select cursor_mark as mark from imports where id = ${row}`)
  const [table_, stored] = (at?.mark ?? '').split(' ')
  for (let after = table_ === name && stored ? BigInt(stored) : await beforeFirst(db, row, table); ; ) {
    const rest = sql`select id, ${days} as days from ${table}
      where +import_id = ${row} and id > ${after} order by id limit ${BigInt(STORED_ROWS)}`
    const [next] = await db.all<{ upTo: bigint | null; days: bigint | null }>(
      sql`select max(id) as upTo, sum(days) as days from (${rest})`,
    )
    if (!next || next.upTo === null) return
    const upTo = (next.days ?? 0n) <= STORED_JOB_DAYS ? next.upTo : await shorter(db, rest)
    yield { importRow: row, after, upTo }
    after = upTo
  }
}

/** Rows of earlier imports stand before this one's until the clock has cleared them: no statement walks through them. */
async function beforeFirst(db: Scope['db'], row: bigint, table: SQL): Promise<bigint> {
  const [first] = await db.all<{ id: bigint | null }>(sql`select min(id) as id from ${table} where import_id = ${row}`)
  return (first?.id ?? 1n) - 1n
}

/** As many of `rows` (id, days) as hold what one transaction takes, one at least. */
async function shorter(db: Scope['db'], rows: SQL): Promise<bigint> {
  const [next] = await db.all<{ upTo: bigint }>(sql`select max(id) as upTo from (
    select id, row_number() over (order by id) as n, sum(days) over (order by id rows unbounded preceding) as total
    from (${rows})) where n = 1 or total <= ${STORED_JOB_DAYS}`)
  return next?.upTo ?? 0n
}
