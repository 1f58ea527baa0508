import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { createJob } from './create-job.ts'
import { job } from './job.ts'
import { NewJob } from './job-input.ts'

const DAY = { start: '2026-02-10', end: '2026-02-11' }
const JOB = { job_id: 'train-1', team_id: 'team_1', model_name: 'llama', provider: ' AWS ', gpu_type: 'H100' }
const RAN = { start_time: '2026-02-10T18:00:00Z', end_time: '2026-02-11T06:00:00Z' }

/** Two teams, and a bill of $100 and $10 for two days of one pool that sold 24 GPU-hours each day. */
async function withTeams() {
  const heliox = await startHeliox()
  for (const name of ['a', 'b']) await heliox.write('POST', '/api/v1/teams', { name })
  const bill = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,10,24'
  await heliox.send('cost-csv', bill)
  const costs = async (basis: 'allocation' | 'usage' = 'allocation') => {
    const asked = { ...DAY, basis }
    const { rows } = await heliox.trpc.analytics.byTeam.query(asked)
    expect((await heliox.trpc.analytics.reconciliation.query(asked)).differenceUsd).toBe('0.00')
    return Object.fromEntries(rows.map(({ name, totalCostUsd }) => [name, totalCostUsd]))
  }
  return { ...heliox, costs }
}

test('a job is entered, read, changed and removed, and its cost moves with it', async () => {
  const { write, trpc, costs } = await withTeams()
  const made = await write('POST', '/api/v1/jobs', { ...JOB, ...RAN })
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    ...{ id: 'job_1', source: '', job_id: 'train-1', run: '', team_id: 'team_1', team_name: 'a', model_name: 'llama' },
    ...{ provider: 'aws', gpu_type: 'h100', gpu_count: 1, status: 'completed', version: made.body.version },
    ...{ user_name: '', job_name: '', source_team_name: null },
    ...{ start_time: '2026-02-10T18:00:00.000Z', end_time: '2026-02-11T06:00:00.000Z' },
  })
  expect(await costs()).toEqual({ a: '110.00' })
  // 6 of 24 GPU-hours on each day.
  expect(await costs('usage')).toEqual({ a: '27.50', __idle__: '82.50' })
  const moved = await trpc.jobs.update.mutate({ id: 'job_1', teamName: 'B', endTime: '2026-02-11T00:00:00Z' })
  expect(moved).toMatchObject({ teamId: 'team_2', teamName: 'b', endedAt: '2026-02-11T00:00:00.000Z' })
  expect(await costs()).toEqual({ b: '100.00', __unallocated__: '10.00' })
  await write('PUT', '/api/v1/jobs/job_1', { provider: 'gcp' })
  expect(await costs()).toEqual({ b: '0.00', __unallocated__: '110.00' })
  await write('PUT', '/api/v1/jobs/job_1', { provider: 'aws', gpu_count: 4 })
  expect(await costs('usage')).toEqual({ b: '100.00', __idle__: '10.00' })
  expect((await write('DELETE', '/api/v1/jobs/job_1')).status).toBe(204)
  expect(await costs()).toEqual({ __unallocated__: '110.00' })
  expect(await costs('usage')).toEqual({ __idle__: '110.00' })
  expect((await write('GET', '/api/v1/jobs/job_1')).body.error.code).toBe('jobs.no_job')
})

test('a repeated job id is refused whatever its run; another source may use it', async () => {
  const { write, send } = await withTeams()
  await write('POST', '/api/v1/jobs', JOB)
  const again = await write('POST', '/api/v1/jobs', { ...JOB, team_id: 'team_2' })
  expect([again.status, again.body.error.code]).toEqual([409, 'jobs.job_id_taken'])
  expect((await write('POST', '/api/v1/jobs', { ...JOB, source: 'k8s' })).status).toBe(201)
  expect((await write('PUT', '/api/v1/jobs/job_2', { source: '' })).status).toBe(409)
  expect((await write('PUT', '/api/v1/jobs/job_2', { job_id: 'train-1', source: 'k8s' })).status).toBe(200)
  const header = 'JobID|JobName|Account|State|Start|End|AllocTRES'
  await send('slurm-sacct', `${header}\n77|x|a|COMPLETED|2026-02-10T00:00:00|2026-02-10T01:00:00|gres/gpu:h100=2`)
  expect((await write('POST', '/api/v1/jobs', { ...JOB, job_id: '77', source: 'slurm' })).status).toBe(409)
})

