import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gpuSecondsOfMs, gpusOfMilli } from '../../db/units/gpu.ts'
import { idText } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { GpuTime, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { Paging, TablePaging } from '../input-fields.ts'
import { Job } from '../jobs/job.ts'
import type { Scope } from '../scope.ts'
import { inWindow, isByOwner, ofPools } from './conditions.ts'
import { breadthOf, jobParts, requireFiltersOfJobs } from './job-parts.ts'
import type { Cell, Row } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import { leftOverPart } from './pools-part.ts'
import { sumOf } from './spend-by.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import { COST_KINDS, type Question, questionWith } from './window.ts'

export const JOB_ORDERS = ['cost', 'gpu_hours', 'start', 'end'] as const
type JobOrder = (typeof JOB_ORDERS)[number]

const Ordering = { sort: z.enum(JOB_ORDERS).default('cost'), order: z.enum(['asc', 'desc']).default('desc') }
export const JobsCostQuestion = questionWith({ ...Paging, ...Ordering })
/** The same in larger pages. */
export const JobsCostTableQuestion = questionWith({ ...TablePaging, ...Ordering })

/** One job's part of the window. */
export const JobCost = Job.omit({ sourceTeamName: true }).extend({
  totalCostNanoUsd: Usd,
  gpuSeconds: GpuTime.describe('Held in the window'),
  uncostedGpuSeconds: GpuTime.describe(
    'Of them, GPU-hours whose cost is not known: nothing was billed, or on the usage basis the capacity is unknown',
  ),
})
export type JobCost = z.output<typeof JobCost>

/** Σ of all pages = `jobsCostNanoUsd`; with the costs of no job it sums to `totalCostNanoUsd`. */
export const JobsCost = PageOf('jobs', JobCost).extend({
  pageCostNanoUsd: Usd.describe('Of the jobs on this page'),
  jobsCostNanoUsd: Usd.describe('Of all jobs'),
  waitingCostNanoUsd: Usd.describe('Of jobs that changed a moment ago, until their days are shared again'),
  assignedCostNanoUsd: Usd.describe('What rules gave to teams without a job'),
  idleCostNanoUsd: Usd.nullable().describe('Null, as the next two: the company’s, not the asker’s'),
  unmeasuredCostNanoUsd: Usd.nullable(),
  unallocatedCostNanoUsd: Usd.nullable(),
  totalCostNanoUsd: Usd.describe('Of the question: what every other list says'),
  basis: z.enum(['allocation', 'usage']).describe('Exposure does not add up and is answered as allocation'),
  cost: z.enum(COST_KINDS),
})
export type JobsCost = z.output<typeof JobsCost>

/**
 * What each job cost in the window, dearest first or in another order (equal ones by their number), and what no job was
 * charged. Totals are those of the whole question and equal every other list's. A job that ran where nothing was billed is
 * there with 0 and its GPU time.
 *
 * @throws HelioxError what `visibleQuestion` and `requireFiltersOfJobs` throw
 */
export async function costByJob(
  scope: Scope,
  asked: Question & { skip: number; limit: number; sort: JobOrder; order: 'asc' | 'desc' },
): Promise<JobsCost> {
  const basis = asked.basis === 'usage' ? 'usage' : 'allocation'
  const question = visibleQuestion(scope, { ...asked, basis } as const)
  requireFiltersOfJobs(question)
  const [breadth] = await scope.db.all<{ owners: bigint; pools: bigint }>(breadthOf(question))
  const parts = jobParts(question, { owners: Number(breadth?.owners ?? 0n), pools: Number(breadth?.pools ?? 0n) })
  const owned = ownersPart(question, { time: null, names: ['model'] })
  const left = isByOwner(question) ? null : leftOverPart(question, { time: null, names: ['model'] })
  const answers = await readBatch(scope.db, [
    pageStatement(parts, asked),
    waitingStatement(question, parts),
    ...owned.statements,
    ...(left?.statements ?? []),
  ])
  const rowsOf = (at: number) => (answers[at]?.rows ?? []) as unknown as Row[]
  const cells = owned.read([rowsOf(2)])
  const others = [...cells.filter(({ kind }) => kind !== 'owner'), ...(left?.read([rowsOf(3)]) ?? [])]
  const ofJobs = cells.filter(({ kind }) => kind === 'owner')
  const shared = rowsOf(1)[0]?.cost as bigint | null | undefined
  const jobsCost = nanoUsd(shared ?? sumOf(ofJobs))
  const of = (kind: Cell['kind']) => sumOf(others.filter((cell) => cell.kind === kind))
  const jobs = rowsOf(0).map(jobOf)
  return {
    ...pageOf(
      'jobs',
      jobs,
      ofJobs.reduce((sum, { jobCount }) => sum + (jobCount ?? 0), 0),
      asked,
      question.isPartial,
    ),
    pageCostNanoUsd: nanoUsd(jobs.reduce((sum, { totalCostNanoUsd }) => sum + totalCostNanoUsd, 0n)),
    jobsCostNanoUsd: jobsCost,
    waitingCostNanoUsd: nanoUsd(sumOf(ofJobs) - jobsCost),
    assignedCostNanoUsd: of('assigned'),
    idleCostNanoUsd: question.isPartial ? null : of('idle'),
    unmeasuredCostNanoUsd: question.isPartial ? null : of('unmeasured'),
    unallocatedCostNanoUsd: question.isPartial ? null : of('unallocated'),
    totalCostNanoUsd: sumOf([...ofJobs, ...others]),
    ...{ basis, cost: question.cost },
  }
}

const ORDERED = { cost: 'x.cost', gpu_hours: 'x.gpu_ms', start: 'j.started_at_ms', end: 'j.ended_at_ms' } as const

function pageStatement(parts: SQL, { skip, limit, sort, order }: Parameters<typeof costByJob>[1]): SQL {
  const ordered = sql.raw(`${ORDERED[sort]} ${order}, x.job_id ${order === 'desc' ? 'asc' : 'desc'}`)
  // Ordered by what the sum knows, only the page's jobs are looked up.
  const isSum = sort === 'cost' || sort === 'gpu_hours'
  const page = sql`order by ${ordered} limit ${BigInt(limit)} offset ${BigInt(skip)}`
  const summed = sql`select x.job_id, sum(coalesce(x.cost, 0)) as cost, sum(x.gpu_ms) as gpu_ms,
    sum(iif(x.cost is null, x.gpu_ms, 0)) as uncosted from (${parts}) x group by x.job_id`
  return sql`select x.*, j.id, j.source, j.job_id as name, j.run, j.team_id, t.name as team, j.model_name, p.provider,
      p.gpu_type, j.user_name, j.job_name, j.gpu_milli, j.started_at_ms, j.ended_at_ms, j.status
    from (${isSum ? sql`select x.* from (${summed}) x ${page}` : summed}) x join jobs j on j.id = x.job_id
      join teams t on t.id = j.team_id join pools p on p.id = j.pool_id
    ${isSum ? sql`order by ${ordered}` : page}`
}

/** Σ of the jobs' shares where days wait to be shared: null elsewhere, since cells say the same without reading jobs. */
function waitingStatement(question: Visible, parts: SQL): SQL {
  return sql`select iif(exists (select 1 from pool_days d join pools p on p.id = d.pool_id
      where d.is_stale = 1 and ${inWindow(question, 'd.day')} and ${ofPools(question)}),
    (select coalesce(sum(x.cost), 0) from (${parts}) x), null) as cost`
}

function jobOf(row: Row): JobCost {
  const instant = (value: unknown) => (value === null ? null : (Number(value) as EpochMs))
  return {
    ...{
      id: idText('job', row.id as bigint),
      source: String(row.source),
      jobId: String(row.name),
      run: String(row.run),
    },
    ...{ teamId: idText('team', row.team_id as bigint), teamName: String(row.team), modelName: String(row.model_name) },
    ...{ userName: String(row.user_name), jobName: String(row.job_name) },
    ...{
      provider: String(row.provider),
      gpuType: String(row.gpu_type),
      gpuCount: gpusOfMilli(row.gpu_milli as bigint),
    },
    ...{
      startedAtMs: instant(row.started_at_ms),
      endedAtMs: instant(row.ended_at_ms),
      status: row.status as JobCost['status'],
    },
    totalCostNanoUsd: row.cost as NanoUsd,
    gpuSeconds: gpuSecondsOfMs(row.gpu_ms as bigint),
    uncostedGpuSeconds: gpuSecondsOfMs(row.uncosted as bigint),
  }
}
