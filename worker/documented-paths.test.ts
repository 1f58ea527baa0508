import { expect, test } from 'vitest'
import { startHeliox } from './testing.ts'

type Who = 'admin' | 'finance' | 'developer' | 'viewer' | 'stranger'
type Call = [
  status: number,
  who: Who,
  method: string,
  path: string,
  body?: object | undefined,
  headers?: Record<string, string>,
]

const STALE = { 'if-match': '"somebody-else-was"' }
const TEAM = { name: 'vision', description: 'cars', budget_usd: 50000 }
const JOB = { job_id: 'job-1', team_name: 'ml', model_name: 'llama', provider: 'AWS', gpu_type: 'H100' }
const COST = { date: '2026-01-13', provider: 'AWS', gpu_type: 'H100', cost_usd: 2789.12 }
const RATE = { currency: 'EUR', effective_from: '2026-01-01', usd_per_unit: '1.08' }
const RULE = { provider: 'acme', gpu_type: 'h100', gpu_count: 8 }
const OWNER = { field: 'account', pattern: 'acme-*', owner: { kind: 'team', teams: [{ team_id: 'team_1' }] } }
const USAGE = { date: '2026-01-13', provider: 'AWS', gpu_type: 'H100', gpu_hours: 24.5 }

/** In this order, each resource on a database with the teams ml (team_1, whose developer and viewer call) and nlp. */
const PATHS: Record<string, Call[]> = {
  teams: [
    [201, 'admin', 'POST', '/teams', TEAM],
    [409, 'admin', 'POST', '/teams', { name: 'VISION' }],
    [400, 'admin', 'POST', '/teams', { description: 'nameless' }],
    [403, 'finance', 'POST', '/teams', { name: 'new' }],
    [401, 'stranger', 'POST', '/teams', TEAM],
    [200, 'viewer', 'GET', '/teams'],
    [401, 'stranger', 'GET', '/teams'],
    [400, 'admin', 'GET', '/teams?limit=101'],
    [200, 'admin', 'GET', '/teams/team_3'],
    [404, 'viewer', 'GET', '/teams/team_3'],
    [404, 'admin', 'GET', '/teams/team_99'],
    [400, 'admin', 'GET', '/teams/three'],
    [200, 'finance', 'PUT', '/teams/team_3', { budget_usd: '75000' }],
    [403, 'finance', 'PUT', '/teams/team_3', { name: 'other' }],
    [403, 'developer', 'PUT', '/teams/team_1', { budget_usd: '1' }],
    [409, 'admin', 'PUT', '/teams/team_3', { name: 'NLP' }],
    [412, 'admin', 'PUT', '/teams/team_3', { name: 'other' }, STALE],
    [404, 'admin', 'PUT', '/teams/team_99', { name: 'other' }],
    [412, 'admin', 'DELETE', '/teams/team_3', undefined, STALE],
    [403, 'finance', 'DELETE', '/teams/team_3'],
    [204, 'admin', 'DELETE', '/teams/team_3'],
    [404, 'admin', 'DELETE', '/teams/team_3'],
  ],
  'currency-rates': [
    [201, 'admin', 'POST', '/currency-rates', RATE],
    [409, 'admin', 'POST', '/currency-rates', RATE],
    [400, 'admin', 'POST', '/currency-rates', { ...RATE, usd_per_unit: '0' }],
    [403, 'finance', 'POST', '/currency-rates', RATE],
    [401, 'stranger', 'POST', '/currency-rates', RATE],
    [200, 'finance', 'GET', '/currency-rates?currency=eur&limit=10'],
    [403, 'developer', 'GET', '/currency-rates'],
    [200, 'finance', 'GET', '/currency-rates/rate_1'],
    [404, 'admin', 'GET', '/currency-rates/rate_99'],
    [200, 'admin', 'PUT', '/currency-rates/rate_1', { source: 'ECB' }],
    [403, 'finance', 'PUT', '/currency-rates/rate_1', { source: 'ECB' }],
    [412, 'admin', 'PUT', '/currency-rates/rate_1', { source: 'x' }, STALE],
    [404, 'admin', 'PUT', '/currency-rates/rate_99', { source: 'x' }],
    [412, 'admin', 'DELETE', '/currency-rates/rate_1', undefined, STALE],
    [403, 'viewer', 'DELETE', '/currency-rates/rate_1'],
    [204, 'admin', 'DELETE', '/currency-rates/rate_1'],
    [404, 'admin', 'DELETE', '/currency-rates/rate_1'],
  ],
  'gpu-rules': [
    [201, 'admin', 'POST', '/gpu-rules', RULE],
    [409, 'admin', 'POST', '/gpu-rules', { ...RULE, gpu_type: 'a100' }],
    [400, 'admin', 'POST', '/gpu-rules', { gpu_type: 'h100' }],
    [403, 'finance', 'POST', '/gpu-rules', RULE],
    [401, 'stranger', 'POST', '/gpu-rules', RULE],
    [200, 'admin', 'POST', '/gpu-rules/preview', RULE],
    [404, 'admin', 'POST', '/gpu-rules/preview', { id: 'rule_99', is_removed: true }],
    [403, 'finance', 'POST', '/gpu-rules/preview', RULE],
    [200, 'finance', 'GET', '/gpu-rules'],
    [403, 'viewer', 'GET', '/gpu-rules'],
    [200, 'finance', 'GET', '/gpu-rules/recognised?start=2026-01-01&end=2026-01-31'],
    [200, 'finance', 'GET', '/gpu-rules/unrecognised?scope=all&search=x&skip=0&limit=100'],
    [400, 'finance', 'GET', '/gpu-rules/unrecognised?start=2026-02-01&end=2026-01-31'],
    [200, 'finance', 'GET', '/gpu-rules/rule_1'],
    [404, 'admin', 'GET', '/gpu-rules/rule_99'],
    [200, 'admin', 'PUT', '/gpu-rules/rule_1', { gpu_count: 4 }],
    [403, 'finance', 'PUT', '/gpu-rules/rule_1', { gpu_count: 4 }],
    [412, 'admin', 'PUT', '/gpu-rules/rule_1', { gpu_count: 2 }, STALE],
    [200, 'admin', 'POST', '/gpu-rules/rule_1/apply', {}],
    [403, 'developer', 'POST', '/gpu-rules/rule_1/apply', {}],
    [404, 'admin', 'POST', '/gpu-rules/rule_99/apply', {}],
    [412, 'admin', 'DELETE', '/gpu-rules/rule_1', undefined, STALE],
    [403, 'finance', 'DELETE', '/gpu-rules/rule_1'],
    [204, 'admin', 'DELETE', '/gpu-rules/rule_1'],
    [404, 'admin', 'DELETE', '/gpu-rules/rule_1'],
  ],
  'owner-rules': [
    [201, 'admin', 'POST', '/owner-rules', OWNER],
    [400, 'admin', 'POST', '/owner-rules', { ...OWNER, field: 'tag' }],
    [404, 'admin', 'POST', '/owner-rules', { ...OWNER, owner: { kind: 'even', teams: [{ team_id: 'team_99' }] } }],
    [403, 'finance', 'POST', '/owner-rules', OWNER],
    [401, 'stranger', 'POST', '/owner-rules', OWNER],
    [200, 'finance', 'GET', '/owner-rules?limit=100'],
    [403, 'developer', 'GET', '/owner-rules'],
    [200, 'finance', 'GET', '/owner-rules/preview'],
    [403, 'viewer', 'GET', '/owner-rules/preview'],
    [409, 'admin', 'POST', '/owner-rules/order', { ids: ['own_7'] }],
    [200, 'admin', 'POST', '/owner-rules/order', { ids: ['own_1'] }],
    [403, 'finance', 'POST', '/owner-rules/apply', {}],
    [200, 'admin', 'POST', '/owner-rules/apply', {}],
    [200, 'finance', 'GET', '/owner-rules/history?skip=0&limit=10'],
    [200, 'finance', 'GET', '/owner-rules/own_1'],
    [404, 'admin', 'GET', '/owner-rules/own_99'],
    [200, 'admin', 'PUT', '/owner-rules/own_1', { note: 'agreed' }],
    [403, 'finance', 'PUT', '/owner-rules/own_1', { note: 'agreed' }],
    [412, 'admin', 'PUT', '/owner-rules/own_1', { note: 'x' }, STALE],
    [412, 'admin', 'DELETE', '/owner-rules/own_1', undefined, STALE],
    [403, 'finance', 'DELETE', '/owner-rules/own_1'],
    [204, 'admin', 'DELETE', '/owner-rules/own_1'],
    [404, 'admin', 'DELETE', '/owner-rules/own_1'],
  ],
  jobs: [
    [201, 'developer', 'POST', '/jobs', JOB],
    [409, 'admin', 'POST', '/jobs', JOB],
    [400, 'admin', 'POST', '/jobs', { ...JOB, job_id: 'job-2', status: 'lost' }],
    [404, 'admin', 'POST', '/jobs', { ...JOB, job_id: 'job-2', team_name: 'nobody' }],
    [403, 'developer', 'POST', '/jobs', { ...JOB, job_id: 'job-2', team_name: 'nlp' }],
    [403, 'viewer', 'POST', '/jobs', { ...JOB, job_id: 'job-2' }],
    [401, 'stranger', 'POST', '/jobs', JOB],
    [201, 'admin', 'POST', '/jobs', { ...JOB, job_id: 'job-2', team_name: 'nlp' }],
    [200, 'viewer', 'GET', '/jobs?team_id=team_1&status=pending&provider=aws&skip=0&limit=100'],
    [403, 'viewer', 'GET', '/jobs?team_id=team_2'],
    [400, 'admin', 'GET', '/jobs?limit=101'],
    [200, 'finance', 'GET', '/jobs/job_2'],
    [404, 'viewer', 'GET', '/jobs/job_2'],
    [200, 'developer', 'PUT', '/jobs/job_1', { gpu_count: 8 }],
    [400, 'developer', 'PUT', '/jobs/job_1', { status: 'completed' }],
    [403, 'developer', 'PUT', '/jobs/job_1', { team_id: 'team_2' }],
    [404, 'developer', 'PUT', '/jobs/job_2', { gpu_count: 8 }],
    [409, 'admin', 'PUT', '/jobs/job_1', { job_id: 'job-2' }],
    [412, 'developer', 'PUT', '/jobs/job_1', { gpu_count: 1 }, STALE],
    [412, 'developer', 'DELETE', '/jobs/job_1', undefined, STALE],
    [404, 'developer', 'DELETE', '/jobs/job_2'],
    [403, 'finance', 'DELETE', '/jobs/job_1'],
    [204, 'developer', 'DELETE', '/jobs/job_1'],
    [404, 'admin', 'DELETE', '/jobs/job_1'],
  ],
  costs: [
    [201, 'admin', 'POST', '/costs', COST],
    [409, 'admin', 'POST', '/costs', { ...COST, provider: 'aws' }],
    [400, 'admin', 'POST', '/costs', { ...COST, cost_usd: -1 }],
    [403, 'developer', 'POST', '/costs', COST],
    [401, 'stranger', 'POST', '/costs', COST],
    [200, 'finance', 'GET', '/costs?date=2026-01-13&provider=aws&gpu_type=h100'],
    [200, 'viewer', 'GET', '/costs'],
    [400, 'admin', 'GET', '/costs?start=2026-01-02&end=2026-01-01'],
    [200, 'admin', 'GET', '/costs/total?start=2026-01-01&end=2026-01-14'],
    [401, 'stranger', 'GET', '/costs/total'],
    [200, 'finance', 'GET', '/costs/cost_1'],
    [404, 'viewer', 'GET', '/costs/cost_1'],
    [404, 'admin', 'GET', '/costs/cost_99'],
    [200, 'admin', 'PUT', '/costs/cost_1', { cost_usd: '2800' }],
    [403, 'finance', 'PUT', '/costs/cost_1', { cost_usd: '2800' }],
    [412, 'admin', 'PUT', '/costs/cost_1', { cost_usd: '1' }, STALE],
    [404, 'admin', 'PUT', '/costs/cost_99', { cost_usd: '1' }],
    [412, 'admin', 'DELETE', '/costs/cost_1', undefined, STALE],
    [204, 'admin', 'DELETE', '/costs/cost_1'],
    [404, 'admin', 'DELETE', '/costs/cost_1'],
  ],
  usage: [
    [201, 'admin', 'POST', '/usage', USAGE],
    [409, 'admin', 'POST', '/usage', USAGE],
    [400, 'admin', 'POST', '/usage', { ...USAGE, gpu_hours: -1 }],
    [403, 'viewer', 'POST', '/usage', USAGE],
    [401, 'stranger', 'POST', '/usage', USAGE],
    [200, 'viewer', 'GET', '/usage'],
    [400, 'admin', 'GET', '/usage?skip=-1'],
    [200, 'finance', 'GET', '/usage/total?date=2026-01-13'],
    [200, 'admin', 'GET', '/usage/usage_1'],
    [404, 'developer', 'GET', '/usage/usage_1'],
    [200, 'admin', 'PUT', '/usage/usage_1', { gpu_hours: '24' }],
    [412, 'admin', 'PUT', '/usage/usage_1', { gpu_hours: '1' }, STALE],
    [404, 'admin', 'PUT', '/usage/usage_99', { gpu_hours: '1' }],
    [412, 'admin', 'DELETE', '/usage/usage_1', undefined, STALE],
    [204, 'admin', 'DELETE', '/usage/usage_1'],
    [404, 'admin', 'DELETE', '/usage/usage_1'],
  ],
}

