import { type SQL, sql } from 'drizzle-orm'
import { cutIntoDays } from '../analytics/job-days.ts'
import { jsonText } from '../json-text.ts'
import { ruleJobs } from '../owner-rules/rule-jobs.ts'
import type { TeamDraft } from './importers/importer.ts'
import type { Range } from './store-costs.ts'

/** The job `j` of the staged row `s`, of the import `i`. */
export const KEY = sql.raw('j.job_id = s.job_id and j.source = i.source and j.run = s.run')

const SAME = sql.raw(`coalesce(j.source_team_id, j.team_id) = t.id and j.model_name = s.model_name and j.pool_id = p.id
  and j.gpu_milli = s.gpu_milli and j.started_at_ms is s.started_at_ms and j.ended_at_ms is s.ended_at_ms
  and j.status = s.status and j.user_name = s.user_name and j.job_name = s.job_name`)

/** A run that is told by its start, as in `atlas@2026-02-01T00:00:00.000Z`, and not by a name that the scheduler gave it. */
const BY_START = sql.raw(`glob '*@????-??-??T??:??:??.???Z'`)

/** Runs `j` of a scheduler that keeps several of one job id: the same run as row `s`, before or after the file told its name. */
export const RENAMED = sql`(j.started_at_ms = s.started_at_ms and s.run <> '' and (j.run ${BY_START}) <> (s.run ${BY_START})
  and substr(j.run, 1, instr(j.run, '@')) = substr(s.run, 1, instr(s.run, '@')))`

/** Row `s` is older than what is stored of its run `j`: nothing that has started waits again, nothing that has ended runs. */
const IS_PAST = sql.raw(`(j.run <> '' and (j.started_at_ms is not null and s.started_at_ms is null
  or j.ended_at_ms is not null and s.status = 'running'))`)

/**
 * Row `s` says that a job waits, or was cancelled waiting, and a run of that job has started of which the file says
 * nothing: it was written before. A job that was requeued has its earlier runs in the file (`sacct -D`), and waits again.
 */
const HAS_STARTED = sql.raw(`(s.started_at_ms is null and exists (
  select 1 from jobs k where k.job_id = s.job_id and k.source = i.source and k.started_at_ms is not null
    and coalesce(k.source_team_id, k.team_id) = t.id
    and k.run > iif(instr(s.run, '@') = 0, s.run, substr(s.run, 1, instr(s.run, '@') - 1)) || '@'
    and k.run < iif(instr(s.run, '@') = 0, s.run, substr(s.run, 1, instr(s.run, '@') - 1)) || 'A'
    and not exists (select 1 from staged_jobs w
      where w.import_id = s.import_id and w.job_id = k.job_id and w.run = k.run)))`)

/**
 * How many rows of the range are new, known, and known with the same facts: in one statement, before the upsert. A row
 * that is older than what is stored is known and changes nothing.
 */
export function countJobs({ importRow, after, upTo }: Range): SQL {
  return sql`update imports set (inserted, updated, unchanged) = (
      select imports.inserted + count(*) - coalesce(sum(j.id is not null or ${HAS_STARTED}), 0),
        imports.updated + coalesce(sum(j.id is not null or ${HAS_STARTED}), 0),
        imports.unchanged + coalesce(sum(iif(${SAME} or ${IS_PAST} or j.id is null and ${HAS_STARTED}, 1, 0)), 0)
      from staged_jobs s join imports i on i.id = s.import_id
      left join teams t on t.name = s.team_name collate nocase
      left join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
      left join jobs j on ${KEY}
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo})
    where id = ${importRow}`
}

/**
 * The statements of one transaction that move a range of staged jobs into the ledger: count, store, give to the teams that
 * rules say, and cut the jobs that are new or changed into job-days. Their pool-days, old and new, wait to be shared (`shareStale`). A running
 * job counts up to now.
 */
