import { JOB_STATUSES, type JobStatus } from '../../../db/schema/jobs.ts'
import { MOST_GPUS, normalName, readGpuMilli } from '../../../db/units/gpu.ts'
import { DAY_MS, type EpochMs, parseInstant } from '../../../db/units/time.ts'
import { RESERVED, RESERVED_WORDS } from '../../reserved-names.ts'
import { isVisible } from '../../visible-text.ts'
import { milliOfMig, milliOfReplica } from './gpu-parts.ts'
import { type JobDraft, quoted, type Refused, refuse } from './importer.ts'

/** The columns of the documented job formats, a number as itself or as its text; undefined: the row has no such field. */
export type JobRow = {
  job_id?: unknown
  team_name?: unknown
  model_name?: unknown
  provider?: unknown
  gpu_type?: unknown
  /** GPUs, or with one of the three below that many of such parts. */
  gpu_count?: unknown
  /** Thousandths of each GPU, as Kubernetes shares write it. */
  gpu_milli?: unknown
  /** A MIG slice of `gpu_type`, such as 1g.10gb. */
  mig_profile?: unknown
  /** How many share each GPU by turns. */
  gpu_replicas?: unknown
  start_time?: unknown
  end_time?: unknown
  status?: unknown
  user_name?: unknown
  job_name?: unknown
  /** Tells the runs of one job id apart. */
  run?: unknown
}

/** A longer job is a typing error, and each of its days is a row. */
const MOST_JOB_DAYS = 5 * 366
const statuses = new Set<string>(JOB_STATUSES)

/** One row of a documented job file. `gpu_count` 1 if absent, and only with 0 is there no type; an end is needed unless the job is pending or running. */
export function readJobRow(line: number, row: JobRow): JobDraft | Refused {
  const bad = (column: string, code: string, message: string) => refuse(line, column, code, message)
  const jobId = nameOf(row.job_id)
  const teamName = nameOf(row.team_name)
  const modelName = nameOf(row.model_name)
  const provider = normalName(nameOf(row.provider))
  const gpuType = normalName(nameOf(row.gpu_type))
  const status = normalName(nameOf(row.status))
  if (jobId === '' || jobId.length > 200) return bad('job_id', 'missing', 'a job id of 1 to 200 characters is needed')
  if (teamName === '' || teamName.length > 200)
    return bad('team_name', 'missing', 'a team of 1 to 200 characters is needed')
  if (provider === '' || provider.length > 100)
    return bad('provider', 'missing', 'a provider of 1 to 100 characters is needed')
  const run = nameOf(row.run)
  if (run.length > 200) return bad('run', 'too_long', 'a run has at most 200 characters')
  if (modelName.length > 200) return bad('model_name', 'too_long', 'a model name has at most 200 characters')
  if (!statuses.has(status))
    return bad('status', 'bad_status', `expected one of ${JOB_STATUSES.join(', ')}, found ${quoted(row.status ?? '')}`)
  const gpuMilli = readGpuMilli(nameOf(row.gpu_count) || '1')
  if (gpuMilli === null || gpuMilli > MOST_GPUS * 1000)
    return bad(
      'gpu_count',
      'bad_gpu_count',
      `expected a number of GPUs such as 8 or 0.25, found ${quoted(row.gpu_count)}`,
    )
  if ((gpuType === '' && gpuMilli > 0) || gpuType.length > 100)
    return bad('gpu_type', 'missing', 'a GPU type of 1 to 100 characters is needed')
  const part = partOf(line, row, gpuType)
  if (typeof part !== 'number') return part
  if (part < 1000 && gpuMilli % 1000 !== 0)
    return bad('gpu_count', 'bad_gpu_count', 'a count of parts of GPUs is a whole number')
  const startedAtMs = instantOf(row.start_time)
  if (startedAtMs === 'bad') return bad('start_time', 'bad_time', badTime(row.start_time))
  const endedAtMs = instantOf(row.end_time)
  if (endedAtMs === 'bad') return bad('end_time', 'bad_time', badTime(row.end_time))
  return begun({
    ...{
      kind: 'job',
      line,
      jobId,
      run,
      teamName,
      modelName,
      provider,
      gpuType,
      gpuMilli: part === 1000 ? gpuMilli : (gpuMilli / 1000) * part,
    },
    ...{ userName: nameOf(row.user_name).slice(0, 200), jobName: nameOf(row.job_name).slice(0, 200) },
    ...{ startedAtMs, endedAtMs, status: status as JobStatus },
  })
}

