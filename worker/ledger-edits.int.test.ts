import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from './local/stack.ts'

let stack: Stack
let dataDir: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-edits-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL', vars: {} })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A JSON body, and what came of it. */
async function write(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(`/api/v1${path}`, stack.url), {
    method,
    headers: { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, etag: response.headers.get('etag') ?? '', body: text ? JSON.parse(text) : null }
}

const TOGETHER = Array.from({ length: 12 }, (_, index) => index)
const sorted = (answers: { status: number }[]) => answers.map(({ status }) => status).sort()
const [COST, USAGE] = [
  { date: '2026-01-20', provider: 'aws', gpu_type: 'h100', cost_usd: '100' },
  { date: '2026-01-20', provider: 'aws', gpu_type: 'h100', gpu_hours: '24' },
]

test.each([
  ['teams', { name: 'edited' }, (n: number) => ({ budget_usd: `${n}.00` }), 'budget_usd'],
  ['costs', COST, (n: number) => ({ cost_usd: `${n + 1}.00` }), 'cost_usd'],
  ['usage', { ...USAGE, date: '2026-01-21' }, (n: number) => ({ gpu_hours: `${n}` }), 'gpu_hours'],
  [
    'jobs',
    { job_id: 'edited', team_name: 'edited', provider: 'aws', gpu_type: 'h100' },
    (n: number) => ({ model_name: `m${n}` }),
    'model_name',
  ],
] as const)(
  'of twelve editors of one of the %s at once, who saw the same, one wins and eleven are told',
  async (path, fields, change, field) => {
    const made = await write('POST', `/${path}`, fields)
    expect(made.status).toBe(201)
    const one = `/${path}/${made.body.id}`
    const answers = await Promise.all(TOGETHER.map((n) => write('PUT', one, change(n), { 'if-match': made.etag })))
    expect(sorted(answers)).toEqual([200, ...Array(11).fill(412)])
    const winner = answers.findIndex(({ status }) => status === 200)
    const stands = (await write('GET', one)).body
    expect(stands[field]).toBe((change(winner) as Record<string, string>)[field])
    expect(stands.version).toBe(answers[winner]?.body.version)
  },
)

test('of twelve that enter the same thing at once one does, and eleven are told that it is there', async () => {
  const same = { job_id: 'once', team_name: 'edited', provider: 'aws', gpu_type: 'h100' }
  for (const [path, fields] of [
    ['/teams', { name: 'Once' }],
    ['/jobs', same],
    ['/costs', { ...COST, region: 'once' }],
    ['/usage', USAGE],
  ] as const)
    expect([path, sorted(await Promise.all(TOGETHER.map(() => write('POST', path, fields))))]).toEqual([
      path,
      [201, ...Array(11).fill(409)],
    ])
})

test('edits of jobs and costs beside readers and a team’s removal: every read adds up', async () => {
  await write('POST', '/teams', { name: 'leaving' })
  const day = (n: number) => `2026-02-${String((n % 20) + 1).padStart(2, '0')}`
  const job = (n: number) => ({
    ...{ job_id: `busy ${n}`, team_name: n % 2 ? 'edited' : 'leaving', provider: 'aws', gpu_type: 'h100' },
    ...{ gpu_count: n + 1, start_time: `${day(n)}T10:00:00Z`, end_time: `${day(n)}T22:00:00Z` },
  })
  const answers = await Promise.all([
    ...TOGETHER.map((n) => write('POST', '/jobs', job(n))),
    ...TOGETHER.map((n) => write('POST', '/costs', { ...COST, date: day(n), cost_usd: `${n}.000000001` })),
  ])
  expect(sorted(answers)).toEqual(Array(24).fill(201))
  const leaving = answers[0]?.body.team_id
  const read = (basis: string) =>
    write('GET', `/analytics/reconciliation?start=2026-01-01&end=2026-03-01&basis=${basis}`)
  const [reads, edits] = await Promise.all([
    Promise.all(TOGETHER.flatMap(() => [read('allocation'), read('usage')])),
    Promise.all([
      ...answers.slice(1, 12).map(({ body }, n) => write('PUT', `/jobs/${body.id}`, { gpu_count: 20 - n })),
      ...answers.slice(12).map(({ body }, n) => write('PUT', `/costs/${body.id}`, { cost_usd: `${n + 3}.01` })),
      write('DELETE', `/teams/${leaving}`),
    ]),
  ])
  expect(reads.map(({ body }) => body.difference_usd)).toEqual(Array(24).fill('0.00'))
  // Jobs of the team that left are changed before it or are gone.
  expect(edits.filter(({ status }) => status !== 200 && status !== 404).map(({ status }) => status)).toEqual([204])
  const both = (await read('allocation')).body
  expect(both).toMatchObject({ difference_usd: '0.00', stale_pool_days: 0 })
  // 3.01 + … + 14.01
  expect((await write('GET', '/costs/total?start=2026-02-01')).body).toMatchObject({
    total_cost_usd: '102.12',
    count: 12,
  })
  expect((await write('GET', `/jobs?team_id=${leaving}`)).body.total).toBe(0)
})

test('text that a database cannot hold is the caller’s to mend, and nothing of it is stored', async () => {
  for (const broken of ['a\0b', 'a\ud800b'])
    for (const [path, fields] of [
      ['/teams', { name: broken }],
      ['/jobs', { job_id: broken, team_name: 'edited', provider: 'aws', gpu_type: 'h100' }],
      ['/costs', { ...COST, region: broken }],
      ['/usage', { ...USAGE, provider: broken }],
    ] as const) {
      const refused = await write('POST', path, fields)
      expect([path, refused.status, refused.body.error.code]).toEqual([path, 400, 'request.bad_text'])
    }
})