export function storeJobs(range: Range, nowMs: number): SQL[] {
  const { importRow, after, upTo } = range
  const inRange = sql`+import_id = ${importRow} and id > ${after} and id <= ${upTo}`
  const changed = sql`select distinct j.id from staged_jobs s join imports i on i.id = s.import_id
    join jobs j on j.job_id = s.job_id and j.source = i.source
    where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} and j.changed_by = ${importRow}`
  return [
    sql`insert into teams (name, created_at_ms) select distinct team_name, ${BigInt(nowMs)} from staged_jobs
      where ${inRange} on conflict do nothing`,
    sql`insert into pools (provider, gpu_type) select distinct provider, gpu_type from staged_jobs
      where ${inRange} on conflict do nothing`,
    sql`update or ignore jobs set run = named.run from (
      select j.id, s.run from staged_jobs s join imports i on i.id = s.import_id
      join jobs j on j.job_id = s.job_id and j.source = i.source
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} and ${RENAMED}) as named
      where jobs.id = named.id`,
    countJobs(range),
    // A job that waited under its plain id has started: its run has a name of its own now. One that was requeued has
    // both in the file, and waits again; so it does where the file tells nothing new of a run that is over.
    sql`delete from jobs where started_at_ms is null and id in (
      select j.id from staged_jobs s join imports i on i.id = s.import_id
      join jobs j on j.job_id = s.job_id and j.source = i.source and s.run > j.run || '@' and s.run < j.run || 'A'
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} and not exists (
        select 1 from staged_jobs w where w.import_id = ${importRow} and w.job_id = j.job_id and w.run = j.run)
      and not exists (select 1 from jobs k where k.job_id = s.job_id and k.source = i.source and k.run = s.run
        and k.status = s.status and k.status <> 'running' and k.ended_at_ms is s.ended_at_ms))`,
    sql`insert into jobs (source, job_id, run, team_id, model_name, pool_id, gpu_milli, started_at_ms, ended_at_ms, status,
        user_name, job_name, created_by, changed_by)
      select i.source, s.job_id, s.run, t.id, s.model_name, p.id, s.gpu_milli, s.started_at_ms, s.ended_at_ms, s.status,
        s.user_name, s.job_name,
        ${importRow}, ${importRow}
      from staged_jobs s join imports i on i.id = s.import_id join teams t on t.name = s.team_name collate nocase
      join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} and (not ${HAS_STARTED}
        or exists (select 1 from jobs j where ${KEY})) order by s.id
      on conflict do update set team_id = iif(coalesce(source_team_id, team_id) = excluded.team_id, team_id, excluded.team_id),
        source_team_id = iif(source_team_id = excluded.team_id, source_team_id, null), model_name = excluded.model_name,
        pool_id = excluded.pool_id, gpu_milli = excluded.gpu_milli, started_at_ms = excluded.started_at_ms,
        ended_at_ms = excluded.ended_at_ms, status = excluded.status, user_name = excluded.user_name, job_name = excluded.job_name, changed_by = excluded.changed_by
        where (coalesce(source_team_id, team_id) <> excluded.team_id or model_name <> excluded.model_name or pool_id <> excluded.pool_id
          or gpu_milli <> excluded.gpu_milli or started_at_ms is not excluded.started_at_ms
          or ended_at_ms is not excluded.ended_at_ms or status <> excluded.status
          or user_name <> excluded.user_name or job_name <> excluded.job_name)
          and not (run <> '' and (started_at_ms is not null and excluded.started_at_ms is null
            or ended_at_ms is not null and excluded.status = 'running'))`,
    // A job has one run at a time: one that was requeued is over where the next began, whether its end is ever told or not.
    sql`update jobs set status = 'cancelled', ended_at_ms = next.started_at_ms, changed_by = ${importRow} from (
      select j.id, min(k.started_at_ms) as started_at_ms from staged_jobs s join imports i on i.id = s.import_id
      join jobs j on j.job_id = s.job_id and j.source = i.source and j.status = 'running' and instr(j.run, '@') > 0
      join jobs k on k.job_id = j.job_id and k.source = j.source
        and coalesce(k.source_team_id, k.team_id) = coalesce(j.source_team_id, j.team_id)
        and k.started_at_ms > j.started_at_ms
        and substr(k.run, 1, instr(k.run, '@')) = substr(j.run, 1, instr(j.run, '@'))
      where +s.import_id = ${importRow} and s.id > ${after} and s.id <= ${upTo} group by j.id) as next
      where jobs.id = next.id`,
    ruleJobs(changed),
    ...cutIntoDays(changed, nowMs),
  ]
}

/**
 * The teams that a file introduces, as one statement. What somebody has entered stays: a description and a budget are
 * filled in where there is none, and never replaced. With `teamRows` (a JSON list) only those teams are touched, and none
 * is new.
 */
export function storeTeams(drafts: readonly TeamDraft[], nowMs: number, teamRows: string | null): SQL {
  const rows = jsonText(
    drafts.map(({ name, description, budgetNanoUsd }) => [
      name,
      description,
      budgetNanoUsd === null ? null : String(budgetNanoUsd),
    ]),
  )
  if (teamRows !== null)
    return sql`update teams set description = iif(teams.description = '', draft.description, teams.description),
        budget_nano_usd = coalesce(teams.budget_nano_usd, draft.budget)
      from (select value ->> 0 as name, value ->> 1 as description, cast(value ->> 2 as integer) as budget
        from json_each(${rows})) as draft
      where teams.name = draft.name collate nocase and teams.id in (select value from json_each(${teamRows}))`
  return sql`insert into teams (name, description, budget_nano_usd, created_at_ms)
    select value ->> 0, value ->> 1, cast(value ->> 2 as integer), ${BigInt(nowMs)} from json_each(${rows}) where true
    on conflict do update set description = iif(description = '', excluded.description, description),
      budget_nano_usd = coalesce(budget_nano_usd, excluded.budget_nano_usd)`
}
