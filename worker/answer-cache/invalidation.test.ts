import { expect, test, vi } from 'vitest'
import { tick } from '../monitoring/tick.ts'
import { BY_TEAM, FILES, QUESTIONS, startCompany } from './testing.ts'

const ALL = [...QUESTIONS, ...FILES]

type Company = Awaited<ReturnType<typeof startCompany>>
type Change = [what: string, change: (company: Company) => Promise<unknown>]

const tagsOf = ({ fetch }: Company) =>
  Promise.all(ALL.map(async (path) => (await fetch(path)).headers.get('etag') ?? ''))
const answersBy = (ask: (path: string) => Promise<Response>) =>
  Promise.all(ALL.map(async (path) => (await ask(path)).text()))
const bill = (usd: string) => `date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-05,aws,h100,${usd},48\n`
const job = (line: string) =>
  `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${line}\n`
const idOf = async ({ json }: Company, path: string, list: string, is: (row: Record<string, unknown>) => boolean) =>
  (await json<Record<string, Record<string, unknown>[]>>(`/api/v1${path}`))[list]?.find(is)?.id

/** Everything after which an answer of analytics is another. */
const CHANGES: Change[] = [
  ['an import of costs', ({ send }) => send('cost-csv', bill('111'))],
  [
    'an import of jobs',
    ({ send }) => send('jobs-csv', job('a2,alpha,llama,aws,h100,1,2026-01-05,2026-01-06,completed')),
  ],
  [
    'an import that ends a running job',
    ({ send }) => send('jobs-csv', job('b2,beta,qwen,gcp,a100,1,2026-01-06T00:00:00Z,2026-01-06T20:00:00Z,completed')),
  ],
  ['the removal of an import', ({ write }) => write('DELETE', '/api/v1/imports/imp_1')],
  [
    'a cost entry by hand',
    ({ write }) =>
      write('POST', '/api/v1/costs', { date: '2026-01-07', provider: 'aws', gpu_type: 'h100', cost_usd: 5 }),
  ],
  [
    'a hand edit of a cost',
    async (company) => {
      const id = await idOf(company, '/costs', 'costs', (row) => row.provider === 'gcp')
      await company.write('PUT', `/api/v1/costs/${id}`, { cost_usd: '41' })
    },
  ],
  [
    'a hand edit of a cost’s account',
    async (company) => {
      const id = await idOf(company, '/costs', 'costs', (row) => row.provider === 'gcp')
      await company.write('PUT', `/api/v1/costs/${id}`, { account: 'research' })
    },
  ],
  [
    'a hand edit of a job’s model',
    async (company) => {
      const id = await idOf(company, '/jobs', 'jobs', (row) => row.job_id === 'b1')
      await company.write('PUT', `/api/v1/jobs/${id}`, { model_name: 'other' })
    },
  ],
  [
    'a hand edit of a job’s status',
    async (company) => {
      const id = await idOf(company, '/jobs', 'jobs', (row) => row.job_id === 'b2')
      await company.write('PUT', `/api/v1/jobs/${id}`, { status: 'completed', end_time: '2026-01-06T20:00:00Z' })
    },
  ],
  [
    'a job’s removal',
    async (company) => {
      const id = await idOf(company, '/jobs', 'jobs', (row) => row.job_id === 'a1')
      await company.write('DELETE', `/api/v1/jobs/${id}`)
    },
  ],
  ['a team’s rename', ({ write }) => write('PUT', '/api/v1/teams/team_1', { name: 'gamma' })],
  ['a team’s removal', ({ write }) => write('DELETE', '/api/v1/teams/team_2')],
  [
    'the clock, while a job runs',
    async ({ moveTo, scope, now }) => {
      moveTo('2026-01-06T21:00:00Z')
      await tick({ ...scope, now })
    },
  ],
]

