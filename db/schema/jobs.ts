import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { JobStatus } from '../units/job-statuses.ts'
import { idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { pools } from './pools.ts'
import { teams } from './teams.ts'

export { JOB_STATUSES, type JobStatus } from '../units/job-statuses.ts'

/** One run of one scheduler job. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: idColumn('job'),
    /** Which scheduler the id comes from; '' for the documented files, which know only one. */
    source: text('source').notNull().default(''),
    /** The source's own id. */
    jobId: text('job_id').notNull(),
    /** Tells the runs of one job id apart where the source reuses it (a requeued Slurm job); '' elsewhere. */
    run: text('run').notNull().default(''),
    teamId: idRefColumn('team', 'team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    modelName: text('model_name').notNull().default(''),
    poolId: intColumn('pool_id')
      .notNull()
      .references(() => pools.id),
    /** GPUs held, in thousandths: half a GPU is 500. */
    gpuMilli: intColumn('gpu_milli').notNull().default(sql`1000`),
    /** Who ran it and what they called it, as the scheduler says; '' where it does not. Rules give jobs to teams by them. */
    userName: text('user_name').notNull().default(''),
    jobName: text('job_name').notNull().default(''),
    /** The team that the file named, where a rule gave the job to another; null: `team_id` is it. */
    sourceTeamId: idRefColumn('team', 'source_team_id'),
    /** Null: not started. */
    startedAtMs: instantColumn('started_at_ms'),
    /** Null: not ended; counts up to now if the job runs. */
    endedAtMs: instantColumn('ended_at_ms'),
    status: text('status').$type<JobStatus>().notNull(),
    // Import ids that brought the job and last changed it. Plain numbers, as in cost_entries.
    createdBy: intColumn('created_by').notNull().default(sql`0`),
    changedBy: intColumn('changed_by').notNull().default(sql`0`),
  },
  (t) => [
    uniqueIndex('jobs_key').on(t.jobId, t.source, t.run), // the job of a row in a file
    index('jobs_team_idx').on(t.teamId), // a team's jobs; a team's removal
    index('jobs_running_idx').on(t.startedAtMs).where(sql`status = 'running'`), // whose days grow with the clock
    check('jobs_status_ck', sql`${t.status} in ('pending', 'running', 'completed', 'failed', 'cancelled')`),
    check('jobs_gpu_milli_ck', sql`${t.gpuMilli} >= 0`),
    check('jobs_order_ck', sql`${t.endedAtMs} >= ${t.startedAtMs}`),
  ],
)
