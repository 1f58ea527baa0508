import { expect, test, vi } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { startHeliox } from '../testing.ts'

const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
Train-1,speech,whisper,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed
train-2,speech,llama,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,failed
train-3,vision,llama-vision,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed
other-train,vision,sam,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed
`

async function company() {
  const heliox = await startHeliox()
  expect((await heliox.send('jobs-csv', JOBS)).result.inserted).toBe(4)
  const { teams } = await heliox.trpc.teams.list.query({})
  const idOf = (name: string) => teams.find((team) => team.name === name)?.id as TeamId
  return { ...heliox, speech: idOf('speech'), vision: idOf('vision') }
}

test('teams, models and views are found by a part of their name in any case, what begins with it first', async () => {
  const heliox = await company()
  const ada = await heliox.as('finance')
  await ada.trpc.savedViews.create.mutate({ name: 'Vision only', address: '/explore?by=team' })
  const found = await ada.trpc.search.find.query({ q: 'VISION' })
  expect(found.teams.map(({ name }) => name)).toEqual(['vision'])
  expect(found.models.map(({ name }) => name)).toEqual(['llama-vision'])
  expect(found.savedViews).toMatchObject([{ name: 'Vision only', address: '/explore?by=team' }])
  expect((await ada.trpc.search.find.query({ q: 'llama' })).models.map(({ name }) => name)).toEqual([
    'llama',
    'llama-vision',
  ])
})

test('jobs are found by how their id begins, then by its middle, and by our id', async () => {
  const heliox = await company()
  const ids = async (q: string) => (await heliox.trpc.search.find.query({ q })).jobs.map(({ jobId }) => jobId)
  expect(await ids('train')).toEqual(['train-2', 'train-3', 'other-train', 'Train-1'])
  expect(await ids('Train')).toEqual(['Train-1', 'train-2', 'train-3', 'other-train'])
  expect(await ids('ER-tr')).toEqual(['other-train'])
  expect(await ids('r_t')).toEqual([]) // no wildcard
  expect(await ids('%')).toEqual([])
  const [job] = (await heliox.trpc.search.find.query({ q: 'other-train' })).jobs
  expect(await ids(job?.id ?? '')).toEqual(['other-train'])
  const { jobs } = await heliox.json<{ jobs: object[] }>('/api/v1/search?q=train-2')
  expect(jobs).toMatchObject([{ job_id: 'train-2', team_name: 'speech', model_name: 'llama', status: 'failed' }])
})

test('another team’s things are not found, by name or by id', async () => {
  const heliox = await company()
  const ada = await heliox.as('viewer', [heliox.speech])
  const found = await ada.trpc.search.find.query({ q: 'a' })
  expect([found.teams, found.models]).toEqual([[], [{ name: 'llama' }]])
  expect((await ada.trpc.search.find.query({ q: 'train' })).jobs.map(({ jobId }) => jobId)).toEqual([
    'train-2',
    'Train-1',
  ])
  const { jobs } = await heliox.trpc.search.find.query({ q: 'other-train' })
  expect((await ada.trpc.search.find.query({ q: jobs[0]?.id ?? '' })).jobs).toEqual([])
  const nobody = await heliox.as('viewer')
  expect(await nobody.trpc.search.find.query({ q: 'a' })).toEqual({ teams: [], models: [], jobs: [], savedViews: [] })
})

test('signs that mean something to a database mean nothing here', async () => {
  const heliox = await company()
  for (const q of ['%', '_', "'", '*', '"'])
    expect(await heliox.trpc.search.find.query({ q })).toEqual({ teams: [], models: [], jobs: [], savedViews: [] })
})

test('at most 20 of a kind', async () => {
  const heliox = await startHeliox()
  for (let at = 0; at < 22; at += 1) await heliox.write('POST', '/api/v1/teams', { name: `team ${at}` })
  expect((await heliox.trpc.search.find.query({ q: 'team' })).teams).toHaveLength(20)
})

test('jobs are found in the index of their ids and among the latest ones, never through all of them, by who sees all and by who sees a team', async () => {
  const heliox = await company()
  const ada = await heliox.as('viewer', [heliox.speech])
  const asked = vi.spyOn(heliox.db.$client, 'execute')
  for (const caller of [heliox, ada]) await caller.trpc.search.find.query({ q: 'Train' })
  const statements = asked.mock.calls
    .map(([statement]) => statement as unknown as { sql: string; args: never[] })
    .filter(({ sql }) => /from "jobs"/.test(sql))
  asked.mockRestore()
  expect(statements).toHaveLength(4)
  for (const { sql, args } of statements) {
    const { rows } = await heliox.db.$client.execute({ sql: `explain query plan ${sql}`, args })
    const plan = rows.map(({ detail }) => String(detail)).join('\n')
    expect(plan).not.toMatch(/SCAN jobs/)
    expect(plan).toContain(/ like /.test(sql) ? 'INTEGER PRIMARY KEY (rowid>?)' : 'jobs_key (job_id>? AND job_id<?)')
  }
})

test('a job is found by a part of what it is called', async () => {
  const heliox = await company()
  await heliox.db.$client.execute("update jobs set job_name = 'Finetune 50%\\ eval' where job_id = 'train-2'")
  const ids = async (q: string) => (await heliox.trpc.search.find.query({ q })).jobs.map(({ jobId }) => jobId)
  for (const q of ['finetune', 'TUNE 50', '50%\\ ev']) expect([q, await ids(q)]).toEqual([q, ['train-2']])
  const nobody = await heliox.as('viewer', [heliox.vision])
  expect((await nobody.trpc.search.find.query({ q: 'tune' })).jobs).toEqual([])
})
