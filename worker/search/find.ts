import { and, asc, desc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { z } from 'zod'
import { JOB_STATUSES, jobs } from '../../db/schema/jobs.ts'
import { models, owners } from '../../db/schema/ledger.ts'
import { savedViews } from '../../db/schema/saved-views.ts'
import { teams } from '../../db/schema/teams.ts'
import { type Id, rowOf } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import { LineText } from '../input-fields.ts'
import { allow, mayI, visibleTeamRows } from '../permissions.ts'
import { isFound } from '../saved-views/saved-view.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'

/** Of each kind. */
const MOST = 20
/** So many of the latest jobs are looked through for a part of their id or name: 10 to 30 ms, however many there are. */
const LOOKED_THROUGH = 200_000

export const SearchAsked = z.object({
  q: LineText(100)
    .min(1, 'must not be empty')
    .describe(
      'A part of the name of a team, model, view or job, or of a job’s id; the latest 200,000 jobs are looked through, and all for how their id begins',
    )
    .meta({ examples: ['llama'] }),
})

/** At most 20 of each kind, names that begin with the words first. */
export const Found = z.object({
  teams: z.array(z.object({ id: AnsweredId('team'), name: z.string() })),
  models: z.array(z.object({ name: z.string() })).describe('Models of jobs'),
  jobs: z.array(
    z.object({
      id: AnsweredId('job'),
      jobId: z.string().describe('The id that the source gave it'),
      jobName: z.string().describe('What they called it; empty where the scheduler does not say'),
      teamName: z.string(),
      modelName: z.string(),
      status: z.enum(JOB_STATUSES),
    }),
  ),
  savedViews: z.array(z.object({ id: AnsweredId('view'), name: z.string(), address: z.string() })),
})
export type Found = z.output<typeof Found>

/**
 * What the actor may see by a part of its name. Teams, models and views are few, and are looked through; jobs are many:
 * they are found by how their id begins, in an index, and the latest also by any part of their id or name.
 */
export async function find(scope: Scope, { q }: z.output<typeof SearchAsked>): Promise<Found> {
  allow(scope, 'ledger:read')
  const [foundTeams, foundModels, foundJobs, foundViews] = await Promise.all([
    teamsNamed(scope, q),
    modelsNamed(scope, q),
    jobsNamed(scope, q),
    mayI(scope, 'views:read') ? viewsNamed(scope, q) : [],
  ])
  return { teams: foundTeams, models: foundModels, jobs: foundJobs, savedViews: foundViews }
}

function teamsNamed(scope: Scope, q: string) {
  return scope.db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(and(says(teams.name, q), ofVisibleTeams(scope, teams.id)))
    .orderBy(...beginningFirst(teams.name, q))
    .limit(MOST)
}

/** Of jobs of the actor's teams: a model's name may tell what another team works on. */
function modelsNamed(scope: Scope, q: string) {
  const rows = visibleTeamRows(scope)
  const ofTeams = sql`${models.id} in (select ${owners.modelId} from ${owners}
    where ${rows === null ? sql`true` : sql`${owners.teamId} in (select value from json_each(${rows}))`})`
  return scope.db
    .select({ name: models.name })
    .from(models)
    .where(and(sql`${models.name} <> ''`, says(models.name, q), ofTeams))
    .orderBy(...beginningFirst(models.name, q))
    .limit(MOST)
}

/** Those whose id begins so come first, in the order of their ids; then those with it anywhere, the latest first. */
async function jobsNamed(scope: Scope, q: string) {
  const rows = visibleTeamRows(scope)
  // The plus keeps the index of teams out of it: a team may have half of all jobs.
  const ofTeams = rows === null ? undefined : sql`+${jobs.teamId} in (select value from json_each(${rows}))`
  const [beginning, inside] = await Promise.all([
    jobRows(scope, and(isJob(q), ofTeams)).orderBy(asc(jobs.jobId), asc(jobs.id)),
    jobRows(scope, and(hasInside(q), ofTeams), desc(jobs.id)).orderBy(desc(jobs.id)),
  ])
  const known = new Set(beginning.map(({ id }) => id))
  return [...beginning, ...inside.filter(({ id }) => !known.has(id))].slice(0, MOST)
}

function jobRows({ db }: Scope, matches: SQL | undefined, first?: SQL) {
  const matching = db.select({ id: jobs.id }).from(jobs).where(matches).$dynamic()
  const ids = first ? matching.orderBy(first).limit(MOST) : matching.limit(MOST)
  return db
    .select({
      ...{ id: jobs.id, jobId: jobs.jobId, jobName: jobs.jobName },
      ...{ teamName: teams.name, modelName: jobs.modelName, status: jobs.status },
    })
    .from(jobs)
    .innerJoin(teams, eq(teams.id, jobs.teamId))
    .where(inArray(jobs.id, ids))
}

/** Ids are compared as they are written, in lower and in upper case: each is a span of the index. */
function isJob(q: string): SQL | undefined {
  const row = rowOf('job', q)
  const spans = [...new Set([q, q.toLowerCase(), q.toUpperCase()])].map((text) =>
    and(gte(jobs.jobId, text), lt(jobs.jobId, `${text}\u{10ffff}`)),
  )
  return or(...spans, row === null ? undefined : eq(jobs.id, q as Id<'job'>))
}

/** LIKE looks through jobs three times as fast as instr(lower()) does. */
function hasInside(q: string): SQL {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  return sql`${jobs.id} > (select max(id) from jobs) - ${BigInt(LOOKED_THROUGH)}
    and (${jobs.jobId} like ${pattern} escape '\\' or ${jobs.jobName} like ${pattern} escape '\\')`
}

function viewsNamed(scope: Scope, q: string) {
  return scope.db
    .select({ id: savedViews.id, name: savedViews.name, address: savedViews.address })
    .from(savedViews)
    .where(and(says(savedViews.name, q), isFound(scope)))
    .orderBy(...beginningFirst(savedViews.name, q))
    .limit(MOST)
}

/** Without regard to the case of ASCII letters, which is what the database knows of case. */
function says(column: SQLiteColumn, q: string): SQL {
  return sql`instr(lower(${column}), lower(${q})) > 0`
}

function beginningFirst(column: SQLiteColumn, q: string): SQL[] {
  return [sql`instr(lower(${column}), lower(${q})) > 1`, sql`${column} collate nocase`]
}
