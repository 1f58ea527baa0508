import { type SQL, sql } from 'drizzle-orm'
import { idText, type TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { startOf } from '../../db/units/time.ts'
import type { Grouping } from '../analytics/dimensions.ts'
import { type Cell, cellsBeside, type Row } from '../analytics/ledger.ts'
import { type Visible, visibleQuestion } from '../analytics/visible-question.ts'
import { readVersion } from '../answer-cache/ledger-version.ts'
import { machine, type Scope } from '../scope.ts'
import { readSetting } from '../settings/settings.ts'
import { type Closed, settledOf } from './document.ts'
import { questionOf, windowOf } from './month.ts'
import type { Decision, Sums } from './split.ts'

/** Everything that statements are drawn up from, of one instant. */
export type Book = {
  /** Of the ledger when reading began: as long as it stays, so does the book. */
  version: bigint
  decision: Decision
  teams: ReadonlyMap<TeamId, { name: string; budgetNanoUsd: NanoUsd | null }>
  /** In the order of months. */
  closed: readonly Closed[]
  /** Of the closed months and of those that were asked for, as the ledger has them now. */
  sums: ReadonlyMap<string, Sums>
  /** Months with anything billed or run, in order. */
  months: readonly string[]
  /** Of one month, if it was asked for. */
  detail: { cells: readonly Cell[]; billNanoUsd: NanoUsd; isProvisional: boolean; stalePoolDays: number } | null
}

const BY_TEAM: Grouping = { time: null, names: ['team'] }
const BY_LINE: Grouping = { time: null, names: ['team', 'provider', 'gpu_type', 'model'] }
const TOTAL: Grouping = { time: null, names: [] }

/**
 * Reads the book: sums of `months` and of all closed ones, and one month in detail. It is the company's whoever asks,
 * since a team's part of shared cost follows from what all teams were charged; answers are narrowed afterwards.
 */
export async function readBook(
  { db }: Pick<Scope, 'db'>,
  asked: { months?: readonly string[]; detail?: string } = {},
): Promise<Book> {
  for (;;) {
    const version = await readVersion({ db })
    const decision = await readSetting(db, 'sharedCostSplit')
    const known = (await db.all<{ month: string }>(sql`select month from closed_months`)).map(({ month }) => month)
    const summed = [...new Set([...known, ...(asked.months ?? [])])]
    const { detail } = asked
    const { cells, beside } = await cellsBeside(
      { db },
      [
        ...summed.map((month) => ({ question: companys(month), by: BY_TEAM })),
        ...(detail ? [BY_LINE, TOTAL].map((by) => ({ question: companys(detail), by })) : []),
      ],
      [CLOSED, TEAMS, MONTHS, ...(detail ? [stateOf(detail)] : [])],
    )
    const [closed = [], teams = [], months = [], [state] = []] = beside
    if (closed.length !== known.length) continue // another month was closed in between
    const [lines = [], bill = []] = cells.slice(summed.length)
    return {
      ...{ version, decision },
      teams: new Map(teams.map((row) => [idText('team', row.id as bigint), teamOf(row)])),
      closed: closed.map(closedOf),
      sums: new Map(summed.map((month, index) => [month, sumsOf(cells[index] ?? [])])),
      months: months.map((row) => row.month as string),
      detail: detail
        ? {
            cells: lines,
            billNanoUsd: bill[0]?.costNanoUsd ?? nanoUsd(0n),
            isProvisional: state?.running === 1n,
            stalePoolDays: Number(state?.stale ?? 0n),
          }
        : null,
    }
  }
}

function companys(month: string): Visible {
  return visibleQuestion({ actor: machine('statements') }, questionOf(month))
}

const CLOSED = sql`select month, closed_at_ms, closed_by, document -> '$.settled' as settled from closed_months
  order by month`
const TEAMS = sql`select id, name, budget_nano_usd from teams`
// From month to month along the index, however many pool-days there are.
const MONTHS = sql`with recursive first (day) as (
    select min(day) from pool_days
    union all
    select (select min(day) from pool_days where day >= date(substr(f.day, 1, 7) || '-01', '+1 month'))
    from first f where f.day is not null)
  select substr(day, 1, 7) as month from first where day is not null`

function stateOf(month: string): SQL {
  const { from, before } = windowOf(month)
  return sql`select
    exists (select 1 from jobs where status = 'running' and started_at_ms < ${BigInt(startOf(before))}) as running,
    (select count(*) from pool_days where is_stale = 1 and day >= ${from} and day < ${before}) as stale`
}

function teamOf(row: Row): { name: string; budgetNanoUsd: NanoUsd | null } {
  return { name: row.name as string, budgetNanoUsd: row.budget_nano_usd as NanoUsd | null }
}

function closedOf(row: Row): Closed {
  const { month, closed_at_ms: closedAt, closed_by: closedBy, settled } = row
  return {
    ...settledOf(settled as string),
    ...{ month: month as string, closedAtMs: Number(closedAt), closedBy: closedBy as string },
  }
}

function sumsOf(cells: readonly Cell[]): Sums {
  const charged = new Map<TeamId, NanoUsd>()
  let pot = 0n
  for (const { teamId, costNanoUsd } of cells)
    if (teamId === null) pot += costNanoUsd
    else charged.set(teamId, nanoUsd((charged.get(teamId) ?? 0n) + costNanoUsd))
  return { charged, potNanoUsd: nanoUsd(pot) }
}
