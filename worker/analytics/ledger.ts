import { type SQL, sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { idText, rowOf, type TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import type { Visible } from './visible-question.ts'
import type { Basis, Question } from './window.ts'

export const GROUPS = ['none', 'provider', 'gpu_type', 'team', 'model', 'account', 'region'] as const
export type Group = (typeof GROUPS)[number]
export const KINDS = ['owner', 'idle', 'unmeasured', 'unallocated'] as const
export type Kind = (typeof KINDS)[number]

/** What one group cost on one day (`day` null: in the whole window). `teamId` where the group is a team. */
export type Cell = {
  day: Day | null
  name: string
  kind: Kind
  teamId: TeamId | null
  costNanoUsd: NanoUsd
  jobCount: number
  gpuSeconds: number
  /** GPU time, of `gpuSeconds`, whose cost on the usage basis is unknown: it is in `__unmeasured__`, not in `cost`. */
  unmeasuredGpuSeconds: number
}

type RawCell = {
  day: Day | null
  name: string
  teamRow: bigint | null
  cost: bigint
  jobs: bigint
  seconds: bigint
  unmeasured?: bigint
}

/**
 * The one engine behind every answer: cost by group, and by day if asked. For `team` and `model` the owners are followed
 * by idle, unmeasured and unallocated cost; the other groups are parts of the bill itself. Either way the cells
 * sum to the bill of the window and its pools, except under `exposure`, where each team or model gets the whole cost of
 * every pool it touched. With a filter on teams or models only their part is there. Groups that cost nothing and ran
 * nothing are absent.
 *
 * Takes several questions and answers them from one instant, so that what stands side by side adds up. With a filter on
 * teams, as everybody has who does not see the whole company, nothing of another team's or of the bill is in a cell.
 *
 * @throws HelioxError invalid `analytics.no_owner_there`: a bill does not know whose its accounts and regions are
 */
export async function cellsTogether(
  { db }: Pick<Scope, 'db'>,
  asked: readonly { question: Visible; group: Group; byDay: boolean }[],
): Promise<Cell[][]> {
  const parts = asked.map(({ question, group, byDay }) => partsOf(question, group, byDay))
  const answers = await readBatch(
    db,
    parts.flatMap((part) => part.map(({ sql: statement }) => statement)),
  )
  let at = 0
  return parts.map((part) => part.flatMap(({ read }) => read((answers[at++]?.rows ?? []) as unknown as Row[])))
}

type Row = RawCell & Record<'idle' | 'unmeasured' | 'unallocated', bigint>
/** One statement of an answer, and how its rows become cells. */
type Part = { sql: SQL; read: (rows: readonly Row[]) => Cell[] }

const owners: Part['read'] = (rows) => rows.map((row) => cellOf(row, 'owner'))

function partsOf(question: Visible, group: Group, byDay: boolean): Part[] {
  const { basis, filters } = question
  const isByOwner = filters.teamId !== null || filters.modelName !== null
  if (group === 'account' || group === 'region') {
    if (isByOwner)
      throw new HelioxError(
        'invalid',
        'analytics.no_owner_there',
        `Cost by ${group} cannot be narrowed to a team or model`,
      )
    return [billed(question, group, byDay)]
  }
  if (group === 'team' || group === 'model') {
    if (basis === 'exposure') return [exposed(question, group, byDay)]
    return isByOwner
      ? [owned(question, group, byDay)]
      : [owned(question, group, byDay), leftOver(question, basis, byDay)]
  }
  return [isByOwner ? owned(question, group, byDay) : pooled(question, group, byDay)]
}

/** What jobs were charged: sums of the materialised shares. */
function owned(question: Visible, group: Group, byDay: boolean): Part {
  const amount = question.basis === 'usage' ? sql`s.usage_nano_usd` : sql`s.allocation_nano_usd`
  const statement = sql`
    select ${dayOf(byDay, 's.day')} as day, ${nameOf(group)} as name, ${group === 'team' ? sql`t.id` : sql`null`} as teamRow,
      coalesce(sum(${amount}), 0) as cost, count(distinct s.job_id) as jobs, sum(s.gpu_seconds) as seconds,
      sum(iif(${amount} is null and s.allocation_nano_usd is not null, s.gpu_seconds, 0)) as unmeasured
    from ${SHARES} where ${inWindow(question, 's.day')} and ${ofPools(question)} and ${ofOwners(question)}
    group by ${dayOf(byDay, 's.day')}, ${group === 'team' ? sql`t.id` : nameOf(group)}`
  return { sql: statement, read: owners }
}

/** What the oldest document charged: the whole cost of every pool that an owner touched, the same dollar many times. */
function exposed(question: Visible, group: 'team' | 'model', byDay: boolean): Part {
  const owner = group === 'team' ? sql`j.team_id` : sql`j.model_name`
  const statement = sql`
    with touched as (
      select ${dayOf(byDay, 's.day')} as day, ${owner} as owner, s.pool_id, sum(s.gpu_seconds) as seconds
      from ${SHARES} where ${inWindow(question, 's.day')} and ${ofPools(question)} and ${ofOwners(question)}
      group by 1, 2, 3),
    priced as (
      select ${dayOf(byDay, 'day')} as day, pool_id, coalesce(sum(cost_nano_usd), 0) as cost from pool_days
      where ${inWindow(question, 'day')} group by 1, 2),
    counted as (
      select ${dayOf(byDay, 's.day')} as day, ${owner} as owner, count(distinct s.job_id) as jobs
      from ${SHARES} where ${inWindow(question, 's.day')} and ${ofPools(question)} and ${ofOwners(question)}
      group by 1, 2)
    select touched.day, ${group === 'team' ? sql`team.name` : sql`touched.owner`} as name,
      ${group === 'team' ? sql`touched.owner` : sql`null`} as teamRow, sum(priced.cost) as cost, counted.jobs as jobs,
      sum(touched.seconds) as seconds
    from touched
    join priced on priced.day is touched.day and priced.pool_id = touched.pool_id
    join counted on counted.day is touched.day and counted.owner = touched.owner
    left join teams team on team.id = touched.owner
    group by touched.day, touched.owner`
  return { sql: statement, read: owners }
}

/** Cost that no job was charged, in the rows that make every list add up. */
function leftOver(question: Visible, basis: Basis, byDay: boolean): Part {
  const statement = sql`
    select ${dayOf(byDay, 'd.day')} as day, coalesce(sum(d.idle_nano_usd), 0) as idle,
      coalesce(sum(d.unmeasured_nano_usd), 0) as unmeasured, coalesce(sum(d.unallocated_nano_usd), 0) as unallocated
    from pool_days d join pools p on p.id = d.pool_id
    where ${inWindow(question, 'd.day')} and ${ofPools(question)} group by ${dayOf(byDay, 'd.day')}`
  const kinds = basis === 'usage' ? (['idle', 'unmeasured'] as const) : (['unallocated'] as const)
  const cell = (day: Day | null, kind: Kind, cost: bigint) =>
    cellOf({ day, name: `__${kind}__`, teamRow: null, cost, jobs: 0n, seconds: 0n }, kind)
  return {
    sql: statement,
    read: (rows) =>
      kinds.flatMap((kind) => rows.filter((row) => row[kind] !== 0n).map((row) => cell(row.day, kind, row[kind]))),
  }
}

/** The bill by pool, and the jobs that ran there. */
function pooled(question: Visible, group: Group, byDay: boolean): Part {
  // Jobs are counted over the window, not by day: no series shows them, and one job has several days.
  const jobs = byDay
    ? sql`0`
    : sql`coalesce((select count(distinct s.job_id) from job_day_shares s join pools q on q.id = s.pool_id
        where ${inWindow(question, 's.day')} and ${ofPools(question, 'q')} and ${nameOf(group, 'q')} = ${nameOf(group)}), 0)`
  const statement = sql`
    select ${dayOf(byDay, 'd.day')} as day, ${nameOf(group)} as name, null as teamRow,
      coalesce(sum(d.cost_nano_usd), 0) as cost, ${jobs} as jobs, sum(d.held_gpu_seconds) as seconds
    from pool_days d join pools p on p.id = d.pool_id
    where ${inWindow(question, 'd.day')} and ${ofPools(question)} group by ${dayOf(byDay, 'd.day')}, ${nameOf(group)}`
  return { sql: statement, read: owners }
}

/** The bill by what only the bill knows. */
function billed(question: Visible, group: 'account' | 'region', byDay: boolean): Part {
  const name = sql.raw(`d.${group}`)
  const statement = sql`
    select ${dayOf(byDay, 'c.entry_date')} as day, ${name} as name, null as teamRow,
      coalesce(sum(c.effective_nano_usd), 0) as cost, 0 as jobs, 0 as seconds
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
      join cost_dimensions d on d.id = c.dimension_id join pools p on p.id = c.pool_id
    where ${inWindow(question, 'c.entry_date')} and ${ofPools(question)} group by ${dayOf(byDay, 'c.entry_date')}, ${name}`
  return { sql: statement, read: owners }
}

const SHARES = sql.raw(`job_day_shares s join pools p on p.id = s.pool_id join jobs j on j.id = s.job_id
  join teams t on t.id = j.team_id`)

function nameOf(group: Group, pool = 'p'): SQL {
  const columns = {
    none: `'total'`,
    provider: `${pool}.provider`,
    gpu_type: `${pool}.gpu_type`,
    team: 't.name',
    model: 'j.model_name',
  }
  return sql.raw(columns[group as keyof typeof columns])
}

function dayOf(byDay: boolean, column: string): SQL {
  return byDay ? sql.raw(column) : sql`null`
}

/** `day` within the window. */
export function inWindow({ window }: Pick<Question, 'window'>, column: string): SQL {
  return sql`${sql.raw(column)} >= ${window.from} and ${sql.raw(column)} < ${window.before}`
}

/** The filters on pools `p`, or under another name. */
export function ofPools({ filters }: Pick<Question, 'filters'>, pool = 'p'): SQL {
  return sql`${oneOf(`${pool}.provider`, filters.provider)} and ${oneOf(`${pool}.gpu_type`, filters.gpuType)}`
}

/** The filters on jobs `j`. */
export function ofOwners({ filters }: Visible): SQL {
  const teamRows = filters.teamId?.map((id) => rowOf('team', id)) ?? null
  return sql`${oneOf('j.team_id', teamRows)} and ${oneOf('j.model_name', filters.modelName)}`
}

/** Null: any value; an empty list: none. */
function oneOf(column: string, values: readonly (string | number | null)[] | null): SQL {
  if (values === null) return sql`1`
  return sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(values)}))`
}

function cellOf({ day, name, teamRow, cost, jobs, seconds, unmeasured }: RawCell, kind: Kind): Cell {
  return {
    ...{ day, name, kind, teamId: teamRow === null ? null : idText('team', teamRow), costNanoUsd: cost as NanoUsd },
    ...{ jobCount: Number(jobs), gpuSeconds: Number(seconds), unmeasuredGpuSeconds: Number(unmeasured ?? 0n) },
  }
}