/** Thousandths of a GPU that each of a row's GPUs is: 1000, or what gpu_milli, or mig_profile and gpu_replicas make of it. */
function partOf(line: number, row: JobRow, gpuType: string): number | Refused {
  const [milli, profile, replicas] = [nameOf(row.gpu_milli), nameOf(row.mig_profile), nameOf(row.gpu_replicas)]
  if (milli !== '') {
    if (profile !== '' || replicas !== '')
      return refuse(
        line,
        'gpu_milli',
        'bad_gpu_milli',
        'gpu_milli says the part already: without mig_profile and gpu_replicas',
      )
    if (/^(?:[1-9]\d{0,2}|1000|0)$/.test(milli)) return Number(milli)
    return refuse(
      line,
      'gpu_milli',
      'bad_gpu_milli',
      `expected thousandths of a GPU up to 1000, found ${quoted(milli)}`,
    )
  }
  const slice = profile === '' ? 1000 : milliOfMig(profile, gpuType)
  if (slice === null)
    return refuse(
      line,
      'mig_profile',
      'bad_mig_profile',
      `expected a MIG profile such as 1g.10gb, found ${quoted(profile)}`,
    )
  const part = replicas === '' ? slice : milliOfReplica(replicas, slice)
  if (part !== null) return part
  return refuse(
    line,
    'gpu_replicas',
    'bad_gpu_replicas',
    `expected how many share a GPU, 1 to 999, found ${quoted(replicas)}`,
  )
}

/** What a job that somebody describes passes, in a documented file or by hand: it says since when it ran. */
export function begun(job: JobDraft): JobDraft | Refused {
  const { line, startedAtMs, status } = job
  if (startedAtMs === null && (status === 'running' || status === 'completed'))
    return refuse(line, 'start_time', 'missing', `a ${status} job needs its start`)
  return finished(job)
}

/** A job of at most five years; a running one counts up to now. */
export function notTooLong(job: JobDraft, now: EpochMs): JobDraft | Refused {
  const { line, startedAtMs, endedAtMs, status } = job
  const end = endedAtMs ?? (status === 'running' ? now : startedAtMs)
  if (startedAtMs === null || end === null || (end - startedAtMs) / DAY_MS <= MOST_JOB_DAYS) return job
  const column = endedAtMs === null ? 'start_time' : 'end_time'
  return refuse(line, column, 'too_long', 'a job of more than five years')
}

/** The checks every source's jobs pass: an end, and that behind the start. A running job has no end yet. */
export function finished(job: JobDraft): JobDraft | Refused {
  const { line, startedAtMs, endedAtMs, status } = job
  if (!isVisible(job.jobId)) return refuse(line, 'job_id', 'missing', 'a job id that can be seen is needed')
  if (!isVisible(job.teamName)) return refuse(line, 'team_name', 'missing', 'a team name that can be seen is needed')
  if (RESERVED.test(job.teamName)) return refuse(line, 'team_name', 'reserved', RESERVED_WORDS)
  if (RESERVED.test(job.modelName)) return refuse(line, 'model_name', 'reserved', RESERVED_WORDS)
  if (status === 'running' && endedAtMs !== null)
    return refuse(line, 'end_time', 'running_ended', 'a running job has no end')
  if (startedAtMs === null) return endedAtMs === null ? job : { ...job, endedAtMs: null } // never ran: it held nothing
  if (endedAtMs === null && status !== 'running' && status !== 'pending')
    return refuse(line, 'end_time', 'missing', `a ${status} job needs its end`)
  if (endedAtMs !== null && endedAtMs < startedAtMs)
    return refuse(line, 'end_time', 'end_before_start', 'the end is before the start')
  return job
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? `${value}` : ''
}

function instantOf(value: unknown): EpochMs | null | 'bad' {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return 'bad'
  return value.trim() === '' ? null : (parseInstant(value.trim()) ?? 'bad')
}

function badTime(value: unknown): string {
  return `expected a time such as 2026-01-31T10:00:00Z, found ${quoted(value)}`
}
