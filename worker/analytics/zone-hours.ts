import { type SQL, sql } from 'drizzle-orm'
import { HelioxError } from '../errors.ts'
import { isByOwner, ofCells, ofPools } from './conditions.ts'
import type { Row } from './ledger.ts'
import type { Visible } from './visible-question.ts'
import { piecesOf, touchedDays, type Zone } from './zone.ts'

/**
 * The statement that finds the first pool-day of the window whose bill cannot be cut at other hours than UTC's midnight:
 * an entry without a bill, a bill with lines of no hour, or whose hours do not sum to its day (a line that was changed by
 * hand, half a list price). Where the question is about some owners, only of pools whose GPUs they held.
 */
export function findMissingHours(question: Visible, zone: Zone): SQL {
  const kind = sql.raw(`${question.cost}_nano_usd`)
  const days = JSON.stringify(touchedDays(zone))
  const held = isByOwner(question) ? sql`(day, pool_id) in (${poolDaysOf(question, zone)})` : sql`1`
  return sql`with touched as (select t.value as day, p.id as pool_id, p.provider, p.gpu_type
      from json_each(${days}) t cross join pools p where ${ofPools(question)})
    select day, provider, gpu_type as gpuType, source, reason from (
      select n.day, n.pool_id, n.provider, n.gpu_type, d.source, 'no_bill' as reason
      from touched n cross join cost_entries c on c.entry_date = n.day and c.pool_id = n.pool_id and c.bill_id = 0
        join cost_dimensions d on d.id = c.dimension_id
      union all
      select n.day, n.pool_id, n.provider, n.gpu_type, b.source, 'no_hours'
      from touched n cross join bill_days d on d.day = n.day and d.pool_id = n.pool_id
        join bills b on b.id = d.bill_id and b.status = 'current'
      where d.whole_day_lines > 0 or d.${kind} <> (select coalesce(sum(h.${kind}), 0) from bill_hours h
        where h.day = d.day and h.hour in (${sql.raw(HOURS)}) and h.pool_id = d.pool_id and h.bill_id = d.bill_id)
      union all
      select n.day, n.pool_id, n.provider, n.gpu_type, '', 'rule'
      from (select 1 from cost_dimensions where owner <> '' limit 1) g cross join touched n
        cross join cost_entries c on c.entry_date = n.day and c.pool_id = n.pool_id
        cross join cost_dimensions d on d.id = c.dimension_id and d.owner <> ''
        cross join bills b on b.id = c.bill_id and b.status = 'current')
    where ${held} order by day, provider, gpu_type, reason limit 1`
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour).join(', ')

/** The pool-days that a local day on which the owners held GPUs there takes its cost from, and those that rules gave them. */
function poolDaysOf(question: Visible, zone: Zone): SQL {
  return sql`with piece as materialized (${pieceRows(zone)}),
    own as materialized (select o.id from (select id, team_id, model_id, status, 0 as pool_id from owners) o
      where ${ofCells({ ...question, filters: { ...question.filters, provider: null, gpuType: null } })})
    select k.day, i.pool_id from (select distinct i.label, s.pool_id from piece i cross join job_day_shares s on s.day = i.day
        join jobs j on j.id = s.job_id where s.owner_id in (select id from own) and ${OVERLAP_MS} > 0) i
      join piece k on k.label = i.label
    union select c.day, c.pool_id from (select distinct day from piece) k cross join ledger_cells c on c.day = k.day
      where c.owner_id in (select id from own)`
}

/** The pieces of local days on UTC days, as rows. */
export function pieceRows(zone: Zone): SQL {
  return sql`select value ->> 0 as label, value ->> 1 as day, value ->> 2 as from_s, value ->> 3 as before_s,
    value ->> 4 as utc_s, value ->> 5 as local_s from json_each(${JSON.stringify(piecesOf(zone))})`
}

/**
 * GPU-milliseconds of the share `s` of the job `j` that lie in the piece `i`; below one where none do. The share says how
 * long the job held its GPUs on that UTC day, from its start or from midnight on: a running job's up to when it was counted.
 */
export const OVERLAP_MS = sql.raw(`(j.gpu_milli * (
  min(i.before_s, max(j.started_at_ms / 1000, i.utc_s) + s.gpu_ms / j.gpu_milli) - max(i.from_s, max(j.started_at_ms / 1000, i.utc_s))))`)

/** @throws HelioxError invalid `analytics.no_hours` that names what `findMissingHours` has found, if anything */
export function requireHours([row]: Row[], { isPartial }: Visible, { timeZone }: Zone): void {
  if (!row) return
  const { day, provider, gpuType, source, reason } = row as Record<string, string>
  const what = `${provider}${gpuType ? ` ${gpuType}` : ''} on ${day}`
  // Which files a company sends is not for who sees their own teams only.
  const from = source && !isPartial ? ` from ${source}` : ''
  const why = {
    no_bill: `what was entered or sent as daily costs${from} for ${what} does not say its hours`,
    no_hours: `not every charge of ${what}${from} says its hour`,
    rule: `a rule gives charges of ${what} to teams, by what only whole days know`,
  }[reason as 'no_bill']
  throw new HelioxError(
    'invalid',
    'analytics.no_hours',
    `Days in ${timeZone} cannot be told: ${why}. Ask for UTC days, narrow to a provider or GPU type that is billed by the hour, or send that bill with hourly lines`,
  )
}
