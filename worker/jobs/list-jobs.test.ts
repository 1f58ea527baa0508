import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox, type TestHeliox } from '../testing.ts'

const BILL = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,10,24'
const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,job_name'
/** On day 10 alpha holds 2, Beta 6 GPU-hours ($25, $75); on day 11 alpha 1 ($10). gamma waits, delta has no bill. */
const JOBS = `${HEADER}
alpha,nlp,bert,aws,h100,1,2026-02-10T22:00:00Z,2026-02-11T01:00:00Z,completed,train
Beta,vision,sam,aws,h100,6,2026-02-10T10:00:00Z,2026-02-10T11:00:00Z,failed,eval_1
gamma,nlp,,aws,h100,1,,,pending,evalx1
delta,nlp,bert,gcp,a100,2,2026-02-11T00:00:00Z,2026-02-11T01:00:00Z,completed,Trainer`

async function withJobs() {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', BILL)
  await heliox.send('jobs-csv', JOBS)
  return heliox
}

type Asked = Parameters<TestHeliox['trpc']['jobs']['list']['query']>[0]
async function idsOf({ trpc }: Pick<TestHeliox, 'trpc'>, asked: Asked) {
  return (await trpc.jobs.list.query(asked)).jobs.map(({ jobId }) => jobId)
}

test('jobs are listed by anything they have, both ways, what is not known last, equal ones as they came', async () => {
  const heliox = await withJobs()
  const order = (sort: NonNullable<Asked['sort']>, way: 'asc' | 'desc' = 'asc') => idsOf(heliox, { sort, order: way })
  expect(await order('entered')).toEqual(['alpha', 'Beta', 'gamma', 'delta'])
  expect(await order('entered', 'desc')).toEqual(['delta', 'gamma', 'Beta', 'alpha'])
  expect(await order('job')).toEqual(['alpha', 'Beta', 'delta', 'gamma'])
  expect(await order('team')).toEqual(['alpha', 'gamma', 'delta', 'Beta'])
  expect(await order('gpus', 'desc')).toEqual(['Beta', 'delta', 'alpha', 'gamma'])
  expect(await order('start')).toEqual(['Beta', 'alpha', 'delta', 'gamma'])
  expect(await order('start', 'desc')).toEqual(['delta', 'alpha', 'Beta', 'gamma'])
  expect(await order('cost')).toEqual(['alpha', 'Beta', 'gamma', 'delta'])
  expect(await order('cost', 'desc')).toEqual(['Beta', 'alpha', 'gamma', 'delta'])
  expect(await order('gpu_hours', 'desc')).toEqual(['Beta', 'alpha', 'delta', 'gamma'])
})

test('a row says what its job held and cost in the days asked for, which is what the answer by job says', async () => {
  const { trpc } = await withJobs()
  const figures = async (asked: Asked) =>
    (await trpc.jobs.list.query(asked)).jobs.map((job) => [
      ...[job.jobId, job.gpuHours, job.allocationCostUsd, job.usageCostUsd],
    ])
  // Usage: 6 and 2 of 24 GPU-hours of $100, 1 of 24 of $10.
  expect(await figures({})).toEqual([
    ['alpha', '3', '35.00', '8.75'],
    ['Beta', '6', '75.00', '25.00'],
    ['gamma', '0', null, null],
    ['delta', '2', null, null],
  ])
  const day = { start: '2026-02-10', end: '2026-02-10' }
  expect(await figures(day)).toEqual([
    ['alpha', '2', '25.00', '8.333333333'],
    ['Beta', '6', '75.00', '25.00'],
  ])
  const { jobs } = await trpc.analytics.byJob.query(day)
  expect(jobs.map(({ jobId, gpuHours, totalCostUsd }) => [jobId, gpuHours, totalCostUsd])).toEqual([
    ['Beta', '6', '75.00'],
    ['alpha', '2', '25.00'],
  ])
})

