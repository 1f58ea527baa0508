import { type SQL, sql } from 'drizzle-orm'

/** As in `share.ts`: weights above this are counted in coarser units, so that remainder × weight stays inside 64 bits. */
const EXACT_WEIGHT = 3_000_000_000n

/** A row if a rule gave any charge to anybody; without one the statements below end here. */
const ANY = sql.raw(`(select 1 from cost_dimensions where owner <> '' limit 1)`)

/** Charges `c` of the pool-days `n` that are being shared, with their dimensions `d`, that count and have an owner by rule. */
const CHARGES = sql`${ANY} g cross join sharing_pool_days n
  cross join cost_entries c on c.entry_date = n.day and c.pool_id = n.pool_id
  cross join cost_dimensions d on d.id = c.dimension_id and d.owner <> ''
  cross join bills b on b.id = c.bill_id and b.status = 'current'`

/** The row of a team from its id in JSON, "team_3". */
const rowIn = (id: string) => `cast(substr(${id}, 6) as integer)`

/** A weight as it is written, in whole millionths: decimal text of at most six digits behind the point. */
const MILLIONTHS = `cast(substr(w.value, 1, instr(w.value || '.', '.') - 1) as integer) * 1000000
  + cast(substr(substr(w.value || iif(instr(w.value, '.') = 0, '.', ''), instr(w.value || '.', '.') + 1) || '000000', 1, 6) as integer)`

/**
 * The statements that write the cells of what rules give to teams without a job, for the pool-days in
 * `sharing_pool_days`. They run before jobs are shared, which share what is left. An owner's charges of a pool-day are one
 * amount; split, team k gets round(C·cum_k/T) − round(C·cum_{k−1}/T) in the order of the teams, so its parts sum to it. A
 * team that is gone gets nothing: the others share its part, and what has nobody left stays in the pool. Proportional is by
 * the GPU time of that day's jobs in all pools, and marks the pool-day, which is shared again when one of those changes.
 * Nobody measured what came of it.
 */
export function assignCharges(): SQL[] {
  return [
    sql`insert into owners (team_id, model_id, status) select t.id, 0, 0 from ${ANY} g cross join teams t where true
      on conflict do nothing`,
    sql`update pool_days set is_split = 1 where (day, pool_id) in (
      select n.day, n.pool_id from ${CHARGES} where iif(d.owner = '', null, d.owner ->> 'split') = 'proportional')`,
    sql`with charge as materialized (
        select n.day, n.pool_id, d.owner, sum(c.effective_nano_usd) as cost, sum(c.billed_nano_usd) as billed,
          coalesce(sum(c.list_nano_usd), 0) as list
        from ${CHARGES} group by n.day, n.pool_id, d.owner),
      held as materialized (
        select s.day, o.team_id, sum(s.gpu_ms) as gpu_ms
        from (select distinct day from charge where owner ->> 'split' = 'proportional') p
          cross join job_day_shares s on s.day = p.day join owners o on o.id = s.owner_id
        group by s.day, o.team_id),
      weighed as (${sql.raw(WEIGHED)}),
      span as (
        select w.*, sum(weight) over whole as total, sum(weight) over (
          partition by day, pool_id, owner order by team_id rows unbounded preceding) as cum
        from weighed w window whole as (partition by day, pool_id, owner)),
      counted as (select *, total / ${EXACT_WEIGHT} + 1 as unit, total / (total / ${EXACT_WEIGHT} + 1) as units from span),
      part as (select day, pool_id, team_id, sum(${part('cost')}) as cost, sum(${part('billed')}) as billed,
          sum(${part('list')}) as list
        from counted group by day, pool_id, team_id)
      insert into ledger_cells (day, pool_id, owner_id, allocation_nano_usd, usage_nano_usd, allocation_billed_nano_usd,
        usage_billed_nano_usd, allocation_list_nano_usd, usage_list_nano_usd, not_measured_nano_usd)
      select part.day, part.pool_id, o.id, cost, cost, billed, billed, list, list, cost
      from part join owners o on o.team_id = part.team_id and o.model_id = 0 and o.status = 0
      where cost <> 0 or billed <> 0 or list <> 0`,
  ]
}

/** Charges with the teams that they go to and their weights. Teams that are gone are in none. */
const WEIGHED = `
  select c.*, t.id as team_id, 1 as weight from charge c join teams t on t.id = ${rowIn(`c.owner ->> 'team'`)}
  union all select c.*, t.id, 1 from charge c join json_each(c.owner, '$.teams') w join teams t on t.id = ${rowIn('w.value')}
    where c.owner ->> 'split' = 'even'
  union all select c.*, t.id, ${MILLIONTHS}
    from charge c join json_each(c.owner, '$.weights') w join teams t on t.id = ${rowIn('w.key')}
  union all select c.*, t.id, h.gpu_ms from charge c join held h on h.day = c.day join teams t on t.id = h.team_id
    where c.owner ->> 'split' = 'proportional' and (c.owner ->> 'teams' is null
      or h.team_id in (select ${rowIn('w.value')} from json_each(c.owner, '$.teams') w))`

/** What of an amount is the team's: half away from zero, a credit's too. */
function part(amount: string): SQL {
  const upTo = (weight: string) =>
    `(abs(${amount}) / units * (${weight} / unit) + (abs(${amount}) % units * (${weight} / unit) + units / 2) / units)`
  return sql.raw(`iif(${amount} < 0, -1, 1) * (${upTo('cum')} - ${upTo('(cum - weight)')})`)
}
