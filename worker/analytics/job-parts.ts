import { type SQL, sql } from 'drizzle-orm'
import { daysIn } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { inWindow, isByOwner, ofCells, ofPools } from './conditions.ts'
import { dividedText, grainOf, spanText, type Total } from './share.ts'
import type { Visible } from './visible-question.ts'
import type { Question } from './window.ts'

/** Filters that jobs know something of. */
const OF_JOBS: readonly string[] = ['teamId', 'modelName', 'status', 'provider', 'gpuType']

/**
 * For what is told job by job: each filter is one that jobs know.
 *
 * @throws HelioxError invalid `analytics.no_jobs_there`
 */
export function requireFiltersOfJobs({ filters }: Pick<Question, 'filters'>): void {
  const other = Object.entries(filters).find(([name, values]) => values && !OF_JOBS.includes(name))
  if (!other) return
  const message = `Jobs cannot be narrowed by ${other[0]}: only the bill knows it`
  throw new HelioxError('invalid', 'analytics.no_jobs_there', message)
}

/** How many of each a question is about. */
export type Breadth = { owners: number; pools: number }

/** A SELECT of the breadth of a question. */
export function breadthOf(question: Visible): SQL {
  return sql`select (select count(*) from (${ownersAsked(question)})) as owners,
    (select count(*) from (${poolsAsked(question)})) as pools`
}

/** Below so many days × pools × owners each is looked up by itself; above, the window is read and narrowed. */
const MOST_SEEKS = 5_000

/**
 * A SELECT of what each job that is asked for was charged on each pool-day of the window: day, pool_id, owner_id, job_id,
 * gpu_ms, is_first and cost, which is null where nothing was billed, or on the usage basis where capacity is unknown. The
 * effective cost is stored; billed and list cost are split here by the formula of `shareStatements`, so that the jobs of
 * an owner make up what its cell says. Of pool-days that wait to be shared there is only what was.
 */
export function jobParts(question: Visible, breadth: Breadth): SQL {
  const narrow = isNarrow(question, breadth)
  const shares = narrow ? seek(question) : scan(question, isByOwner(question))
  if (question.cost === 'effective') {
    const cost = sql.raw(question.basis === 'usage' ? 's.usage_nano_usd' : 's.allocation_nano_usd')
    return sql`select s.day, s.pool_id, s.owner_id, s.job_id, s.gpu_ms, s.is_first, ${cost} as cost from ${shares}`
  }
  return sql`select * from (${splitAnew(question)}) where owner_id in (${ownersAsked(question)})`
}

function isNarrow({ window }: Visible, { owners, pools }: Breadth): boolean {
  return daysIn(window).length * owners * pools <= MOST_SEEKS
}

function scan(question: Visible, isNarrowed: boolean): SQL {
  const { filters } = question
  return sql`job_day_shares s where ${inWindow(question, 's.day')}
    and ${isNarrowed ? sql`+s.owner_id in (${ownersAsked(question)})` : sql`1`}
    and ${filters.provider || filters.gpuType ? sql`+s.pool_id in (${poolsAsked(question)})` : sql`1`}`
}

function seek(question: Visible): SQL {
  return sql`json_each(${JSON.stringify(daysIn(question.window))}) dates cross join (${poolsAsked(question)}) a
    cross join (${ownersAsked(question)}) b
    cross join job_day_shares s on s.day = dates.value and s.pool_id = a.id and s.owner_id = b.id`
}

function splitAnew(question: Visible): SQL {
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const total: Total = basis === 'usage' ? 'whole' : 'held'
  const amount = sql.raw(`${basis}_${question.cost}_nano_usd`)
  // Materialized: a pool's cost is worked out once, not once per job.
  return sql`with left_over as materialized (
      select d.day, d.pool_id, d.capacity_gpu_seconds as capacity, d.held_gpu_ms as held,
        max(coalesce(d.capacity_gpu_seconds, 0) * 1000, d.held_gpu_ms) as whole, ${sql.raw(grainOf('d'))} as grain,
        d.${sql.raw(question.cost)}_nano_usd - coalesce((select sum(c.${amount}) from ledger_cells c
          join owners o on o.id = c.owner_id where c.day = d.day and c.pool_id = d.pool_id and o.model_id = 0), 0) as cost
      from pool_days d join pools p on p.id = d.pool_id
      where ${inWindow(question, 'd.day')} and ${ofPools(question)} and d.held_gpu_ms > 0 and d.is_stale = 0
        and d.cost_nano_usd is not null),
    pool as materialized (select l.*, ${sql.raw(dividedText('cost', total))} from left_over l)
    select day, pool_id, owner_id, job_id, gpu_ms, is_first,
      iif(${basis === 'usage' ? sql`capacity is null` : sql`0`}, null, ${sql.raw(spanText('cost', total))}) as cost
    from (select k.*, s.owner_id, s.job_id, s.gpu_ms, s.is_first, sum(s.gpu_ms) over (
        partition by k.day, k.pool_id order by s.owner_id, s.job_id rows unbounded preceding) as cum
      from pool k cross join job_day_shares s on s.day = k.day and s.pool_id = k.pool_id)
    union all
    select s.day, s.pool_id, s.owner_id, s.job_id, s.gpu_ms, s.is_first, null from pool_days d join pools p on p.id = d.pool_id
      cross join job_day_shares s on s.day = d.day and s.pool_id = d.pool_id
    where ${inWindow(question, 'd.day')} and ${ofPools(question)} and (d.is_stale = 1 or d.cost_nano_usd is null)`
}

function ownersAsked(question: Visible): SQL {
  const filters = { ...question.filters, provider: null, gpuType: null }
  return sql`select id from owners where ${ofCells({ ...question, filters })}`
}

function poolsAsked(question: Visible): SQL {
  return sql`select p.id from pools p where ${ofPools(question)}`
}
