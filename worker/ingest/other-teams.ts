import { type SQL, sql } from 'drizzle-orm'
import type { EpochMs } from '../../db/units/time.ts'
import { jobBook, ruledTeam } from '../owner-rules/rules-in-force.ts'
import type { Range } from './store-costs.ts'
import { RENAMED } from './store-jobs.ts'

/**
 * The statements that take out of a range of staged jobs what is not the sender's to store, and quarantine it: rows of
 * a team outside `teamRows` (a JSON list) or of no team that exists, rows whose job, that run of that id in that
 * source or what waited for it, is another team's, and rows whose user or name the rules in force give to another team:
 * nobody puts a job on another team's account by what it is called. They run in the transaction that stores the range, before anything of it is
 * stored, so no two senders can take a job from one another. The first one answers how many they take out, and their GPU
 * time up to `nowMs`, the instant up to which the tally has counted it.
 */
export function refuseOtherTeams({ importRow, after, upTo }: Range, teamRows: string, nowMs: EpochMs): SQL[] {
  const own = sql`(select value from json_each(${teamRows}))`
  const isOwnTeam = sql`exists (select 1 from teams t where t.name = s.team_name collate nocase and t.id in ${own})`
  const isTaken = sql`exists (select 1 from jobs j
    where j.job_id = s.job_id and j.source = i.source and j.team_id not in ${own}
      and (j.run = s.run or ${RENAMED} or (j.started_at_ms is null and s.run > j.run || '@' and s.run < j.run || 'A')))`
  const ruled = ruledTeam('s.user_name', 's.job_name')
  const isRuledAway = sql`(${ruled} is not null and ${ruled} not in ${own})`
  const book = sql`with book as materialized (${jobBook()})`
  const others = sql`from staged_jobs s join imports i on i.id = s.import_id
    where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo}
      and (not ${isOwnTeam} or ${isTaken} or ${isRuledAway})`
  const end = sql`coalesce(s.ended_at_ms, iif(s.status = 'running', ${BigInt(nowMs)}, s.started_at_ms))`
  return [
    sql`${book} select count(*) as refused,
      coalesce(sum(max(0, s.gpu_milli * (${end} / 1000 - s.started_at_ms / 1000))), 0) as gpu_ms ${others}`,
    sql`${book} insert into quarantined_rows (import_id, line, column_name, code, message)
      select ${importRow}, s.line, iif(${isOwnTeam}, iif(${isTaken}, 'job_id', 'job_name'), 'team_name'), 'ingest.other_team',
        iif(${isOwnTeam}, iif(${isTaken}, 'a job with this id belongs to another team',
          'a rule gives jobs of this user or name to another team'),
          '"' || replace(replace(substr(s.team_name, 1, 60), char(10), ' '), char(13), ' ') || '" is not one of your teams')
      ${others} order by s.id`,
    sql`${book} delete from staged_jobs where id in (select s.id ${others})`,
  ]
}
