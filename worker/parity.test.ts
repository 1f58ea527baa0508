import { expect, test } from 'vitest'
import { startHeliox, type Written } from './testing.ts'

const PASSWORD = 'a tall ship and a star'
const FORTNIGHT = 'start=2026-01-01&end=2026-01-14'

/** What a row asks. `form`: as x-www-form-urlencoded. `token`: in the Authorization header, of those that rows kept. */
type Ask = { body?: object; form?: Record<string, string>; token?: string; key?: string | null }
type Row = [
  row: string,
  what: string,
  call: string,
  status: number,
  like: unknown,
  ask?: Ask,
  keep?: (answer: Written) => void,
]

const kept: Record<string, string> = {}
const keepTokens = (name: string) => (answer: Written) => {
  kept[name] = answer.body.access_token
  kept[`${name} refresh`] = answer.body.refresh_token
}
const keepId = (name: string) => (answer: Written) => {
  kept[name] = answer.body.id
}
const code = (text: string) => ({ error: { code: text } })
const ADA = { username: 'ada@example.com', password: PASSWORD }

/** The documented rows in the order in which a newcomer would try them; each sees what those before it did. */
const ROWS: Row[] = [
  ['P01', 'liveness', 'GET /health', 200, { status: 'ok' }],
  ['P02', 'database health', 'GET /health/db', 200, { status: 'ok' }],
  [
    'P03',
    'detailed health',
    'GET /health/detailed',
    200,
    { timestamp: expect.stringMatching(/Z$/), checks: expect.any(Array) },
  ],
  ['P04', 'the document', 'GET /api/v1/openapi.json', 200, { openapi: expect.stringMatching(/^3\.1/) }, { key: null }],

  [
    'P05',
    'register',
    'POST /api/v1/auth/register',
    201,
    { email: 'ada@example.com', role: 'viewer' },
    { body: { email: 'ada@example.com', password: PASSWORD }, key: null },
  ],
  [
    'P05',
    'taken e-mail',
    'POST /api/v1/auth/register',
    409,
    code('auth.email_taken'),
    { body: { email: 'ada@example.com', password: PASSWORD }, key: null },
  ],
  [
    'P05',
    'short password',
    'POST /api/v1/auth/register',
    400,
    { error: { details: [expect.stringContaining('password: must have at least 8')] } },
    { body: { email: 'b@example.com', password: 'short' }, key: null },
  ],
  [
    'P06',
    'login form',
    'POST /api/v1/auth/login',
    200,
    { token_type: 'bearer', expires_in: 1800 },
    { form: ADA, key: null },
    keepTokens('ada'),
  ],
  [
    'P06',
    'wrong password',
    'POST /api/v1/auth/login',
    401,
    { detail: 'Incorrect email or password' },
    { form: { ...ADA, password: 'not this one' }, key: null },
  ],
  [
    'P06',
    'unknown e-mail',
    'POST /api/v1/auth/login',
    401,
    { detail: 'Incorrect email or password' },
    { form: { ...ADA, username: 'eve@example.com' }, key: null },
  ],
  ['P07', 'garbage token', 'GET /api/v1/auth/me', 401, { detail: 'Invalid token' }, { token: 'garbage' }],
  [
    'P10',
    'me',
    'GET /api/v1/auth/me',
    200,
    { email: 'ada@example.com', name: '', role: 'viewer', team_name: null },
    { token: 'ada' },
  ],
  [
    'P08',
    'a refresh token is no access token',
    'GET /api/v1/auth/me',
    401,
    { detail: 'Invalid token' },
    { token: 'ada refresh' },
  ],
  [
    'P08',
    'refresh',
    'POST /api/v1/auth/refresh',
    200,
    { token_type: 'bearer' },
    { body: { refresh_token: 'ada refresh' }, key: null },
    keepTokens('next'),
  ],
  ['P08', 'the old pair is over', 'GET /api/v1/auth/me', 401, { detail: 'Invalid token' }, { token: 'ada' }],
  [
    'P08',
    'a reused refresh token',
    'POST /api/v1/auth/refresh',
    401,
    code('auth.refresh_reused'),
    { body: { refresh_token: 'ada refresh' }, key: null },
  ],
  ['P08', 'ends the family', 'GET /api/v1/auth/me', 401, { detail: 'Invalid token' }, { token: 'next' }],
  ['P09', 'login again', 'POST /api/v1/auth/login', 200, {}, { form: ADA, key: null }, keepTokens('last')],
  ['P09', 'logout', 'POST /api/v1/auth/logout', 200, { status: 'success' }, { token: 'last' }],
  ['P09', 'is signed out', 'GET /api/v1/auth/me', 401, { detail: 'Invalid token' }, { token: 'last' }],

  [
    'P27',
    'no admin key',
    'POST /api/v1/admin/ingest/cost/mock',
    401,
    { detail: 'Missing X-API-Key header' },
    { key: null },
  ],
  [
    'P27',
    'wrong admin key',
    'POST /api/v1/admin/ingest/cost/mock',
    401,
    { detail: 'Invalid API key' },
    { key: 'wrong' },
  ],
  [
    'P28',
    'costs',
    'POST /api/v1/admin/ingest/cost/mock',
    200,
    { result: { total_records: 28, inserted: 28, updated: 0, failed: 0, errors: [] } },
  ],
  [
    'P29',
    'costs again',
    'POST /api/v1/admin/ingest/cost/mock',
    200,
    { result: { total_records: 28, inserted: 0, updated: 28, failed: 0 } },
  ],
  [
    'P36',
    'jobs',
    'POST /api/v1/admin/ingest/jobs/mock',
    200,
    {
      result: {
        teams: { created: 3, existing: 0, total: 3 },
        jobs: { inserted: 30, updated: 0, failed: 0, total: 30 },
        errors: [],
      },
    },
  ],
  [
    'P37',
    'jobs again',
    'POST /api/v1/admin/ingest/jobs/mock',
    200,
    { result: { teams: { created: 0, existing: 3 }, jobs: { inserted: 0, updated: 30 } } },
  ],
  ['P38', 'unknown source', 'POST /api/v1/admin/ingest/cost/moon', 404, code('ingest.unknown_source')],
  [
    'P34',
    'invalid file',
    'POST /api/v1/admin/ingest/cost/mock',
    400,
    {
      detail: { message: 'Invalid cost data format', errors: [expect.stringContaining('cost_data -> 0 -> cost_usd')] },
    },
    { body: { cost_data: [{ date: '2026-01-01', provider: 'AWS', gpu_type: 'A100', cost_usd: -1 }] } },
  ],

  ['P14', 'make a team', 'POST /api/v1/teams', 201, { name: 'vision' }, { body: { name: 'vision' } }, keepId('vision')],
  ['P14', 'duplicate name', 'POST /api/v1/teams', 409, code('teams.name_taken'), { body: { name: 'Vision' } }],
  ['P14', 'rename', 'PUT /api/v1/teams/{vision}', 200, { name: 'robots' }, { body: { name: 'robots' } }],
  [
    'P16',
    'budgets',
    'GET /api/v1/teams',
    200,
    {
      total: 4,
      teams: [
        { budget_usd: '50000.00' },
        { budget_usd: '75000.00' },
        { budget_usd: '100000.00' },
        { budget_usd: null },
      ],
    },
  ],
  ['P19', 'default page', 'GET /api/v1/jobs', 200, { skip: 0, limit: 50, total: 30, has_more: false }],
  ['P19', 'first ten', 'GET /api/v1/jobs?limit=10', 200, { limit: 10, has_more: true }],
  ['P19', 'too many', 'GET /api/v1/jobs?limit=101', 400, code('request.invalid')],
  [
    'P20',
    'AWS is aws',
    'GET /api/v1/jobs?team_id=team_1&status=COMPLETED&provider=AWS',
    200,
    { jobs: expect.any(Array) },
  ],
  [
    'P17',
    'make a job',
    'POST /api/v1/jobs',
    201,
    { job_id: 'job-031' },
    { body: { job_id: 'job-031', team_id: 'vision', provider: 'AWS', gpu_type: 'A100' } },
    keepId('job'),
  ],
  [
    'P17',
    'repeated job id',
    'POST /api/v1/jobs',
    409,
    code('jobs.job_id_taken'),
    { body: { job_id: 'job-031', team_id: 'vision', provider: 'AWS', gpu_type: 'A100' } },
  ],
  [
    'P18',
    'end before start',
    'PUT /api/v1/jobs/{job}',
    400,
    { error: { details: [expect.stringContaining('end_time')] } },
    { body: { start_time: '2026-01-02T00:00:00Z', end_time: '2026-01-01T00:00:00Z', status: 'completed' } },
  ],
  [
    'P18',
    'unknown status',
    'PUT /api/v1/jobs/{job}',
    400,
    { error: { details: [expect.stringContaining('status')] } },
    { body: { status: 'lost' } },
  ],
  ['P15', 'delete the team', 'DELETE /api/v1/teams/{vision}', 204, null],
  ['P15', 'its job is gone', 'GET /api/v1/jobs/{job}', 404, code('jobs.no_job')],

  [
    'P24',
    'AWS/A100 again',
    'POST /api/v1/costs',
    409,
    code('costs.entry_exists'),
    { body: { date: '2026-01-01', provider: 'AWS', gpu_type: 'A100', cost_usd: '1' } },
  ],
  ['P26', 'the total', `GET /api/v1/costs/total?${FORTNIGHT}`, 200, { total_cost_usd: '52073.58', count: 28 }],
  ['P26', 'an empty range', 'GET /api/v1/costs/total?start=2025-01-01&end=2025-01-02', 200, { total_cost_usd: '0.00' }],
  [
    'P23',
    'filters combine',
    `GET /api/v1/costs?${FORTNIGHT}&gpu_type=H100&limit=5`,
    200,
    { total: 14, has_more: true },
  ],
  [
    'P31',
    'newest rows',
    'GET /api/v1/costs?limit=6',
    200,
    {
      costs: [
        ['14', 'a100', '1234.67'],
        ['14', 'h100', '2456.78'],
        ['13', 'a100', '1487.23'],
        ['13', 'h100', '2789.12'],
        ['12', 'a100', '1398.45'],
        ['12', 'h100', '2567.89'],
      ].map(([day, gpuType, cost]) => ({ date: `2026-01-${day}`, provider: 'aws', gpu_type: gpuType, cost_usd: cost })),
    },
  ],
  ['P22', 'edit a cost', 'PUT /api/v1/costs/cost_1', 200, { cost_usd: '1255.67' }, { body: { cost_usd: '1255.67' } }],
  [
    'P22',
    'the total moves by the difference',
    `GET /api/v1/analytics/reconciliation?${FORTNIGHT}`,
    200,
    { billed_cost_usd: '52083.58', difference_usd: '0.00' },
  ],
  ['P22', 'back again', 'PUT /api/v1/costs/cost_1', 200, {}, { body: { cost_usd: '1245.67' } }],
  [
    'P25',
    'measured usage',
    'POST /api/v1/usage',
    201,
    { gpu_hours: '24.5' },
    { body: { date: '2026-01-01', provider: 'aws', gpu_type: 'a100', gpu_hours: 24.5 } },
  ],
  ['P25', 'in the total', 'GET /api/v1/usage/total', 200, { gpu_hours: '24.5' }],
  [
    'P25',
    'duplicate key',
    'POST /api/v1/usage',
    409,
    code('usage.usage_exists'),
    { body: { date: '2026-01-01', provider: 'AWS', gpu_type: 'A100', gpu_hours: 1 } },
  ],

  [
    'P50',
    'end before start',
    'GET /api/v1/analytics/cost/by-team?start=2026-01-14&end=2026-01-01',
    400,
    code('request.invalid'),
  ],
  ['P50', 'bad day', 'GET /api/v1/analytics/cost/by-team?start=yesterday&end=2026-01-01', 400, code('request.invalid')],
  ['P50', 'no day', 'GET /api/v1/analytics/cost/by-team', 400, code('request.invalid')],
  [
    'P47',
    'exposure is not additive',
    `GET /api/v1/analytics/cost/by-team?${FORTNIGHT}&basis=exposure`,
    200,
    expect.arrayContaining([expect.objectContaining({ is_additive: false })]),
  ],

  [
    'P60',
    'utilisation: the bill has no hours, so capacity is estimated and said so',
    `GET /api/v1/analytics/utilization?${FORTNIGHT}`,
    200,
    { rows: expect.any(Array), totals: { is_estimated: true, idle_share: expect.any(Number) } },
  ],
  [
    'P61',
    'an unknown route has a request id',
    'GET /api/v1/none',
    404,
    { request_id: expect.any(String), error: { code: 'request.no_route', details: [] } },
  ],
  [
    'P82',
    'a key is shown once',
    'POST /api/v1/keys',
    201,
    { key: expect.stringMatching(/^hlx_/) },
    { body: { name: 'ci', scopes: ['usage:read'] } },
    ({ body }) => {
      kept.ci = body.key
      kept.key = body.id
    },
  ],
  ['P82', 'and works', 'GET /api/v1/teams', 200, { total: 3 }, { token: 'ci' }],
  [
    'P82',
    'it was used',
    'GET /api/v1/keys/{key}',
    200,
    { used_at: expect.stringMatching(/Z$/), prefix: expect.stringMatching(/^hlx_/) },
  ],
  ['P82', 'revoke', 'DELETE /api/v1/keys/{key}', 204, null],
  ['P82', 'it is over', 'GET /api/v1/teams', 401, code('auth.invalid_api_key'), { token: 'ci' }],
  ['P13', 'disable a user', 'PUT /api/v1/users/user_1', 200, { status: 'disabled' }, { body: { is_disabled: true } }],
  ['P13', 'who is refused', 'POST /api/v1/auth/login', 401, code('auth.disabled'), { form: ADA, key: null }],
  [
    'P93',
    'the audit log',
    'GET /api/v1/audit?limit=1',
    200,
    { entries: [{ actor: 'admin key', action: 'users.update', target: 'ada@example.com' }] },
  ],
]

