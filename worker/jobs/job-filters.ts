import { and, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/schema/jobs.ts'
import { pools } from '../../db/schema/pools.ts'
import { rowOf } from '../../db/units/ids.ts'
import { startOf } from '../../db/units/time.ts'
import { DayRange, windowOf } from '../day-range.ts'
import { IdText, NormalName } from '../input-fields.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { JobStatusText } from './job-input.ts'

const MOST_VALUES = 200

/** One value, or several that are alternatives. */
function oneOrMore<S extends z.ZodType>(value: S) {
  return z
    .union([value, z.array(value).max(MOST_VALUES)])
    .transform((given): z.output<S>[] => [given].flat() as z.output<S>[])
    .optional()
}

/** What narrows a list of jobs: all that is given together, several values of one as alternatives. */
export const JobFilters = {
  ...DayRange,
  teamId: oneOrMore(IdText('team')),
  status: oneOrMore(JobStatusText),
  provider: oneOrMore(NormalName),
  gpuType: oneOrMore(NormalName),
  modelName: oneOrMore(z.string().max(200)),
  source: z.string().max(100).optional(),
  importId: IdText('imp').optional().describe('Jobs that this import brought or was the last to change'),
  q: z.string().trim().max(200).optional().describe('What the job id or the name holds anywhere, in any case'),
}
const AllJobFilters = z.object(JobFilters)
type JobFilters = z.output<typeof AllJobFilters>

/**
 * The jobs that the actor sees and asks for, as a condition on `jobs`. Days: the job held GPUs on one of
 * them. Door: for whoever lists them in another way.
 */
export function narrowedJobs(scope: Scope, asked: JobFilters): SQL | undefined {
  const { teamId, status, provider, gpuType, modelName, source, importId, q } = asked
  const window = windowOf(asked)
  const ended = sql`coalesce(${jobs.endedAtMs}, iif(${jobs.status} = 'running', ${BigInt(scope.now())}, ${jobs.startedAtMs}))`
  const imported = importId === undefined ? null : (rowOf('imp', importId) ?? 0)
  return and(
    ofVisibleTeams(scope, jobs.teamId),
    teamId && inArray(jobs.teamId, teamId),
    status && inArray(jobs.status, status),
    provider && ofPools(inArray(pools.provider, provider)),
    gpuType && ofPools(inArray(pools.gpuType, gpuType)),
    modelName && inArray(jobs.modelName, modelName),
    source === undefined ? undefined : eq(jobs.source, source),
    imported === null ? undefined : or(eq(jobs.createdBy, imported), eq(jobs.changedBy, imported)),
    q ? or(holds(jobs.jobId, q), holds(jobs.jobName, q)) : undefined,
    window ? lt(jobs.startedAtMs, startOf(window.before)) : undefined,
    window ? sql`${ended} >= ${BigInt(startOf(window.from))}` : undefined,
  )
}

function ofPools(which: SQL): SQL {
  return sql`${jobs.poolId} in (select ${pools.id} from ${pools} where ${which})`
}

function holds(column: typeof jobs.jobId | typeof jobs.jobName, q: string): SQL {
  return sql`${column} like ${`%${q.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}
