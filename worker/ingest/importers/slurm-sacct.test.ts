import { expect, test } from 'vitest'
import type { JobDraft, Row } from './importer.ts'
import { gpusOf } from './slurm-gpus.ts'
import { slurmSacct } from './slurm-sacct.ts'
import { slurmSeconds } from './slurm-times.ts'
import { NOTHING_SAID } from './testing.ts'

const HEADER = 'JobIDRaw|JobID|Cluster|Account|State|Start|End|ElapsedRaw|AllocTRES|JobName'

function read(lines: string[], options: { header?: string; provider?: string; timeZone?: string } = {}): Row[] {
  const { provider = '', timeZone = '' } = options
  const reader = slurmSacct.open({ ...NOTHING_SAID, provider, timeZone })
  return [...reader.push(`${[options.header ?? HEADER, ...lines].join('\n')}\n`), ...reader.end()]
}
const jobsOf = (rows: Row[]) => rows.filter((row): row is JobDraft => row.kind === 'job')
const gpuSeconds = (job: JobDraft) => (job.gpuMilli * ((job.endedAtMs ?? 0) - (job.startedAtMs ?? 0))) / 1_000_000
const line = (job: Partial<Record<'id' | 'state' | 'start' | 'end' | 'tres' | 'name' | 'elapsed', string>>) =>
  [
    ...[job.id ?? '7', job.id ?? '7', 'atlas', 'ml', job.state ?? 'COMPLETED'],
    ...[job.start ?? '2026-02-01T06:00:00', job.end ?? '2026-02-01T07:30:00', job.elapsed ?? '5400'],
    ...[job.tres ?? 'gres/gpu=1', job.name ?? 'x'],
  ].join('|')

test('typed and untyped TRES are the same GPUs: 2 × 5400 s are 3.0 GPU-hours of an a100', () => {
  const [job] = jobsOf(read([line({ tres: 'billing=8,cpu=8,gres/gpu:a100=2,gres/gpu=2' })]))
  expect(job).toMatchObject({ gpuType: 'a100', gpuMilli: 2000 })
  expect(gpuSeconds(job as JobDraft) / 3600).toBe(3)
})

test('typed TRES alone are added up, and two models stay two models', () => {
  expect(gpusOf('gres/gpu:a100=2,gres/gpu:v100=1')).toEqual({ gpuType: 'a100+v100', gpuMilli: 3000 })
  expect(gpusOf('gres/gpu:v100=1,gres/gpu:a100=2,gres/gpu=3')).toEqual({ gpuType: 'a100+v100', gpuMilli: 3000 })
})