test('every documented path answers as the documents say, one after the other on one deployment', async () => {
  const heliox = await startHeliox()
  for (const [row, what, call, status, like, ask = {}, keep] of ROWS) {
    const [method = '', pattern = ''] = call.split(' ')
    const path = pattern.replace(/\{(\w+)\}/, (_, name: string) => kept[name] ?? name)
    const { form, token, key } = ask
    const body = ask.body && swapKept(ask.body)
    const headers: Record<string, string> = {}
    if (form) headers['content-type'] = 'application/x-www-form-urlencoded'
    else if (body) headers['content-type'] = 'application/json'
    const credentials = token ? { authorization: `Bearer ${kept[token] ?? token}` } : key ? { 'x-api-key': key } : {}
    const caller =
      token !== undefined || key !== undefined ? heliox.callerWith(credentials as Record<string, string>) : heliox
    const payload = form ? new URLSearchParams(form).toString() : body ? JSON.stringify(body) : undefined
    const response = await caller.fetch(path, { method, headers, ...(payload === undefined ? {} : { body: payload }) })
    const text = await response.text()
    const answer = { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
    expect([row, what, answer.status, answer.status === status ? '' : text]).toEqual([row, what, status, ''])
    if (like === null) expect(answer.body).toBe(null)
    else if (Array.isArray(answer.body)) expect(answer.body).toEqual(like)
    else expect([row, what, answer.body]).toMatchObject([row, what, like])
    keep?.(answer)
  }
})

/** "ada refresh" in a body is the token that a row kept under that name. */
function swapKept(body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, kept[value as string] ?? value]))
}

