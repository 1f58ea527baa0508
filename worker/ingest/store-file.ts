import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { shareStale } from '../analytics/share.ts'
import { HelioxError } from '../errors.ts'
import { mayI, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { TeamDraft } from './importers/importer.ts'
import { IMPORTERS } from './importers/index.ts'
import { interrupted, type OpenImport } from './open-import.ts'
import { refuseOtherTeams } from './other-teams.ts'
import { countCosts, countUnmentioned, dropUnmentioned, keptCosts, type Range, storeCosts } from './store-costs.ts'
import { countJobs, storeJobs, storeTeams } from './store-jobs.ts'
import { isTooMuch, MOST_NANO_USD, tooMuchMoney } from './tally.ts'

/** Rows, and days of jobs, in one transaction: a hosted database ends one after 5 seconds. */
const STORED_ROWS = 20_000
const STORED_JOB_DAYS = 50_000n
/** How long a bill waits for another one of its source: a minute. One that stood still for half of that has died. */
const MOST_TURNS = 600
const TURN_MS = 100
const STANDSTILL_MS = 30_000

/**
 * Moves what is staged into the ledger, chunk by chunk, each in one transaction with its counts and its shares; a dry run
 * only counts. Cut off anywhere, every chunk is whole, and the same file again completes it. Answers what the sender
 * should know beside the counts, '' for nothing.
 *
 * @throws HelioxError invalid `ingest.too_much_money`; conflict `ingest.busy`, `ingest.interrupted`
 */
export async function storeFile(scope: Scope, open: OpenImport, teams: readonly TeamDraft[]): Promise<string> {
  const { db, now } = scope
  const { importer, isDryRun, row, tally } = open
  const isCosts = importer.kind === 'costs'
  if (isCosts) await refuseTooMuch(scope, open)
  await takeTurn(scope, open)
  const ownTeams = visibleTeamRows(scope)
  const withBudgets = mayI(scope, 'budgets:write')
  const drafts = withBudgets ? teams : teams.map((team) => ({ ...team, budgetNanoUsd: null }))
  if (teams.length > 0 && !isDryRun) await writeBatch(db, [storeTeams(drafts, now(), ownTeams)])
  const [count, store] = isCosts ? [countCosts, storeCosts] : [countJobs, storeJobs]
  for await (const range of ranges(scope, open)) {
    const refusing = isCosts || ownTeams === null ? [] : refuseOtherTeams(range, ownTeams, open.startedAtMs)
    const results = await writeBatch(db, [
      ...refusing,
      ...(isDryRun ? [count(range)] : store(range, now())),
      sql`update imports set progressed_at_ms = ${BigInt(now())} where id = ${row}`,
    ]).catch((error: unknown) => {
      throw isTooMuch(error) ? tooMuchMoney() : error
    })
    const [taken] = refusing.length > 0 ? (results[0]?.rows ?? []) : []
    if (taken) tally.othersRefused(Number(taken.refused), BigInt(taken.gpu_seconds as bigint))
  }
  if (importer.isBill) await writeBatch(db, isDryRun ? [countUnmentioned(row)] : dropUnmentioned(row, now()))
  if (!isDryRun) await shareStale(scope)
  const hasBudgets = teams.some(({ budgetNanoUsd }) => budgetNanoUsd !== null)
  return hasBudgets && !withBudgets ? 'Its budgets were left out: an administrator or finance sets them' : ''
}

/**
 * Begins to store. Bills of one source are stored one after the other: side by side, each would take away what the
 * other has just brought.
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
      sql`update imports set status = 'storing' where id = ${row} and status = 'reading' and not ${isBusy()}`,
      sql`update imports set progressed_at_ms = ${BigInt(now())} where id = ${row} and status = 'reading'`,
    ])
    if (marked?.rowsAffected === 1) return
    if (waiting?.rowsAffected !== 1) throw interrupted()
    await new Promise((resume) => setTimeout(resume, TURN_MS))
  }
  const message = 'Another bill of the same source is being stored: send this one again'
  throw new HelioxError('conflict', 'ingest.busy', message)
}

/**
 * A file that would make the ledger's sums pass 64 bits stays out before any of it is stored; what it replaces does not
 * count twice. Two files at once are told apart by the CHECK on `ledger_size`, in the transaction that stores.
 */
async function refuseTooMuch({ db }: Scope, { tally, row }: OpenImport): Promise<void> {
  const isAbove = async (total: SQL) => {
    const [ledger] = await db.all<{ total: string }>(sql`select cast(coalesce((${total}), 0) as text) as total`)
    return BigInt(ledger?.total ?? 0) > MOST_NANO_USD - tally.largestNanoUsd
  }
  // The kept total first; what is replaced is looked up only where that leaves no room.
  if (!(await isAbove(sql`select abs_nano_usd from ledger_size`))) return
  const kept = sql`select sum(max(abs(billed_nano_usd), abs(effective_nano_usd))) ${keptCosts(row)}`
  if (await isAbove(kept)) throw tooMuchMoney()
}

/** The staged rows in their order, cut so that no transaction is too long. */
async function* ranges({ db, now }: Scope, { importer, row }: OpenImport): AsyncGenerator<Range> {
  const table = sql.raw(importer.kind === 'costs' ? 'staged_costs' : 'staged_jobs')
  const end = sql`coalesce(ended_at_ms, iif(status = 'running', ${BigInt(now())}, started_at_ms))`
  const days = importer.kind === 'costs' ? sql`0` : sql`coalesce((${end} - started_at_ms) / 86400000, 0)`
  for (let after = 0n; ; ) {
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

/** As many of `rows` (id, days) as hold what one transaction takes, one at least. */
async function shorter(db: Scope['db'], rows: SQL): Promise<bigint> {
  const [next] = await db.all<{ upTo: bigint }>(sql`select max(id) as upTo from (
    select id, row_number() over (order by id) as n, sum(days) over (order by id rows unbounded preceding) as total
    from (${rows})) where n = 1 or total <= ${STORED_JOB_DAYS}`)
  return next?.upTo ?? 0n
}
