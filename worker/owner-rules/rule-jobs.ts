import { type SQL, sql } from 'drizzle-orm'
import { DEPLOYMENT_SOURCE } from '../deployments/serving-team.ts'
import { jobBook, ruledTeam } from './rules-in-force.ts'

/** The team that the file of job `j` named, or who has it, where that team is gone. */
export const FILE_TEAM = sql.raw('coalesce((select t.id from teams t where t.id = j.source_team_id), j.team_id)')

/**
 * The statement that gives jobs (a SELECT of their `id`) to the teams that the rules in force say. What the file said
 * stays beside it, and a job that no rule matches any more goes back. Reads nothing more where no rule is about jobs.
 *
 * Door: whoever stores jobs runs it in the same transaction, before `cutIntoDays`.
 */
export function ruleJobs(jobIds: SQL): SQL {
  return sql`with book as materialized (${jobBook()})
    ${giveJobs(sql`(select 1 from book limit 1) g cross join (${jobIds}) c cross join jobs j on j.id = c.id`)}`
}

/**
 * The UPDATE of jobs `j` in a FROM clause by the rules in `book`. Its LIMIT keeps the inner SELECT in one piece: flattened,
 * every job would be compared with every row. A deployment is nobody's to give.
 */
export function giveJobs(from: SQL): SQL {
  return sql`update jobs set team_id = ruled.team, source_team_id = ruled.source from (
      select id, coalesce(rule, file) as team, nullif(file, coalesce(rule, file)) as source
      from (select j.id, ${FILE_TEAM} as file, iif(j.source = ${DEPLOYMENT_SOURCE}, null, ${ruledTeam('j.user_name', 'j.job_name')}) as rule from ${from})
      limit -1) as ruled
    where jobs.id = ruled.id and (jobs.team_id <> ruled.team or jobs.source_team_id is not ruled.source)`
}