test.each(CHANGES)('%s: every answer is that of the new ledger, and the old tag is not 304', async (_what, change) => {
  const company = await startCompany()
  const [before, tags] = [await answersBy(company.fetch), await tagsOf(company)]
  await change(company)
  const after = await answersBy(company.fetch)
  expect(after).toEqual(await answersBy(company.anew))
  expect(after).not.toEqual(before)
  for (const [index, path] of ALL.entries()) {
    const held = await company.fetch(path, { headers: { 'if-none-match': tags[index]! } })
    expect([path, held.status]).toEqual([path, 200])
  }
})

test('a job without GPUs that runs, and ends, changes no answer', async () => {
  const company = await startCompany()
  const [tags, answers] = [await tagsOf(company), await answersBy(company.fetch)]
  for (const status of ['running', 'completed'])
    for (const [id, gpus, start] of [
      ['c1', 0, '2026-01-06T10:00:00Z'],
      ['c2', 1, '2026-01-06T20:00:00Z'], // has only just begun
    ] as const) {
      const sent = await company.send(
        'jobs-csv',
        job(
          `${id},alpha,cpu,aws,h100,${gpus},${start},${status === 'running' ? '' : '2026-01-06T20:00:00Z'},${status}`,
        ),
      )
      expect(sent.result.failed).toBe(0)
      expect(await answersBy(company.anew)).toEqual(await answersBy(company.fetch))
    }
  expect(await tagsOf(company)).toEqual(tags)
  expect(await answersBy(company.fetch)).toEqual(answers)
})

test('what is no part of the ledger changes no tag: a sign-in, a key, a person, an audit row, a refused file', async () => {
  const company = await startCompany()
  const tags = await tagsOf(company)
  const person = { email: 'ada@example.com', password: 'a tall ship and a star' }
  expect((await company.write('POST', '/api/v1/auth/register', person)).status).toBe(201)
  expect((await company.write('POST', '/api/v1/auth/login', person)).status).toBe(200)
  expect((await company.write('POST', '/api/v1/keys', { name: 'k', scopes: ['usage:read'] })).status).toBe(201)
  expect((await company.write('POST', '/api/v1/users', { email: 'bo@example.com', role: 'viewer' })).status).toBe(201)
  expect((await company.json<{ total: number }>('/api/v1/audit')).total).toBeGreaterThan(3)
  expect((await company.send('cost-csv', 'nothing,of,ours\n1,2,3\n')).httpStatus).toBe(400)
  expect(await tagsOf(company)).toEqual(tags)
})

/** Lets an import land around the first batch of statements, which is the one that makes the answer. */
function importAround({ db, send }: Company, when: 'before' | 'after'): void {
  const { batch } = db.$client
  const spy = vi.spyOn(db.$client, 'batch').mockImplementationOnce(async (...args) => {
    spy.mockRestore()
    if (when === 'before') await send('cost-csv', bill('777'))
    const answer = await Reflect.apply(batch, db.$client, args)
    if (when === 'after') await send('cost-csv', bill('777'))
    return answer
  })
}

test.each([
  ['before', 'alone'],
  ['before', 'beside'],
  ['after', 'alone'],
  ['after', 'beside'],
] as const)('an import that lands %s the facts are read, the version %s, leaves nothing stale', async (when, read) => {
  const company = await startCompany()
  const old = await (await company.anew(BY_TEAM)).text()
  importAround(company, when)
  // Who holds another answer is told the version before anything is read.
  const during = await company.fetch(BY_TEAM, { headers: read === 'alone' ? { 'if-none-match': '"other"' } : {} })
  const fresh = await (await company.anew(BY_TEAM)).text()
  expect(fresh).not.toBe(old)
  expect(await during.text()).toBe(when === 'before' ? fresh : old)
  const next = await company.fetch(BY_TEAM, { headers: { 'if-none-match': during.headers.get('etag') ?? '' } })
  const isOfFresh = when === 'before' && read === 'beside' // else the answer is what its tag says, or newer
  expect([next.status, await next.text()]).toEqual(isOfFresh ? [304, ''] : [200, fresh])
  expect(await (await company.fetch(BY_TEAM)).text()).toBe(fresh)
})