test('TRES without a GPU, without a type, with MIG slices and with what is no number', () => {
  for (const none of [
    '',
    'billing=8,cpu=8,mem=64G,node=1',
    'gres/gpu=0',
    'gres/gpumem=7954688K,gres/gpuutil=54',
    'gres/shard=4',
  ])
    expect([none, gpusOf(none)]).toEqual([none, { gpuType: '', gpuMilli: 0 }])
  expect(gpusOf('gres/gpu=4')).toEqual({ gpuType: 'unknown', gpuMilli: 4000 })
  expect(gpusOf('gres/gpu:A100=1')).toEqual({ gpuType: 'a100', gpuMilli: 1000 })
  expect(gpusOf('gres/gpu:1g.10gb=2,gres/gpu=2')).toEqual({ gpuType: '1g.10gb', gpuMilli: 2000 })
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

test('Elapsed is not used where both times are clear: they count, whatever it says', () => {
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
      'DEADLINE',
      'DL',
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
    running: ['RUNNING', 'R', 'SUSPENDED', 'S', 'COMPLETING', 'CG', 'RESIZING', 'RS', 'CONFIGURING', 'CF', 'STOPPED'],
    pending: ['PENDING', 'PD', 'REQUEUE_HOLD', 'SPECIAL_EXIT'],
  }
  for (const [status, names] of Object.entries(states))
    for (const state of names) {
      const end = status === 'running' ? 'Unknown' : undefined
      expect([state, jobsOf(read([line({ state, ...(end && { end }) })]))[0]?.status]).toEqual([state, status])
    }
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
  expect(waits).toMatchObject({ startedAtMs: null, endedAtMs: null, gpuMilli: 0, run: 'atlas' })
  expect(runs).toMatchObject({ status: 'running', endedAtMs: null })
  expect(never).toMatchObject({ startedAtMs: null, endedAtMs: null })
})

test('a bar in a job name is part of the name, last or not; in any other field it refuses the row', () => {
  expect(jobsOf(read([line({ name: 'a|b||c' })]))[0]?.modelName).toBe('a|b||c')
  const header = 'JobID|JobName|State|Start|End|AllocTRES|Account'
  const row = '7|a|b|COMPLETED|2026-02-01T06:00:00|2026-02-01T07:30:00|gres/gpu=1|ml'
  expect(jobsOf(read([row], { header }))[0]).toMatchObject({ modelName: 'a|b', teamName: 'ml', gpuMilli: 1000 })
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

test('Elapsed is read in all its forms: 1-02:03:04 is 93,784 s and 05:06 is 306 s', () => {
  for (const [text, seconds] of [
    ...([['1-02:03:04', 93_784] as const, ['05:06', 306] as const, ['02:03:04', 7384] as const] as const),
    ...([['00:01.250', 1] as const, ['5400', 5400] as const, ['', null] as const, ['5h', null] as const] as const),
  ])
    expect([text, slurmSeconds(text)]).toEqual([text, seconds])
})

test('an end that the file leaves out is the start plus elapsed and suspended time; the GPUs stay the job’s meanwhile', () => {
  const header = 'JobID|State|Start|Elapsed|Suspended|AllocTRES'
  const row = (state: string, elapsed: string) => `7|${state}|2026-02-01T06:00:00|${elapsed}|00:30:00|gres/gpu=2`
  const [job] = jobsOf(read([row('TIMEOUT', '1-00:00:00')], { header }))
  expect(job?.endedAtMs).toBe(Date.UTC(2026, 1, 2, 6, 30))
  expect(jobsOf(read([row('SUSPENDED', '01:00:00')], { header }))[0]).toMatchObject({
    status: 'running',
    endedAtMs: null,
  })
  expect(read([row('FAILED', 'INVALID')], { header })[0]).toMatchObject({ code: 'ingest.missing', column: 'end_time' })
  expect(read([line({ state: 'FAILED', end: 'Unknown', elapsed: '' })])[0]).toMatchObject({ code: 'ingest.missing' })
})

test('a row still under way that has an end is the part up to there: sacct -T, or a job that was resized', () => {
  for (const state of ['RESIZING', 'RUNNING', 'COMPLETING']) {
    const [job] = jobsOf(read([line({ state })]))
    expect([job?.status, gpuSeconds(job as JobDraft)]).toEqual(['completed', 5400])
  }
})

test('times are the cluster’s own clocks where the sender names its zone; one with an offset or in epoch seconds is itself', () => {
  const berlin = { timeZone: 'Europe/Berlin' }
  const [summer] = jobsOf(read([line({ start: '2026-07-01T06:00:00', end: '2026-07-01T07:30:00' })], berlin))
  expect([summer?.startedAtMs, summer?.endedAtMs]).toEqual([Date.UTC(2026, 6, 1, 4), Date.UTC(2026, 6, 1, 5, 30)])
  expect(summer?.run).toBe('atlas@2026-07-01T04:00:00.000Z')
  const [own] = jobsOf(read([line({ start: '2026-07-01T06:00:00+0200', end: '1782883800' })], berlin))
  expect([own?.startedAtMs, own?.endedAtMs]).toEqual([summer?.startedAtMs, summer?.endedAtMs])
})

test('in the hour that clocks show twice, the time elapsed tells which one is meant; without it the earlier', () => {
  // Europe/Berlin, 2026-10-25: 02:30 is 00:30Z and 01:30Z
  const length = (start: string, end: string, elapsed: string) => {
    const [job] = jobsOf(read([line({ start, end, elapsed })], { timeZone: 'Europe/Berlin' }))
    return [new Date(job?.startedAtMs ?? 0).toISOString().slice(11, 16), gpuSeconds(job as JobDraft)]
  }
  expect(length('2026-10-25T01:00:00', '2026-10-25T02:30:00', '5400')).toEqual(['23:00', 5400])
  expect(length('2026-10-25T01:00:00', '2026-10-25T02:30:00', '9000')).toEqual(['23:00', 9000])
  expect(length('2026-10-25T02:30:00', '2026-10-25T04:00:00', '5400')).toEqual(['01:30', 5400])
  expect(length('2026-10-25T02:30:00', '2026-10-25T04:00:00', '9000')).toEqual(['00:30', 9000])
  expect(length('2026-10-25T02:50:00', '2026-10-25T02:10:00', '1200')).toEqual(['00:50', 1200])
  expect(length('2026-10-25T02:10:00', '2026-10-25T02:40:00', '')).toEqual(['00:10', 1800])
  expect(length('2026-10-25T02:50:00', '2026-10-25T02:10:00', '')).toEqual(['00:50', 1200])
  // 2026-03-29: from 01:30 to 03:30 are 60 minutes, and 02:30 is as if 03:30
  expect(length('2026-03-29T01:30:00', '2026-03-29T03:30:00', '3600')).toEqual(['00:30', 3600])
  expect(length('2026-03-29T01:30:00', '2026-03-29T02:30:00', '')).toEqual(['00:30', 3600])
})

test('AllocGRES and ReqGRES of old Slurm are read; what was asked for counts per node, and never beside what was given', () => {
  const old = (columns: string, cells: string) =>
    jobsOf(read([`7|CD|2026-02-01|2026-02-02|${cells}`], { header: `JobID|State|Start|End|${columns}` }))[0]
  for (const [cell, gpuType, gpuCount] of [
    ...([
      ['gpu:2', 'unknown', 2] as const,
      ['gpu:A100:4', 'a100', 4] as const,
      ['gpu', 'unknown', 1] as const,
    ] as const),
    ...([
      ['gres:gpu:2', 'unknown', 2] as const,
      ['7696487:3', 'unknown', 3] as const,
      ['gpu:v100', 'v100', 1] as const,
    ] as const),
    ...([
      ['gpu:a100:2(S:0-1),craynetwork:1', 'a100', 2] as const,
      ['gpu:0', '', 0] as const,
      ['', '', 0] as const,
    ] as const),
  ])
    expect([cell, old('AllocGRES', cell)]).toMatchObject([cell, { gpuType, gpuMilli: gpuCount * 1000 }])
  expect(old('ReqGRES|NNodes', 'gpu:2|4')).toMatchObject({ gpuMilli: 8000 })
  expect(old('AllocTRES|AllocGRES', 'cpu=1,gres/gpu:h100=3|gpu:2')).toMatchObject({ gpuType: 'h100', gpuMilli: 3000 })
  expect(old('AllocTRES|ReqTRES', 'cpu=1|gres/gpu=8')).toMatchObject({ gpuMilli: 0 })
  const header = 'JobID|State|Start|End|AllocGRES'
  expect(read(['7|CD|2026-02-01|2026-02-02|gpu:1.5'], { header })[0]).toMatchObject({ column: 'AllocGRES' })
})

test('shards count as no GPU, a MIG slice that names its GPU is a part of it, and names read off the board become a bill’s', () => {
  const reader = slurmSacct.open(NOTHING_SAID)
  reader.push(`${HEADER}\n${line({ tres: 'cpu=1,gres/shard=4' })}\n${line({ state: 'RUNNING', end: 'Unknown' })}\n`)
  reader.end()
  expect(reader.about?.()).toBe(
    'sacct; 1 still running, counted up to now: send a newer export later; 1 on shards of GPUs, which count as no GPU',
  )
  for (const [tres, gpuType, gpuCount] of [
    ...([
      ['gres/gpu:a100=0,gres/gpu=0', '', 0] as const,
      ['gres/gpu:nvidia_a100-sxm4-80gb=2', 'a100', 2] as const,
    ] as const),
    ...([['gres/gpu:tesla_v100-sxm2-32gb=1', 'v100', 1] as const, ['gres/gpu:tesla_t4=1', 't4', 1] as const] as const),
    ...([
      ['gres/gpu:nvidia_a100_1g.10gb=3', 'a100', 0.426] as const,
      ['gres/gpu:nvidia_a100-sxm4-40gb_3g.20gb=1,gres/gpu=1', 'a100', 0.428] as const,
      ['gres/gpu:a100_1g.5gb=7', 'a100', 0.994] as const,
      ['gres/gpu:a100_7g.40gb=1,gres/gpu:a100=1,gres/gpu=2', 'a100', 2] as const,
      ['gres/gpu:a30_2g.12gb=1', 'a30', 0.5] as const,
      ['gres/gpu:1g.10gb=3', '1g.10gb', 3] as const,
      ['gres/gpu:a100-80gb=1', 'a100-80gb', 1] as const,
    ] as const),
  ])
    expect([tres, jobsOf(read([line({ tres })]))[0]]).toMatchObject([tres, { gpuType, gpuMilli: gpuCount * 1000 }])
})

test('SLUID tells a run where there is one, waiting or started', () => {
  const header = 'JobID|SLUID|Cluster|State|Start|End|AllocTRES'
  const rows = ['PENDING|Unknown|Unknown|', 'RUNNING|2026-02-01|Unknown|gres/gpu=1'].map(
    (rest) => `7|s1AB2CD3EF4G00|c|${rest}`,
  )
  expect(jobsOf(read(rows, { header })).map(({ run }) => run)).toEqual(['c@s1AB2CD3EF4G00', 'c@s1AB2CD3EF4G00'])
  expect(jobsOf(read(['7|Unknown|c|PENDING|Unknown|Unknown|'], { header }))[0]?.run).toBe('c')
})

test('any separator is read off the header; lists that commas cut are whole again', () => {
  for (const separator of ['\x1f', ';', '\t', '^', '~', '@@'])
    expect([
      separator,
      jobsOf(read([line({}).replaceAll('|', separator)], { header: HEADER.replaceAll('|', separator) }))[0]?.gpuMilli,
    ]).toEqual([separator, 1000])
  const header = 'JobID,State,Start,End,NodeList,ReqTRES,AllocTRES,JobName'
  const row = '7,COMPLETED,2026-02-01,2026-02-02,gpu[05,07],cpu=1,gres/gpu=1,cpu=8,gres/gpu:a100=2,gres/gpu=2,x'
  expect(jobsOf(read([row], { header }))[0]).toMatchObject({ gpuType: 'a100', gpuMilli: 2000, modelName: 'x' })
  const quoted = row
    .replace('gpu[05,07]', '"gpu[05,07]"')
    .replace('cpu=8,gres/gpu:a100=2,gres/gpu=2', '"cpu=8,gres/gpu=3"')
  expect(jobsOf(read([quoted], { header }))[0]).toMatchObject({ gpuMilli: 3000, modelName: 'x' })
})

test('bars in a comment behind the job’s name belong to the comment; where it cannot be told, nothing is guessed', () => {
  const header = 'JobID|JobName|State|Comment|Start|End|AllocTRES'
  const row = (name: string, comment: string) => `7|${name}|CD|${comment}|2026-02-01|2026-02-02|gres/gpu=1`
  expect(jobsOf(read([row('x', 'a|b')], { header }))[0]).toMatchObject({ modelName: 'x', gpuMilli: 1000 })
  expect(jobsOf(read([row('x|y', 'a')], { header }))[0]).toMatchObject({ modelName: 'x|y', gpuMilli: 1000 })
  expect(read([row('x|y', 'a|b')], { header })[0]).toMatchObject({
    ...{ code: 'ingest.field_count', record: row('x|y', 'a|b') },
  })
})

test('a name of several bytes a character survives, and a refused row is kept as a file could have it', () => {
  const reader = slurmSacct.open(NOTHING_SAID)
  const [job, refused] = reader.push(`${HEADER}\n${line({ name: 'aàб漢🚀' })}\n${line({ state: 'x' })}\n`)
  expect(job).toMatchObject({ modelName: 'aàб漢🚀' })
  expect(reader.frame?.()).toEqual({ before: `${HEADER}\n`, between: '\n', after: '\n' })
  expect(refused).toMatchObject({ record: line({ state: 'x' }) })
})

test('what is Slurm’s but not this is refused in words that say what to do, by auto too', () => {
  for (const [text, words] of [
    [
      '             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)\n   1 gpu x u R 1:00 1 n\n',
      /squeue/,
    ],
    [
      'JOBID|PARTITION|NAME|USER|STATE|TIME|TIME_LIMIT|NODES|NODELIST(REASON)\n1|gpu|x|u|RUNNING|1:00|2:00|1|n\n',
      /squeue/,
    ],
    ['PARTITION AVAIL  TIMELIMIT  NODES  STATE NODELIST\ngpu* up 1-00:00:00 4 idle n[1-4]\n', /sinfo/],
    ['PARTITION|AVAIL|TIMELIMIT|NODES|STATE|NODELIST\ngpu|up|infinite|4|idle|n[1-4]\n', /sinfo/],
    [
      'JobID           JobName  Partition    Account  AllocCPUS      State ExitCode\n------------ ----------\n1 x\n',
      /add --parsable2/,
    ],
    ['4034541|EYR|u|gpu|COMPLETED|2023-09-01T05:51:10|2023-09-01T09:25:23|gres/gpu=1\n', /leave out --noheader/],
    [
      'JobID|JobName|Partition|Account|AllocCPUS|State|ExitCode\n1|x|gpu|a|1|COMPLETED|0:0\n',
      /Start, End, AllocTRES missing/,
    ],
    ['JobID|State|Start|End\n1|COMPLETED|2026-02-01|2026-02-02\n', /-o JobIDRaw,.*AllocTRES.*; AllocTRES missing/],
  ] as const) {
    const refusal = () => slurmSacct.open(NOTHING_SAID).push(`${text}${text.split('\n')[1]}\n`)
    expect(refusal).toThrow(/--parsable2/)
    expect(refusal).toThrow(words)
    expect(slurmSacct.recognises(text)).toBe('it is output of Slurm’s')
  }
  expect(slurmSacct.recognises('job_id,team_name,state\n')).toBeNull()
})
