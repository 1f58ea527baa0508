import type { JobStatus } from '../../../db/schema/jobs.ts'
import { normalName } from '../../../db/units/gpu.ts'
import { type EpochMs, parseInstant } from '../../../db/units/time.ts'
import { CsvReader, columnsOf } from './csv.ts'
import { brokenQuotes } from './csv-rows.ts'
import { quoted, type Reader, type ReadOptions, type Row, refuse, type TextImporter, wrongFormat } from './importer.ts'
import { finished } from './job-row.ts'

const NEEDED = ['State', 'Start', 'End', 'AllocTRES'] as const
const EXPECTED = 'the output of sacct --parsable2 with its header: JobID|…|State|…|Start|End|…|AllocTRES|…'
const LONGEST_HEAD = 65_536

/**
 * `sacct -P` (slurm.schedmd.com/sacct.html, 26.11). One line per job; steps (`123.batch`) repeat their job's GPUs and
 * are skipped. Times have no zone and are taken as UTC. GPUs come from AllocTRES, where `gres/gpu:a100=2` and
 * `gres/gpu=2` are the same two. A requeued job is one run per start. The account is the team.
 */
export const slurmSacct: TextImporter = {
  id: 'slurm-sacct',
  label: 'Slurm: sacct --parsable2',
  kind: 'jobs',
  accept: '.psv,.txt,.csv,.log,.gz',
  defaultSource: 'slurm',
  isBill: false,
  recognises: (head) => {
    const columns = columnsOf((head.trimStart().split('\n', 1)[0] ?? '').split(delimiterOf(head)))
    const isOurs = hasJobId(columns) && NEEDED.every((name) => columns.has(name.toLowerCase()))
    return isOurs ? `its header names JobID, ${NEEDED.join(', ')}` : null
  },
  open: (options) => new SacctReader(options),
}

class SacctReader implements Reader {
  private head = ''
  private csv: CsvReader | null = null
  private columns: Map<string, number> | null = null
  private width = 0
  private readonly options: ReadOptions

  constructor(options: ReadOptions) {
    this.options = options
  }

  push(text: string): Row[] {
    if (this.csv) return this.rows(this.csv.push(text))
    this.head += text
    if (!this.head.trimStart().includes('\n') && this.head.length < LONGEST_HEAD) return []
    return this.start()
  }

  end(): Row[] {
    const rows = this.csv ? [] : this.start()
    for (const row of this.rows(this.csv?.end() ?? [])) rows.push(row)
    if (!this.columns) throw wrongFormat(`expected ${EXPECTED}; the file is empty`)
    return rows
  }

  private start(): Row[] {
    this.csv = new CsvReader({ delimiter: delimiterOf(this.head), quotes: false })
    return this.rows(this.csv.push(this.head))
  }

  private rows(records: { line: number; fields: string[] | null }[]): Row[] {
    const rows: Row[] = []
    for (const { line, fields } of records) {
      if (!this.columns) this.readHeader(fields ?? [])
      else rows.push(fields ? this.row(line, fields) : brokenQuotes(line))
    }
    return rows
  }

  private readHeader(fields: string[]): void {
    const columns = columnsOf(fields)
    const missing: string[] = NEEDED.filter((name) => !columns.has(name.toLowerCase()))
    if (!hasJobId(columns)) missing.unshift('JobID')
    if (missing.length > 0) throw wrongFormat(`expected ${EXPECTED}; ${missing.join(', ')} missing`)
    this.columns = columns
    this.width = fields.length
  }

  private row(line: number, raw: string[]): Row {
    const fields = this.unsplit(raw)
    if (!fields) return refuse(line, null, 'field_count', `expected ${this.width} fields, found ${raw.length}`)
    const get = (name: string) => {
      const index = this.columns?.get(name)
      return index === undefined ? '' : (fields[index] ?? '').trim()
    }
    return jobOf(line, get, this.options)
  }

  /** Only a job's name or comment may hold the delimiter: what is too many belongs to it. Null: cannot be told. */
  private unsplit(fields: string[]): string[] | null {
    const extra = fields.length - this.width
    if (extra === 0) return fields
    if (extra < 0) return null
    for (const name of ['jobname', 'comment']) {
      const at = this.columns?.get(name)
      if (at === undefined) continue
      const joined = [
        ...fields.slice(0, at),
        fields.slice(at, at + extra + 1).join('|'),
        ...fields.slice(at + extra + 1),
      ]
      if (stateOf(joined[this.columns?.get('state') ?? -1] ?? '')) return joined
    }
    return null
  }
}

