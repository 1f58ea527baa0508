import { type SQL, sql } from 'drizzle-orm'
import type { Window } from '../../db/units/time.ts'
import { eachMeasure, MEASURES } from './measures.ts'
import { entriesPerBill } from './remake-bill-days.ts'
import { CELL_NAMES, CUBES, NAME_COLUMN } from './rollups.ts'

/**
 * What must hold of the ledger, as a SELECT of what breaks it in some days or months: `place` in words, and where one
 * number tells it, what is `found` there and what is `wanted`, in nano-dollars or GPU-milliseconds.
 */
export type Invariant = {
  rule: string
  words: string
  unit: 'usd' | 'gpu_ms' | null
  broken: (within: Within) => SQL
}
/** A condition on a column of days (or of months, for those of months). */
export type Within = (column: string) => SQL

export function withinWindow({
  from,
  before,
}: Pick<Window, 'from' | 'before'> | { from: string; before: string }): Within {
  return (column) => sql`${sql.raw(column)} >= ${from} and ${sql.raw(column)} < ${before}`
}

const POOL_DAY = `k.day || ' ' || coalesce((select p.provider || ' ' || p.gpu_type from pools p where p.id = k.pool_id), 'pool ' || k.pool_id)`
const KINDS = [
  ['', 'cost', 'effective'],
  ['_billed', 'billed', 'billed'],
  ['_list', 'list', 'list'],
] as const

