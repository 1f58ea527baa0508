import { expect, test } from 'vitest'
import type { JobDraft, Row } from './importer.ts'
import { gpusOf, slurmSacct } from './slurm-sacct.ts'
import { NOTHING_SAID } from './testing.ts'

const HEADER = 'JobIDRaw|JobID|Cluster|Account|State|Start|End|ElapsedRaw|AllocTRES|JobName'

function read(lines: string[], options: { header?: string; provider?: string } = {}): Row[] {
  const reader = slurmSacct.open({ ...NOTHING_SAID, provider: options.provider ?? '' })
  return [...reader.push(`${[options.header ?? HEADER, ...lines].join('\n')}\n`), ...reader.end()]
}
const jobsOf = (rows: Row[]) => rows.filter((row): row is JobDraft => row.kind === 'job')
const gpuSeconds = (job: JobDraft) => (job.gpuCount * ((job.endedAtMs ?? 0) - (job.startedAtMs ?? 0))) / 1000
const line = (job: Partial<Record<'id' | 'state' | 'start' | 'end' | 'tres' | 'name' | 'elapsed', string>>) =>
  [
    ...[job.id ?? '7', job.id ?? '7', 'atlas', 'ml', job.state ?? 'COMPLETED'],
    ...[job.start ?? '2026-02-01T06:00:00', job.end ?? '2026-02-01T07:30:00', job.elapsed ?? '5400'],
    ...[job.tres ?? 'gres/gpu=1', job.name ?? 'x'],
  ].join('|')

test('typed and untyped TRES are the same GPUs: 2 × 5400 s are 3.0 GPU-hours of an a100', () => {
  const [job] = jobsOf(read([line({ tres: 'billing=8,cpu=8,gres/gpu:a100=2,gres/gpu=2' })]))
  expect(job).toMatchObject({ gpuType: 'a100', gpuCount: 2 })
  expect(gpuSeconds(job as JobDraft) / 3600).toBe(3)
})

test('typed TRES alone are added up, and two models stay two models', () => {
  expect(gpusOf('gres/gpu:a100=2,gres/gpu:v100=1')).toEqual({ gpuType: 'a100+v100', gpuCount: 3 })
  expect(gpusOf('gres/gpu:v100=1,gres/gpu:a100=2,gres/gpu=3')).toEqual({ gpuType: 'a100+v100', gpuCount: 3 })
})

test('TRES without a GPU, without a type, with MIG slices and with what is no number', () => {
  for (const none of [
    '',
    'billing=8,cpu=8,mem=64G,node=1',
    'gres/gpu=0',
    'gres/gpumem=7954688K,gres/gpuutil=54',
    'gres/shard=4',
  ])
    expect([none, gpusOf(none)]).toEqual([none, { gpuType: '', gpuCount: 0 }])
  expect(gpusOf('gres/gpu=4')).toEqual({ gpuType: 'unknown', gpuCount: 4 })
  expect(gpusOf('gres/gpu:A100=1')).toEqual({ gpuType: 'a100', gpuCount: 1 })
  expect(gpusOf('gres/gpu:1g.10gb=2,gres/gpu=2')).toEqual({ gpuType: '1g.10gb', gpuCount: 2 })
  for (const bad of ['gres/gpu=two', 'gres/gpu=-1', 'gres/gpu=1.5', 'gres/gpu=', 'gres/gpu:a100=9999999'])
    expect([bad, gpusOf(bad)]).toEqual([bad, null])
  const long = gpusOf(`gres/gpu:${'x'.repeat(99)} y=1`) // cut to 100, where a blank would be the last character
  expect(long?.gpuType).toBe('x'.repeat(99))
})

test('a requeued job is one run per start: 2 × 1 h × 4 GPUs are 8 GPU-hours', () => {
  const jobs = jobsOf(
    read([
      line({ state: 'REQUEUED', start: '2026-02-01T01:00:00', end: '2026-02-01T02:00:00', tres: 'gres/gpu=4' }),
      line({ start: '2026-02-01T03:00:00', end: '2026-02-01T04:00:00', tres: 'gres/gpu=4' }),
    ]),
  )
  expect(jobs.map(({ jobId, run }) => [jobId, run])).toEqual([
    ['7', 'atlas@2026-02-01T01:00:00.000Z'],
    ['7', 'atlas@2026-02-01T03:00:00.000Z'],
  ])
  expect(jobs.reduce((sum, job) => sum + gpuSeconds(job), 0) / 3600).toBe(8)
})

test('Elapsed is not used: the times count, whatever it says', () => {
  for (const elapsed of ['1-02:03:04', '05:06', '0', '', 'nonsense']) {
    const [job] = jobsOf(read([line({ elapsed })]))
    expect([elapsed, gpuSeconds(job as JobDraft)]).toEqual([elapsed, 5400])
  }
})