function jobOf(line: number, get: (name: string) => string, { provider }: ReadOptions): Row {
  const jobId = get('jobid') || get('jobidraw')
  if (jobId === '' || jobId.length > 200)
    return refuse(line, 'JobID', 'missing', 'a job id of 1 to 200 characters is needed')
  if (jobId.includes('.')) return { kind: 'skipped', line }
  const status = stateOf(get('state'))
  if (!status) return refuse(line, 'State', 'bad_status', `unknown state ${quoted(get('state'))}`)
  const tres = gpusOf(get('alloctres'))
  if (!tres) return refuse(line, 'AllocTRES', 'bad_gpu_count', `cannot read the GPUs in ${quoted(get('alloctres'))}`)
  const started = timeOf(get('start'))
  if (started === 'bad') return refuse(line, 'Start', 'bad_time', `expected a time, found ${quoted(get('start'))}`)
  const ended = timeOf(get('end'))
  if (ended === 'bad') return refuse(line, 'End', 'bad_time', `expected a time, found ${quoted(get('end'))}`)
  const startedAtMs = status === 'pending' ? null : started
  const cluster = get('cluster')
  return finished({
    ...{ kind: 'job', line, jobId, status, startedAtMs, endedAtMs: status === 'running' ? null : ended, ...tres },
    run: startedAtMs === null ? cluster : `${cluster}@${new Date(startedAtMs).toISOString()}`,
    teamName: (get('account') || 'unassigned').slice(0, 200).trimEnd(),
    modelName: get('jobname').slice(0, 200),
    provider: normalName((provider || cluster || 'slurm').slice(0, 100)),
  })
}

/** GPUs in a TRES list: the untyped count, else the sum of the typed ones. Null: a count that is no number. */
export function gpusOf(tres: string): { gpuType: string; gpuCount: number } | null {
  let total = 0
  const typed: [string, number][] = []
  for (const item of tres.split(',')) {
    const match = /^gres\/gpu(?::([^=]+))?=(.*)$/.exec(item.trim())
    if (!match) continue
    const [, type, text = ''] = match
    if (!/^\d{1,6}$/.test(text)) return null
    if (type === undefined) total = Number(text)
    else if (Number(text) > 0) typed.push([normalName(type), Number(text)])
  }
  const gpuCount = total > 0 ? total : typed.reduce((sum, [, count]) => sum + count, 0)
  if (gpuCount === 0) return { gpuType: '', gpuCount: 0 }
  // A job on two kinds of GPU belongs to no one pool: "a100+v100" is reported as uncosted time, not charged to either.
  const gpuType = typed
    .map(([type]) => type)
    .sort()
    .join('+')
  return { gpuType: gpuType === '' ? 'unknown' : normalName(gpuType.slice(0, 100)), gpuCount }
}

const STATES: Record<string, JobStatus> = {
  ...{ COMPLETED: 'completed', CD: 'completed' },
  ...{ FAILED: 'failed', F: 'failed', TIMEOUT: 'failed', TO: 'failed', NODE_FAIL: 'failed', NF: 'failed' },
  ...{
    OUT_OF_MEMORY: 'failed',
    OOM: 'failed',
    OUT_OF_ME: 'failed',
    BOOT_FAIL: 'failed',
    BF: 'failed',
    DEADLINE: 'failed',
    DL: 'failed',
  },
  ...{
    CANCELLED: 'cancelled',
    CA: 'cancelled',
    PREEMPTED: 'cancelled',
    PR: 'cancelled',
    REVOKED: 'cancelled',
    RV: 'cancelled',
  },
  ...{ REQUEUED: 'cancelled', RQ: 'cancelled' },
  ...{ RUNNING: 'running', R: 'running', SUSPENDED: 'running', S: 'running', COMPLETING: 'running', CG: 'running' },
  ...{
    CONFIGURING: 'running',
    CF: 'running',
    RESIZING: 'running',
    RS: 'running',
    SIGNALING: 'running',
    STAGE_OUT: 'running',
    STOPPED: 'running',
  },
  ...{
    PENDING: 'pending',
    PD: 'pending',
    REQUEUE_HOLD: 'pending',
    REQUEUE_FED: 'pending',
    SPECIAL_EXIT: 'pending',
    RESV_DEL_HOLD: 'pending',
  },
}

/** "CANCELLED by 1001" and "CANCELLED+" are CANCELLED. Undefined: no state of Slurm's. */
function stateOf(text: string): JobStatus | undefined {
  return STATES[(/^[A-Z_]+/.exec(text.trim().toUpperCase()) ?? [''])[0]]
}

function timeOf(text: string): EpochMs | null | 'bad' {
  if (text === '' || text === 'Unknown' || text === 'None' || text === 'N/A') return null
  return parseInstant(text) ?? 'bad'
}

/** `sacct --delimiter=$'\x1f'` is what we recommend, since a job's name may hold a bar. */
function delimiterOf(head: string): string {
  return (head.trimStart().split('\n', 1)[0] ?? '').includes('\x1f') ? '\x1f' : '|'
}

function hasJobId(columns: Map<string, number>): boolean {
  return columns.has('jobid') || columns.has('jobidraw')
}