test('an access token lives as long as it was set to, and then says that it has expired (P07)', async () => {
  const heliox = await startHeliox({ settings: { ACCESS_TOKEN_EXPIRE_MINUTES: '30' } })
  const ada = await heliox.as('viewer')
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(200)
  heliox.moveTo('2026-03-01T12:30:01Z')
  expect(await ada.write('GET', '/api/v1/auth/me')).toMatchObject({
    status: 401,
    body: { detail: 'Token has expired' },
  })
})

test('paging through 3 × 10 shows 30 distinct jobs (P21)', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/admin/ingest/jobs/mock')
  const pages = await Promise.all([0, 10, 20].map((skip) => heliox.trpc.jobs.list.query({ skip, limit: 10 })))
  expect(new Set(pages.flatMap(({ jobs }) => jobs.map(({ id }) => id))).size).toBe(30)
})

test('by team and by model sum to the bill, and every day of the fortnight is there (P45, P46, P48, P51)', async () => {
  const heliox = await startHeliox()
  for (const kind of ['cost', 'jobs']) await heliox.write('POST', `/api/v1/admin/ingest/${kind}/mock`)
  for (const path of ['by-team', 'by-model']) {
    const rows = await heliox.json<Record<string, string>[]>(`/api/v1/analytics/cost/${path}?${FORTNIGHT}`)
    const cents = rows.reduce((sum, { total_cost_usd: cost = '' }) => sum + Math.round(Number(cost) * 1e6), 0)
    expect(cents).toBe(52_073_580_000)
    expect(rows.at(-1)).toMatchObject(
      path === 'by-team' ? { team_name: '__unallocated__' } : { model_name: '__unallocated__' },
    )
    if (path === 'by-team') expect(rows.slice(0, 3).map((row) => row.job_count)).toEqual([10, 10, 10])
  }
  const days = await heliox.json<Record<string, string>[]>(`/api/v1/analytics/cost/daily?${FORTNIGHT}`)
  expect(days).toHaveLength(14)
  expect(days.find(({ date }) => date === '2026-01-13')?.total_cost_usd).toBe('4276.35')
})

test('the 101st call of a key within a minute is 429 with a wait, and other keys do not help (P83)', async () => {
  const heliox = await startHeliox()
  const { body } = await heliox.write('POST', '/api/v1/keys', { name: 'busy', scopes: ['usage:read'] })
  const busy = heliox.callerWith({ authorization: `Bearer ${body.key}` })
  for (let call = 1; call <= 100; call += 1) expect((await busy.fetch('/api/v1/demo')).status).toBe(200)
  const refused = await busy.fetch('/api/v1/demo')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('x-ratelimit-limit')).toBe('100')
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
  const random = heliox.callerWith({ authorization: `Bearer hlx_${'a'.repeat(56)}` })
  expect((await random.fetch('/api/v1/demo')).status).toBe(401)
})