test.each(Object.entries(PATHS))(
  'the documented paths of %s answer with the documented status',
  async (_name, calls) => {
    const heliox = await startHeliox()
    for (const name of ['ml', 'nlp']) await heliox.write('POST', '/api/v1/teams', { name })
    const callers = {
      admin: heliox,
      finance: await heliox.as('finance'),
      developer: await heliox.as('developer', ['team_1']),
      viewer: await heliox.as('viewer', ['team_1']),
      stranger: heliox.callerWith({}),
    }
    for (const [status, who, method, path, body, headers] of calls) {
      const answer = await callers[who].write(method, `/api/v1${path}`, body, headers)
      expect([who, method, path, body, answer.status]).toEqual([who, method, path, body, status])
      if (status === 204) expect(answer.body).toBeNull()
      if (status >= 400) expect(Object.keys(answer.body).sort()).toEqual(['detail', 'error', 'request_id'])
      if (status < 204 && /_\d+$/.test(path)) expect(answer.headers.get('etag')).toBe(`"${answer.body.version}"`)
    }
    const statuses = new Set(calls.map(([status]) => status))
    expect([...statuses].sort()).toEqual([200, 201, 204, 400, 401, 403, 404, 409, 412])
  },
)

test('what has not changed since is 304', async () => {
  const { write } = await startHeliox()
  const made = await write('POST', '/api/v1/usage', USAGE)
  const asked = { 'if-none-match': made.headers.get('etag') ?? '' }
  expect((await write('GET', '/api/v1/usage/usage_1', undefined, asked)).status).toBe(304)
  await write('PUT', '/api/v1/usage/usage_1', { gpu_hours: 1 })
  expect((await write('GET', '/api/v1/usage/usage_1', undefined, asked)).status).toBe(200)
})