/** Of the days in reach: each pool-day against the entries, its parts, its jobs. Days that wait have parts, but not yet of today's jobs. */
export const DAY_INVARIANTS: readonly Invariant[] = [
  {
    ...{ rule: 'cost', unit: 'usd', words: 'A pool-day’s cost is the sum of its current bill lines' },
    broken: (within) => sql`select ${sql.raw(POOL_DAY)} as place, cost as found, wanted from (
      select coalesce(d.day, e.day) as day, coalesce(d.pool_id, e.pool_id) as pool_id, d.cost_nano_usd as cost, e.cost as wanted
      from (select * from pool_days where ${within('day')}) d full join (
        select c.entry_date as day, c.pool_id, sum(c.effective_nano_usd) as cost, sum(c.billed_nano_usd) as billed,
          sum(coalesce(c.list_nano_usd, 0)) as list, sum(iif(c.list_nano_usd is null, c.effective_nano_usd, 0)) as unlisted,
          sum(c.capacity_gpu_seconds) as capacity
        from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
        where ${within('c.entry_date')} group by c.entry_date, c.pool_id) e on e.day = d.day and e.pool_id = d.pool_id
      where coalesce(d.cost_nano_usd, 0) <> coalesce(e.cost, 0) or coalesce(d.billed_nano_usd, 0) <> coalesce(e.billed, 0)
        or coalesce(d.list_nano_usd, 0) <> coalesce(e.list, 0) or coalesce(d.unlisted_nano_usd, 0) <> coalesce(e.unlisted, 0)
        or (d.is_stale = 0 and coalesce(d.capacity_gpu_seconds, 0) <> coalesce(e.capacity, 0))) k`,
  },
  {
    ...{ rule: 'bill_sums', unit: 'usd', words: 'A bill’s sum per pool-day is the sum of its lines' },
    broken: (within) => sql`select ${sql.raw(POOL_DAY)} || ', bill_' || k.bill_id as place, found, wanted from (
      select coalesce(d.day, e.day) as day, coalesce(d.pool_id, e.pool_id) as pool_id, coalesce(d.bill_id, e.bill_id) as bill_id,
        d.effective_nano_usd as found, e.effective_nano_usd as wanted
      from (select d.* from bill_days d join bills b on b.id = d.bill_id and b.status = 'current' where ${within('d.day')}) d
        full join (${entriesPerBill(within('c.entry_date'))}) e
        on e.day = d.day and e.pool_id = d.pool_id and e.bill_id = d.bill_id
      where ${sql.raw(
        ['effective_nano_usd', 'billed_nano_usd', 'list_nano_usd', 'unlisted_nano_usd', 'capacity_gpu_seconds']
          .map((name) => `coalesce(d.${name}, 0) <> coalesce(e.${name}, 0)`)
          .join(' or '),
      )}) k`,
  },
  ...KINDS.flatMap(([kind, of, name]) =>
    (['allocation', 'usage'] as const).map((basis): Invariant => {
      const left =
        basis === 'usage' ? `d.idle${kind}_nano_usd + d.unmeasured${kind}_nano_usd` : `d.unallocated${kind}_nano_usd`
      return {
        ...{ rule: `parts_${basis}_${name}`, unit: 'usd' },
        words: `Owners and what is left over make up the cost of a pool-day (${basis}, ${name})`,
        broken: (within) => sql`select ${sql.raw(POOL_DAY)} as place, found, wanted from (
          select coalesce(d.day, c.day) as day, coalesce(d.pool_id, c.pool_id) as pool_id,
            ${sql.raw(`coalesce(c.cost, 0) + coalesce(${left}, 0) as found, coalesce(d.${of}_nano_usd, 0) as wanted`)}
          from (select * from pool_days where ${within('day')}) d full join (
            select day, pool_id, sum(${sql.raw(`${basis}${kind}_nano_usd`)}) as cost from ledger_cells
            where ${within('day')} group by day, pool_id) c on c.day = d.day and c.pool_id = d.pool_id) k
          where found <> wanted`,
      }
    }),
  ),
  {
    ...{ rule: 'held', unit: 'gpu_ms', words: 'A pool-day’s held GPU time is the sum of its jobs’' },
    broken: (within) => sql`select ${sql.raw(POOL_DAY)} as place, held as found, wanted from (
      select coalesce(d.day, s.day) as day, coalesce(d.pool_id, s.pool_id) as pool_id, d.held_gpu_ms as held, s.gpu_ms as wanted
      from (select * from pool_days where ${within('day')}) d full join (
        select day, pool_id, sum(gpu_ms) as gpu_ms from job_day_shares where ${within('day')} group by day, pool_id) s
        on s.day = d.day and s.pool_id = d.pool_id
      where coalesce(d.is_stale, 0) = 0 and coalesce(d.held_gpu_ms, 0) <> coalesce(s.gpu_ms, 0)) k`,
  },
  {
    ...{ rule: 'cells', unit: 'usd', words: 'What an owner was charged on a pool-day is the sum of its jobs’ shares' },
    broken: (within) => sql`select ${sql.raw(POOL_DAY)} || ', owner ' || k.owner_id as place,
        iif(k.cells = 0, null, k.found) as found, iif(k.jobs = 0, null, k.wanted) as wanted
      from (${cellsAndJobs(within)}) k left join pool_days d on d.day = k.day and d.pool_id = k.pool_id
      where coalesce(d.is_stale, 0) = 0 and (k.cells = 0 or k.jobs = 0 or k.is_other
        or k.uncosted <> iif(d.cost_nano_usd is null, k.gpu_ms, 0)
        or k.unmeasured <> iif(d.capacity_gpu_seconds is null and d.cost_nano_usd is not null, k.gpu_ms, 0)
        or k.worth <> iif(d.capacity_gpu_seconds is null, k.found, k.charged_usage))`,
  },
  ...CUBES.map(({ code, names }): Invariant => {
    const columns = CELL_NAMES.map((name) =>
      names.includes(name) ? (name === 'pool' ? 'c.pool_id' : `o.${NAME_COLUMN[name]}`) : '0',
    )
    return {
      ...{ rule: `rollup_${code}`, unit: 'usd' },
      words: `The sums per ${names.join(' and ')} and day are those of the pool-days`,
      broken: (within) =>
        compared(
          sql`select * from ledger_rollups where cube = ${code} and ${within('period')}`,
          sql.raw(`select c.day as period, ${columns.map((column, at) => `${column} as k${at}`).join(', ')}, count(*) as cell_count,
            ${eachMeasure('sum(c.$) as $')} from ledger_cells c join owners o on o.id = c.owner_id where `),
          within('c.day'),
          ['c.day', ...columns.filter((column) => column !== '0')].join(', '),
        ),
    }
  }),
]

