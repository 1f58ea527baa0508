import { normalName } from '../../../db/units/gpu.ts'
import { type JobDraft, quoted, type ReadOptions, type Refused, refuse, type Skipped } from './importer.ts'
import { finished } from './job-row.ts'
import type { InstantsAt } from './local-time.ts'
import { gpusOf, gpusOfGres, type SlurmGpus, type SlurmType } from './slurm-gpus.ts'
import { slurmState } from './slurm-states.ts'
import { runTimes, slurmSeconds, slurmTime } from './slurm-times.ts'

/** A cell of a row by the column's name in small letters, trimmed; '' where the file has no such column. */
export type SlurmCells = (name: string) => string

/** What reading a row needs beside it. */
export type SlurmReading = Pick<ReadOptions, 'provider'> & {
  instantsAt: InstantsAt
  typeOf: (name: string) => SlurmType
}

/**
 * The job of one line of sacct, or why it cannot be one; a step (`123.batch`) repeats its job's GPUs and is skipped.
 *
 * The run is told by SLUID, which Slurm gives each run, else by its start: a requeued job is one run per start. A job that
 * waits has no run of its own. An end that the file leaves out is the start plus the time elapsed. A row that is still
 * under way but has an end (`sacct -T`, a resized job) is the part up to there.
 */
export function slurmJob(line: number, cell: SlurmCells, reading: SlurmReading): JobDraft | Refused | Skipped {
  const jobId = cell('jobid') || cell('jobidraw')
  if (jobId === '' || jobId.length > 200)
    return refuse(line, 'JobID', 'missing', 'a job id of 1 to 200 characters is needed')
  if (jobId.includes('.')) return { kind: 'skipped', line }
  const state = slurmState(cell('state'))
  if (!state) return refuse(line, 'State', 'bad_status', `unknown state ${quoted(cell('state'))}`)
  const gpus = gpusIn(cell, reading.typeOf)
  if ('column' in gpus)
    return refuse(line, gpus.column, 'bad_gpu_count', `cannot read the GPUs in ${quoted(gpus.text)}`)
  const starts = slurmTime(cell('start'), reading.instantsAt)
  if (!starts) return refuse(line, 'Start', 'bad_time', `expected a time, found ${quoted(cell('start'))}`)
  const ends = slurmTime(cell('end'), reading.instantsAt)
  if (!ends) return refuse(line, 'End', 'bad_time', `expected a time, found ${quoted(cell('end'))}`)
  const lengthSeconds = lengthOf(cell)
  const isDone = state !== 'running' && state !== 'pending'
  const times = runTimes(starts, ends, lengthSeconds)
  const startedAtMs = state === 'pending' ? null : times.startedAtMs
  const isCut = isDone && times.endedAtMs === null && startedAtMs !== null && lengthSeconds !== null
  const endedAtMs = isCut ? ((startedAtMs + lengthSeconds * 1000) as typeof startedAtMs) : times.endedAtMs
  const status = state === 'running' && startedAtMs !== null && endedAtMs !== null ? 'completed' : state
  const cluster = cell('cluster')
  const sluid = cell('sluid')
  return finished({
    ...{ kind: 'job', line, jobId, status, startedAtMs, endedAtMs: status === 'running' ? null : endedAtMs },
    ...{ gpuType: gpus.gpuType, gpuMilli: gpus.gpuMilli, userName: cell('user').slice(0, 200) },
    jobName: cell('jobname').slice(0, 200),
    run: runOf(cluster, NAMED.test(sluid) ? sluid : startedAtMs && new Date(startedAtMs).toISOString()),
    teamName: (cell('account') || 'unassigned').slice(0, 200).trimEnd(),
    modelName: cell('jobname').slice(0, 200),
    provider: normalName((reading.provider || cluster || 'slurm').slice(0, 100)),
  })
}

/** Not "Unknown", "0" or "None". */
const NAMED = /^s?[0-9A-Z]{6,40}$/

/** Without a name of its own a run is the cluster's waiting one. */
function runOf(cluster: string, name: string | null): string {
  return (name === null ? cluster : `${cluster.slice(0, 150)}@${name}`).slice(0, 200)
}

/** Seconds from start to end: Slurm takes suspended time off what it calls elapsed. Null: the row does not say. */
function lengthOf(cell: SlurmCells): number | null {
  const elapsed = slurmSeconds(cell('elapsedraw')) ?? slurmSeconds(cell('elapsed'))
  return elapsed === null ? null : elapsed + (slurmSeconds(cell('suspended')) ?? 0)
}

/** From AllocTRES, else from the columns of old Slurm; what was asked for counts per node, and only where nothing says what was given. */
function gpusIn(cell: SlurmCells, typeOf: (name: string) => SlurmType): SlurmGpus | { column: string; text: string } {
  const tres = cell('alloctres')
  const allocated = cell('allocgres')
  if (tres !== '' || allocated === '') {
    const asked = tres === '' ? cell('reqgres') : ''
    if (asked === '') return gpusOf(tres, typeOf) ?? { column: 'AllocTRES', text: tres }
    const each = gpusOfGres(asked, typeOf)
    const nodes = /^[1-9]\d{0,5}$/.test(cell('nnodes')) ? Number(cell('nnodes')) : 1
    return each ? { ...each, gpuMilli: each.gpuMilli * nodes } : { column: 'ReqGRES', text: asked }
  }
  return gpusOfGres(allocated, typeOf) ?? { column: 'AllocGRES', text: allocated }
}