test('times have no zone and are UTC, whatever zone the machine is in', () => {
  expect(process.env.TZ).toBe('Pacific/Auckland')
  const [job] = jobsOf(read([line({})]))
  expect(job?.startedAtMs).toBe(Date.UTC(2026, 1, 1, 6))
})

test('every state of Slurm is one of ours, long, short, with a name behind it or cut off', () => {
  const states: Record<string, string[]> = {
    completed: ['COMPLETED', 'CD'],
    failed: [
      'FAILED',
      'F',
      'TIMEOUT',
      'TO',
      'NODE_FAIL',
      'NF',
      'OUT_OF_MEMORY',
      'OUT_OF_ME+',
      'OOM',
      'BOOT_FAIL',
      'BF',
    ],
    cancelled: [
      'CANCELLED',
      'CANCELLED by 1001',
      'CANCELLED+',
      'CA',
      'PREEMPTED',
      'PR',
      'REVOKED',
      'RV',
      'REQUEUED',
      'RQ',
    ],
    running: ['RUNNING', 'R', 'SUSPENDED', 'S', 'COMPLETING', 'CG', 'RESIZING', 'RS'],
    pending: ['PENDING', 'PD'],
  }
  for (const [status, names] of Object.entries(states))
    for (const state of names) expect([state, jobsOf(read([line({ state })]))[0]?.status]).toEqual([state, status])
  for (const state of ['', 'DONE', '__proto__', 'CONSTRUCTOR', '42'])
    expect([state, read([line({ state })])[0]]).toMatchObject([state, { code: 'ingest.bad_status', column: 'State' }])
})

test('steps are skipped, arrays and heterogeneous jobs are jobs, a running job has no end, a pending one no start', () => {
  const rows = read([
    line({ id: '7.batch' }),
    line({ id: '7.extern' }),
    line({ id: '7.0' }),
    line({ id: '8_4' }),
    line({ id: '9+0' }),
    line({ id: '10_[1-3]', state: 'PENDING', start: 'Unknown', end: 'Unknown', tres: '' }),
    line({ id: '11', state: 'RUNNING', end: 'Unknown' }),
    line({ id: '12', state: 'CANCELLED by 0', start: 'None' }),
  ])
  expect(rows.map(({ kind }) => kind)).toEqual(['skipped', 'skipped', 'skipped', 'job', 'job', 'job', 'job', 'job'])
  const [array, het, waits, runs, never] = jobsOf(rows)
  expect([array?.jobId, het?.jobId, waits?.jobId]).toEqual(['8_4', '9+0', '10_[1-3]'])
  expect(waits).toMatchObject({ startedAtMs: null, endedAtMs: null, gpuCount: 0, run: 'atlas' })
  expect(runs).toMatchObject({ status: 'running', endedAtMs: null })
  expect(never).toMatchObject({ startedAtMs: null, endedAtMs: null })
})

test('a bar in a job name is part of the name, last or not; in any other field it refuses the row', () => {
  expect(jobsOf(read([line({ name: 'a|b||c' })]))[0]?.modelName).toBe('a|b||c')
  const header = 'JobID|JobName|State|Start|End|AllocTRES|Account'
  const row = '7|a|b|COMPLETED|2026-02-01T06:00:00|2026-02-01T07:30:00|gres/gpu=1|ml'
  expect(jobsOf(read([row], { header }))[0]).toMatchObject({ modelName: 'a|b', teamName: 'ml', gpuCount: 1 })
  const noName = 'JobID|State|Start|End|AllocTRES|Account'
  expect(read(['7|COMPLETED|2026-02-01|2026-02-01|gres/gpu=1|m|l'], { header: noName })[0]).toMatchObject({
    code: 'ingest.field_count',
  })
})

test('the recommended delimiter and the trailing bar of sacct -p are read', () => {
  const unit = (text: string) => text.replaceAll('|', '\x1f')
  expect(jobsOf(read([unit(line({ name: 'x' }))], { header: unit(HEADER) }))).toHaveLength(1)
  expect(jobsOf(read([`${line({ name: 'a' })}|`], { header: `${HEADER}|` }))[0]?.modelName).toBe('a')
})

test('the account is the team; the provider is the sender’s word, else the cluster, else slurm', () => {
  expect(jobsOf(read([line({})]))[0]).toMatchObject({ teamName: 'ml', provider: 'atlas' })
  expect(jobsOf(read([line({})], { provider: 'aws' }))[0]?.provider).toBe('aws')
  const header = 'JobID|State|Start|End|AllocTRES'
  const [job] = jobsOf(read(['7|COMPLETED|2026-02-01|2026-02-01|'], { header }))
  expect(job).toMatchObject({ teamName: 'unassigned', provider: 'slurm', modelName: '' })
  const cut = `${'x'.repeat(99)} y`
  const clustered = jobsOf(read([`7|7|${cut}|${'t'.repeat(199)} u|CD|2026-02-01|2026-02-01|1||n`]))[0]
  expect([clustered?.provider.length, clustered?.teamName.length]).toEqual([99, 199]) // no blank at the end
})