/** Of the months in reach: each against its days. */
export const MONTH_INVARIANTS: readonly Invariant[] = CUBES.map(({ code, names }) => ({
  ...{ rule: `rollup_${code.toUpperCase()}`, unit: 'usd' as const },
  words: `The sums per ${names.join(' and ')} and month are those of its days`,
  broken: (within: Within) =>
    compared(
      sql`select * from ledger_rollups where cube = ${code.toUpperCase()} and ${within('period')}`,
      sql.raw(`select substr(period, 1, 7) as period, ${Object.values(NAME_COLUMN)
        .map((column, at) => `${column} as k${at}`)
        .join(', ')}, sum(cell_count) as cell_count, ${eachMeasure('sum($) as $')} from ledger_rollups
        where cube = '${code}' and `),
      within('period'), // months are texts that their days begin with
      'substr(period, 1, 7), pool_id, team_id, model_id, status',
    ),
}))

/**
 * Cells (of owners with jobs) beside the sums of their job-days, one row per day, pool and owner. By GROUP BY over both, not
 * by a join: a join of two such lists has no index to go by.
 */
function cellsAndJobs(within: Within): SQL {
  return sql`select day, pool_id, owner_id, sum(is_cell) as cells, sum(jobs) as jobs, sum(iif(is_cell, gpu_ms, 0)) as gpu_ms,
      sum(iif(is_cell, allocation, 0)) as found, sum(iif(is_cell, 0, allocation)) as wanted, sum(iif(is_cell, usage, 0)) as charged_usage,
      sum(uncosted) as uncosted, sum(unmeasured) as unmeasured, sum(worth) as worth,
      sum(iif(is_cell, gpu_ms, -gpu_ms)) <> 0 or sum(cell_jobs) <> sum(jobs) or sum(iif(is_cell, firsts, -firsts)) <> 0
        or sum(iif(is_cell, allocation, -allocation)) <> 0 or sum(iif(is_cell, usage, -usage)) <> 0 as is_other
    from (
      select c.day, c.pool_id, c.owner_id, 1 as is_cell, 0 as jobs, c.job_count as cell_jobs, c.first_job_count as firsts, c.gpu_ms,
        c.allocation_nano_usd as allocation, c.usage_nano_usd as usage, c.uncosted_gpu_ms as uncosted,
        c.unmeasured_gpu_ms as unmeasured,
        c.useful_nano_usd + c.idle_held_nano_usd + c.lost_nano_usd + c.not_measured_nano_usd as worth
      from ledger_cells c join owners o on o.id = c.owner_id and o.model_id <> 0 where ${within('c.day')}
      union all
      select day, pool_id, owner_id, 0, count(*), 0, sum(is_first), sum(gpu_ms), coalesce(sum(allocation_nano_usd), 0),
        coalesce(sum(usage_nano_usd), 0), 0, 0, 0
      from job_day_shares where ${within('day')} group by day, pool_id, owner_id)
    group by day, pool_id, owner_id`
}

/** Rollups that are stored against those that their parts make, row by row. */
function compared(stored: SQL, parts: SQL, within: SQL, groupBy: string): SQL {
  const keys = Object.values(NAME_COLUMN)
  const measures = ['cell_count', ...MEASURES]
  const names = keys.map((column, at) => `'${column} ' || k${at}`).join(` || ', ' || `)
  const columns = keys.map((column, at) => `${column} as k${at}`).join(', ')
  const differs = ['is_stored', ...measures].map((name) => `sum(${name}) <> 0`).join(' or ')
  return sql`select period || ': ' || ${sql.raw(names)} as place,
      max(iif(is_stored = 1, allocation_nano_usd, null)) as found, -max(iif(is_stored = 1, null, allocation_nano_usd)) as wanted
    from (
      select 1 as is_stored, period, ${sql.raw(`${columns}, ${measures.join(', ')}`)} from (${stored})
      union all
      select -1, period, ${sql.raw(`k0, k1, k2, k3, ${measures.map((name) => `-${name}`).join(', ')}`)}
      from (${parts} ${within} group by ${sql.raw(groupBy)}))
    group by period, k0, k1, k2, k3 having ${sql.raw(differs)}`
}