test.each([
  ['end before start', { start_time: RAN.end_time, end_time: RAN.start_time }, 'end_time: the end is before the start'],
  ['a running job that ended', { ...RAN, status: 'running' }, 'end_time: a running job has no end'],
  [
    'a completed job without an end',
    { start_time: RAN.start_time, status: 'completed' },
    'end_time: a completed job needs',
  ],
  ['a running job without a start', { status: 'running' }, 'start_time: a running job needs its start'],
  ['over five years', { start_time: '2020-01-01', end_time: '2026-01-01' }, 'end_time: a job of more than five years'],
  [
    'running for over five years',
    { start_time: '2020-01-01', status: 'running' },
    'start_time: a job of more than five years',
  ],
  ['an unknown status', { status: 'paused' }, 'status: '],
  ['no time', { start_time: 'yesterday' }, 'start_time: expected an instant'],
  ['a reserved model', { model_name: '__idle__' }, 'model_name: __idle__'],
  ['a broken count', { gpu_count: 1.0005 }, 'gpu_count: '],
  ['a count as text', { gpu_count: '2' }, 'gpu_count: '],
  ['no provider', { provider: ' ' }, 'provider: a provider is needed'],
  ['no team', { team_id: undefined }, 'team_id: a team is needed'],
  ['two teams', { team_name: 'b' }, 'team_name: team_1 is not called b'],
  ['the source of made-up data', { source: 'demo' }, 'source: "demo" is kept'],
])('%s is refused by its field, in a new job and in a change', async (_what, fields, detail) => {
  const { write } = await withTeams()
  const refused = await write('POST', '/api/v1/jobs', { ...JOB, ...fields })
  expect([refused.status, refused.body.error.details[0]]).toEqual([400, expect.stringContaining(detail)])
  if (detail.startsWith('team_id')) return // a change that names no team leaves it
  await write('POST', '/api/v1/jobs', JOB)
  const change = await write('PUT', '/api/v1/jobs/job_1', { team_id: 'team_1', ...fields })
  expect([change.status, change.body.error.details[0]]).toEqual([400, expect.stringContaining(detail)])
})

test('without a status the times say it', async () => {
  const { write } = await withTeams()
  const status = async (job_id: string, times: object) =>
    (await write('POST', '/api/v1/jobs', { ...JOB, job_id, ...times })).body.status
  expect(await status('1', {})).toBe('pending')
  expect(await status('2', { start_time: RAN.start_time })).toBe('running')
  expect(await status('3', RAN)).toBe('completed')
  expect(await status('4', { ...RAN, status: ' FAILED ' })).toBe('failed')
})

test('a null takes a time away, absent leaves it: a job is started again', async () => {
  const { write, costs } = await withTeams()
  await write('POST', '/api/v1/jobs', { ...JOB, ...RAN })
  const again = await write('PUT', '/api/v1/jobs/job_1', { status: 'running', end_time: null })
  expect(again.body).toMatchObject({ status: 'running', start_time: '2026-02-10T18:00:00.000Z', end_time: null })
  expect(await costs('usage')).toEqual({ a: '35.00', __idle__: '75.00' }) // 6 of 24 h of $100, all of $10
  const waits = await write('PUT', '/api/v1/jobs/job_1', { status: 'pending', start_time: null, model_name: null })
  expect(waits.body).toMatchObject({ status: 'pending', start_time: null, model_name: '' })
  expect(await costs()).toEqual({ __unallocated__: '110.00' })
})

test('developers write in their teams only; a job of another team does not exist for them', async () => {
  const { write, as } = await withTeams()
  await write('POST', '/api/v1/jobs', { ...JOB, team_id: 'team_2', job_id: 'theirs' })
  const developer = await as('developer', ['team_1'])
  expect((await developer.write('POST', '/api/v1/jobs', JOB)).status).toBe(201)
  const { team_id: _, ...nameless } = JOB
  expect((await developer.write('POST', '/api/v1/jobs', { ...nameless, team_name: 'A', job_id: '2' })).status).toBe(201)
  for (const team of [{ team_id: 'team_2' }, { team_id: 'team_9' }, { team_name: 'b' }, { team_name: 'none' }])
    for (const [method, path] of [
      ['POST', '/api/v1/jobs'],
      ['PUT', '/api/v1/jobs/job_2'],
    ] as const) {
      const refused = await developer.write(method, path, { ...nameless, job_id: '3', ...team })
      expect([team, refused.status, refused.body.error.code]).toEqual([team, 403, 'auth.other_team'])
    }
  for (const [method, body] of [
    ['GET'],
    ['PUT', { gpu_count: 2 }],
    ['PUT', { team_id: 'team_1' }],
    ['DELETE'],
  ] as const) {
    const [theirs, none] = [
      await developer.write(method, '/api/v1/jobs/job_1', body),
      await developer.write(method, '/api/v1/jobs/job_99', body),
    ]
    expect([method, theirs.status, theirs.body.detail]).toEqual([method, 404, 'There is no job job_1'])
    expect([none.status, none.body.detail]).toEqual([404, 'There is no job job_99'])
  }
  expect((await developer.write('GET', '/api/v1/jobs')).body).toMatchObject({ total: 2, is_partial: true })
  expect((await developer.write('GET', '/api/v1/jobs?team_id=team_2')).status).toBe(403)
  expect((await write('GET', '/api/v1/jobs')).body).toMatchObject({ total: 3, is_partial: false })
  for (const role of ['viewer', 'finance'] as const) {
    const reader = await as(role, role === 'viewer' ? ['team_1'] : [])
    expect((await reader.write('GET', '/api/v1/jobs/job_2')).status).toBe(200)
    expect((await reader.write('POST', '/api/v1/jobs', { ...JOB, job_id: '4' })).status).toBe(403)
    expect((await reader.write('PUT', '/api/v1/jobs/job_2', {})).status).toBe(403)
    expect((await reader.write('DELETE', '/api/v1/jobs/job_2')).status).toBe(403)
  }
})