test('words find the jobs whose id or name holds them anywhere, in any case, and % and _ are letters', async () => {
  const heliox = await withJobs()
  const found = (q: string) => idsOf(heliox, { q })
  expect(await found('BE')).toEqual(['Beta'])
  expect(await found(' train ')).toEqual(['alpha', 'delta'])
  expect(await found('eval_')).toEqual(['Beta'])
  expect(await found('%')).toEqual([])
  expect(await found('LPH')).toEqual(['alpha'])
  expect(await found('rain')).toEqual(['alpha', 'delta'])
  expect(await found('alphabet')).toEqual([])
})

test('several values of one filter are alternatives, on both wires', async () => {
  const heliox = await withJobs()
  expect(await idsOf(heliox, { status: ['failed', 'Pending'] })).toEqual(['Beta', 'gamma'])
  expect(await idsOf(heliox, { provider: ['GCP', 'azure'], modelName: 'bert' })).toEqual(['delta'])
  const { jobs } = await heliox.json<{ jobs: { job_id: string }[] }>(
    '/api/v1/jobs?status=failed&status=pending&sort=start&order=desc&q=b',
  )
  expect(jobs.map(({ job_id }) => job_id)).toEqual(['Beta'])
  expect((await heliox.fetch('/api/v1/jobs?sort=price')).status).toBe(400)
})

test('REST keeps pages of at most a hundred, the dashboard may ask for five thousand', async () => {
  const { trpc, fetch } = await withJobs()
  expect((await fetch('/api/v1/jobs?limit=101')).status).toBe(400)
  expect(await trpc.jobs.list.query({ limit: 5000 })).toMatchObject({ total: 4, limit: 5000, hasMore: false })
  await expect(trpc.jobs.list.query({ limit: 5001 })).rejects.toMatchObject({ data: { httpStatus: 400 } })
})

test('a page may be asked for by a job that is on it; a job that the list does not hold moves nothing', async () => {
  const { trpc } = await withJobs()
  const asked = { sort: 'start', order: 'desc' } as const
  const { jobs } = await trpc.jobs.list.query(asked)
  expect(jobs.length).toBe(4)
  for (const [index, { id }] of jobs.entries()) {
    const page = await trpc.jobs.list.query({ ...asked, limit: 3, around: id })
    expect([page.skip, page.jobs[index % 3]?.id]).toEqual([index < 3 ? 0 : 3, id])
  }
  const byCost = { sort: 'cost', order: 'desc', start: '2026-02-10', end: '2026-02-10', limit: 1 } as const
  expect(await trpc.jobs.list.query({ ...byCost, around: 'job_1' })).toMatchObject({ skip: 1, total: 2 })
  for (const absent of [{ around: 'job_1', status: 'failed' }, { around: 'job_99' }] as const)
    expect(await trpc.jobs.list.query({ ...absent, skip: 1 })).toMatchObject({ skip: 1 })
})

test('a person of one team sees neither rows nor pages of another’s jobs', async () => {
  const { as } = await withJobs()
  const developer = await as('developer', ['team_1'])
  expect(await idsOf(developer, { sort: 'cost', order: 'desc' })).toEqual(['alpha', 'gamma', 'delta'])
  expect(await idsOf(developer, { q: 'Beta' })).toEqual([])
  expect(await developer.trpc.jobs.list.query({ around: 'job_2', limit: 1, skip: 2 })).toMatchObject({ skip: 2 })
  for (const teamId of ['team_2', ['team_1', 'team_2']])
    await expect(developer.trpc.jobs.list.query({ teamId })).rejects.toMatchObject({
      data: { errorCode: 'auth.other_team' },
    })
})

