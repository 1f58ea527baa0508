import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Day } from '../../db/units/time.ts'
import { AnsweredDay } from '../answer-fields.ts'
import { allow, visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'

export const Extent = z.object({
  firstDay: AnsweredDay.nullable(),
  lastDay: AnsweredDay.nullable(),
  isPartial: z.boolean().describe('True: of the jobs of the asker’s teams only'),
})
export type Extent = z.output<typeof Extent>

/**
 * The first and last day that was billed; where nothing was, the first and last day on which a job ran; nulls in an
 * empty ledger. (A running job reaches up to today, where no bill is yet: that is not "the latest data".) Who does not
 * see the whole company gets the days of their teams' jobs: those that were charged, or where none was, those that ran.
 */
export async function extent(scope: Scope): Promise<Extent> {
  allow(scope, 'ledger:read')
  const teamRows = visibleTeamRows(scope)
  const edge = teamRows === null ? edgeOfBill : edgeOfTeams(teamRows)
  const [row] = await scope.db.all<{ firstDay: Day | null; lastDay: Day | null }>(
    sql`select ${edge('asc')} as firstDay, ${edge('desc')} as lastDay`,
  )
  return { ...(row ?? { firstDay: null, lastDay: null }), isPartial: teamRows !== null }
}

function edgeOfBill(order: 'asc' | 'desc') {
  return sql`coalesce(
    (select day from pool_days where cost_nano_usd is not null order by day ${sql.raw(order)} limit 1),
    (select day from pool_days order by day ${sql.raw(order)} limit 1))`
}

function edgeOfTeams(teamRows: string) {
  const jobs = sql`from jobs j where j.team_id in (select value from json_each(${teamRows}))`
  // Along the days, which ends at the first hit; a team without jobs must not make it walk them all.
  const day = (order: 'asc' | 'desc', condition: string) => sql`(
    select s.day from job_day_shares s where exists (select 1 ${jobs}) and ${sql.raw(condition)}
      and exists (select 1 ${jobs} and j.id = s.job_id) order by s.day ${sql.raw(order)} limit 1)`
  return (order: 'asc' | 'desc') => sql`coalesce(
    ${day(order, 's.allocation_nano_usd is not null')}, ${day(order, '1')})`
}