test('every filter narrows, and together they narrow together', async () => {
  const { write } = await withTeams()
  const add = (job_id: string, more: object) => write('POST', '/api/v1/jobs', { ...JOB, job_id, ...RAN, ...more })
  await add('1', {})
  await add('2', { model_name: 'bert', team_id: 'team_2' })
  await add('3', { gpu_type: 'a100', source: 'k8s' })
  await add('4', { start_time: '2026-01-01T00:00:00Z', end_time: '2026-02-10T00:00:00Z', status: 'failed' })
  await add('5', { start_time: '2026-02-12T00:00:00Z', end_time: null, status: 'running' })
  await add('6', { start_time: null, end_time: null, status: 'pending' })
  const found = async (query: string) =>
    (await write('GET', `/api/v1/jobs?${query}`)).body.jobs.map(({ job_id }: { job_id: string }) => job_id).join('')
  expect(await found('model_name=bert')).toBe('2')
  expect(await found('gpu_type=A100')).toBe('3')
  expect(await found('source=k8s&provider=AWS')).toBe('3')
  expect(await found('status=Failed')).toBe('4')
  expect(await found('team_id=team_1&status=completed&model_name=llama&gpu_type=h100')).toBe('1')
  expect(await found('start=2026-02-11&end=2026-02-11')).toBe('123')
  expect(await found('end=2026-02-09')).toBe('4')
  expect(await found('start=2026-02-13')).toBe('5')
  expect((await write('GET', '/api/v1/jobs?start=2026-02-02&end=2026-02-01')).status).toBe(400)
})

test('two editors do not overwrite each other, and the log holds who changed what', async () => {
  const { write, as, db } = await withTeams()
  const developer = await as('developer', ['team_1'])
  const seen = (await developer.write('POST', '/api/v1/jobs', JOB)).headers.get('etag') ?? ''
  await developer.write('PUT', '/api/v1/jobs/job_1', { gpu_count: 2 }, { 'if-match': seen })
  for (const method of ['PUT', 'DELETE']) {
    const second = await write(method, '/api/v1/jobs/job_1', { gpu_count: 3 }, { 'if-match': seen })
    expect([second.status, second.body.error.code]).toEqual([412, 'request.version_changed'])
  }
  expect((await write('GET', '/api/v1/jobs/job_1')).body.gpu_count).toBe(2)
  await write('DELETE', '/api/v1/jobs/job_1', undefined, { 'if-match': '*' })
  const lines = await db.all<
    Record<string, string>
  >(sql`select actor, action, target_id, target, before_json, after_json
    from audit_log where target_id = 'job_1' order by id`)
  expect(lines.map(({ actor, action, target }) => [actor, action, target])).toEqual([
    [developer.email, 'jobs.create', 'train-1'],
    [developer.email, 'jobs.update', 'train-1'],
    ['admin key', 'jobs.remove', 'train-1'],
  ])
  expect(JSON.parse(lines[1]?.before_json ?? '')).toMatchObject({ gpuCount: 1 })
  expect(JSON.parse(lines[1]?.after_json ?? '')).toMatchObject({ gpuCount: 2 })
})

test('a key that may ingest for a team enters its jobs, and may not read them or enter another team’s', async () => {
  const { scope } = await withTeams()
  const actor = { ...scope.actor, role: 'developer', teamIds: ['team_1'], keyScopes: ['ingest'] } as const
  const key = { ...scope, actor }
  const made = await createJob(key, NewJob.parse({ jobId: 'k', teamName: 'a', provider: 'aws', gpuType: 'h100' }))
  expect(made).toMatchObject({ teamId: 'team_1', version: expect.any(String) })
  await expect(job(key, { id: made.id })).rejects.toMatchObject({ code: 'auth.key_scope' })
  const theirs = NewJob.parse({ jobId: 'l', teamName: 'b', provider: 'aws', gpuType: 'h100' })
  await expect(createJob(key, theirs)).rejects.toMatchObject({ code: 'auth.other_team' })
})
