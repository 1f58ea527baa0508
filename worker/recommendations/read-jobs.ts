import { type SQL, sql } from 'drizzle-orm'
import type { JobStatus } from '../../db/schema/jobs.ts'
import { idText } from '../../db/units/ids.ts'
import { type Day, type EpochMs, startOf, type Window } from '../../db/units/time.ts'
import { visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { HeldJob, Like } from './estate.ts'

/** Those that held most; the others are not looked at. */
const MOST_JOBS = 2_000
/** Below so many that completed nobody can say what is usual. */
const FEWEST_ALIKE = 5

type Row = Record<string, bigint | string | null>

/**
 * Statements of the jobs of a window that ran on, failed or were cancelled, of their days, and of how long others of the
 * same team, pool and name took. What a GPU-hour that a job held cost: the usage share, or all of it where the capacity is
 * unknown, which no answer of the ledger says job by job.
 */
export function jobStatements(scope: Pick<Scope, 'actor' | 'now'>, window: Window): SQL[] {
  const teams = visibleTeamRows(scope)
  const visible = teams === null ? sql`1` : sql`j.team_id in (select value from json_each(${teams}))`
  const [from, before] = [BigInt(startOf(window.from)), BigInt(startOf(window.before))]
  const picked = sql`with near as (
      select j.*, ${PATTERN} as pattern from jobs j where ${visible} and j.started_at_ms < ${before}
        and coalesce(j.ended_at_ms, iif(j.status = 'running', ${before}, 0)) >= ${from}),
    again as (select n.*, lead(n.started_at_ms) over (
        partition by n.team_id, n.pool_id, n.user_name, n.pattern order by n.started_at_ms, n.id) as again_ms from near n),
    picked as materialized (select * from again where status in ('running', 'failed', 'cancelled')
      order by (coalesce(ended_at_ms, ${before}) - started_at_ms) * gpu_milli desc, id limit ${BigInt(MOST_JOBS)})`
  return [
    sql`${picked} select k.id, k.source, k.job_id as name, k.run, k.team_id as team, t.name as teamName, k.user_name as user,
        k.pattern, p.provider, p.gpu_type as gpuType, k.gpu_milli as gpuMilli, k.status, k.started_at_ms as started,
        k.ended_at_ms as ended, k.again_ms as again
      from picked k join teams t on t.id = k.team_id join pools p on p.id = k.pool_id order by k.id`,
    sql`${picked} select s.job_id as job, s.day, sum(s.gpu_ms) as held,
        coalesce(sum(coalesce(s.usage_nano_usd, s.allocation_nano_usd)), 0) as cost
      from picked k cross join job_day_shares s on s.job_id = k.id
      where s.day >= ${window.from} and s.day < ${window.before} group by 1, 2 order by 1, 2`,
    sql`select j.team_id as team, p.provider, p.gpu_type as gpuType, ${PATTERN} as pattern, count(*) as alike,
        max(j.ended_at_ms - j.started_at_ms) as longest
      from jobs j join pools p on p.id = j.pool_id
      where ${visible} and j.status = 'completed' and j.ended_at_ms is not null and j.started_at_ms is not null
        and (j.team_id, j.pool_id) in (select r.team_id, r.pool_id from jobs r where r.status = 'running')
      group by j.team_id, j.pool_id, pattern having count(*) >= ${BigInt(FEWEST_ALIKE)}`,
  ]
}

const PATTERN = sql.raw(`coalesce(nullif(j.job_name, ''), j.model_name)`)

/** What the statements answered. */
export function jobsOf(rows: readonly (readonly Row[])[], nowMs: EpochMs): { jobs: HeldJob[]; likes: Like[] } {
  const [picked = [], days = [], likes = []] = rows
  const daysOf = Map.groupBy(days, ({ job }) => String(job))
  const jobs = picked.map((row): HeldJob => {
    const { source, name, run } = row
    const again = row.again === null ? null : (Number(row.again) as EpochMs)
    return {
      ...{ id: idText('job', row.id as bigint), thing: JSON.stringify([source, name, run]), name: String(name) },
      ...{ teamId: idText('team', row.team as bigint), teamName: String(row.teamName), userName: String(row.user) },
      ...{ pattern: String(row.pattern), provider: String(row.provider), gpuType: String(row.gpuType) },
      ...{ gpuMilli: Number(row.gpuMilli), status: row.status as JobStatus },
      startedAtMs: Number(row.started) as EpochMs,
      endedAtMs: row.ended === null ? nowMs : (Number(row.ended) as EpochMs),
      triedAgainAtMs: again,
      days: (daysOf.get(String(row.id)) ?? []).map((one) => ({
        ...{ day: one.day as Day, costNanoUsd: one.cost as bigint, gpuSeconds: Number(one.held) / 1000 },
      })),
    }
  })
  return {
    jobs,
    likes: likes.map((row) => ({
      ...{ teamId: idText('team', row.team as bigint), provider: String(row.provider), gpuType: String(row.gpuType) },
      ...{ pattern: String(row.pattern), count: Number(row.alike), longestMs: Number(row.longest) },
    })),
  }
}