test('a job says which import and file brought it and which changed it, to who may see them', async () => {
  const { trpc, as, send, write, json, db } = await withJobs()
  const developer = await as('developer', ['team_1'])
  const from = async (caller: Pick<TestHeliox, 'trpc'>, id = 'job_1') => {
    const { createdByImportId, changedByImportId } = await caller.trpc.jobs.get.query({ id })
    return [createdByImportId, changedByImportId]
  }
  expect(await from({ trpc })).toEqual(['imp_2', 'imp_2'])
  expect(await from(developer)).toEqual([null, null])
  await db.run(sql`update imports set file_name = 'february.csv' where id = 2`)
  const named = { createdByFileName: 'february.csv', changedByFileName: 'february.csv' }
  expect(await trpc.jobs.get.query({ id: 'job_1' })).toMatchObject(named)
  const hidden = { createdByFileName: null, changedByFileName: null }
  expect(await developer.trpc.jobs.get.query({ id: 'job_1' })).toMatchObject(hidden)
  await send(
    'jobs-csv',
    `${HEADER}\nalpha,nlp,bert,aws,h100,2,2026-02-10T22:00:00Z,2026-02-11T01:00:00Z,completed,train`,
  )
  expect(await from({ trpc })).toEqual(['imp_2', 'imp_3'])
  expect(await idsOf({ trpc }, { importId: 'imp_3' })).toEqual(['alpha'])
  expect(await idsOf({ trpc }, { importId: 'imp_2' })).toEqual(['alpha', 'Beta', 'gamma', 'delta'])
  await write('PUT', '/api/v1/jobs/job_1', { gpu_count: 1 })
  expect(await from({ trpc })).toEqual(['imp_2', null])
  expect(await json('/api/v1/jobs/job_1')).toMatchObject({ created_by_import_id: 'imp_2', changed_by_import_id: null })
})

type Statement = { sql: string; args: never[] }

/** What the list asks the database, each statement with its plan. */
async function plansOf({ db, trpc }: TestHeliox, asked: Asked) {
  const { $client: client } = db
  const statements: Statement[] = []
  const [execute, batch] = [client.execute.bind(client), client.batch.bind(client)]
  client.execute = ((statement: Statement | string, args?: never[]) => {
    statements.push(typeof statement === 'string' ? { sql: statement, args: args ?? [] } : statement)
    return execute(statement as never, args as never)
  }) as typeof client.execute
  client.batch = ((all: Statement[], mode: never) => {
    statements.push(...all)
    return batch(all, mode)
  }) as typeof client.batch
  await trpc.jobs.list.query(asked)
  Object.assign(client, { execute, batch })
  return Promise.all(
    statements.map(async (statement) => {
      const { rows } = await execute({ ...statement, sql: `explain query plan ${statement.sql}` })
      return { sql: statement.sql, plan: rows.map(({ detail }) => detail).join('\n') }
    }),
  )
}

test('the figures of a page are looked up by its jobs, not by walking the shares', async () => {
  const heliox = await withJobs()
  const plans = await plansOf(heliox, { start: '2026-02-10', end: '2026-02-10' })
  const shares = plans.filter((statement) => statement.sql.includes('job_day_shares'))
  expect(shares.length).toBe(1)
  expect(shares[0]?.plan).toContain('SEARCH s USING INDEX job_day_shares_job_idx')
  expect(await heliox.db.all(sql`select 1 from job_day_shares`)).toHaveLength(4)
})

test('an order reads the jobs alone, or the one other table that it is by, and shares only of the jobs that are left', async () => {
  const heliox = await withJobs()
  const orderPlan = async (asked: Asked) => {
    const all = await plansOf(heliox, { teamId: ['team_1'], ...asked })
    return all.find(({ sql }) => sql.includes('order by') && sql.includes('limit'))?.plan ?? ''
  }
  for (const sort of ['job', 'model', 'status', 'gpus', 'start', 'end', 'name', 'user', 'source'] as const)
    expect([sort, await orderPlan({ sort })]).toEqual([sort, expect.not.stringMatching(/teams|pools|job_day_shares/)])
  expect(await orderPlan({ sort: 'team' })).toContain('SEARCH teams USING INTEGER PRIMARY KEY')
  expect(await orderPlan({ sort: 'gpu_type' })).toContain('SEARCH pools USING INTEGER PRIMARY KEY')
  for (const sort of ['cost', 'usage_cost', 'gpu_hours'] as const)
    expect(await orderPlan({ sort })).toContain('SEARCH s USING INDEX job_day_shares_job_idx')
})
