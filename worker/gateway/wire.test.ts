import { afterEach, expect, test } from 'vitest'
import { budgets } from '../../db/schema/budgets.ts'
import { teamGateway } from '../../db/schema/gateway.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { answerJson, chunk, LAST, sse, startGateway, startUpstream, type Upstream } from './testing-upstream.ts'

const upstreams: Upstream[] = []
afterEach(async () => {
  for (const one of upstreams.splice(0)) await one.close()
})

const ECHO = { model: 'echo' }

test('what cannot be answered is refused in the envelope of OpenAI, whatever is wrong', async () => {
  const { heliox, call, key } = await startGateway()
  const own = { headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } }
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const cases: [string, Promise<Response>, number, string | null][] = [
    ['an unknown path', heliox.stranger('/v1/files', own), 404, 'unknown_url'],
    ['nothing below /v1', heliox.stranger('/v1', own), 404, 'unknown_url'],
    ['an unknown model', heliox.stranger('/v1/models/gone/too', own), 404, 'model_not_found'],
    ['GET of a POST', heliox.stranger('/v1/chat/completions', own), 405, 'method_not_supported'],
    ['POST of a GET', heliox.stranger('/v1/models', { method: 'POST', ...own }), 405, 'method_not_supported'],
    ['DELETE', heliox.stranger('/v1/models/echo', { method: 'DELETE', ...own }), 405, 'method_not_supported'],
    ['no JSON', call({}, { body: '{"model": "echo"' }), 400, null],
    ['nothing', call({}, { body: '' }), 400, null],
    ['a list', call({}, { body: '[]' }), 400, null],
    ['a deep body', call({}, { body: `{"model":"echo","messages":${'['.repeat(9e4)}${']'.repeat(9e4)}}` }), 400, null],
    ['a form', call(ECHO, form), 415, 'unsupported_content_type'],
    ['too much', call({}, { body: 'x'.repeat(32 * 1024 * 1024 + 1) }), 413, 'request_too_large'],
    ['no model', call({ model: 7 }), 400, null],
    ['a stream of embeddings', call({ ...ECHO, stream: true, input: 'x' }, {}, '/v1/embeddings'), 400, null],
    ['no key', call(ECHO, { headers: { authorization: '' } }), 401, 'invalid_api_key'],
    ['a wrong key', call(ECHO, { headers: { authorization: 'Bearer sk-123' } }), 401, 'invalid_api_key'],
  ]
  for (const [what, answering, status, code] of cases) {
    const response = await answering
    const { error } = (await response.json()) as { error: Record<string, unknown> }
    expect([what, response.status, error.code]).toEqual([what, status, code])
    expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code'])
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
    if (status === 405) expect(response.headers.get('allow')).toMatch(/^(GET|POST)$/)
  }
}, 60_000)

test('HEAD answers as GET without a body, and the id of a client comes back beside ours', async () => {
  const { heliox, key } = await startGateway()
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'their-id/7' }
  const head = await heliox.stranger('/v1/models', { method: 'HEAD', headers })
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect(head.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
  expect(head.headers.get('x-client-request-id')).toBe('their-id/7')
  const odd = await heliox.stranger('/v1/models', { headers: { ...headers, 'x-request-id': 'a "b"; <c>' } })
  expect(odd.headers.get('x-client-request-id')).toBeNull()
})

test('a page on an origin of CORS_ORIGINS may call, one on any other may not', async () => {
  const { heliox, call } = await startGateway({ CORS_ORIGINS: '["https://app.example.com"]' })
  const preflight = (origin: string) =>
    heliox.stranger('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
      },
    })
  const ours = await preflight('https://app.example.com')
  expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.example.com'])
  expect(ours.headers.get('access-control-allow-headers')).toBe('authorization,content-type,x-stainless-lang')
  expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull()
  for (const stream of [false, true]) {
    const answer = await call({ ...ECHO, stream }, { headers: { origin: 'https://app.example.com' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Heliox-Cost-USD')
    await answer.text()
  }
  const refused = await call({ model: 'gone' }, { headers: { origin: 'https://app.example.com' } })
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([404, 'https://app.example.com'])
  const cookie = await call(ECHO, {
    headers: { origin: 'https://evil.example.com', cookie: 'heliox_session=abc', authorization: '' },
  })
  expect([401, 403]).toContain(cookie.status)
})

test('limits stand beside answers, streams and refusals; what a budget refuses is not tried again', async () => {
  const { heliox, call } = await startGateway()
  const limited = await heliox.write('POST', '/api/v1/keys', { name: 'slow', scopes: ['inference'], rpm: 3 })
  const headers = { authorization: `Bearer ${limited.body.key as string}` }
  const rest: (string | null)[] = []
  for (const body of [ECHO, { ...ECHO, stream: true }]) {
    const response = await call(body, { headers })
    await response.text()
    rest.push(response.headers.get('x-ratelimit-remaining-requests'))
  }
  expect(rest).toEqual(['2', '1'])
  await call(ECHO, { headers })
  const over = await call(ECHO, { headers })
  expect([over.status, over.headers.get('x-ratelimit-remaining-requests')]).toEqual([429, '0'])
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
  const spent = { scope: 'company', period: 'month', mode: 'hard', limitTokens: 1 } as const
  await heliox.db.insert(budgets).values({ ...spent, createdAtMs: heliox.now() })
  heliox.moveTo('2026-03-01T12:00:02Z') // this isolate asks for settings once a second
  const refused = await call(ECHO)
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([429, 'false'])
  expect(await refused.json()).toMatchObject({ error: { code: 'insufficient_quota' } })
})

test('a stream tells its cost in a comment before its end, and a team that turned it off is told nothing', async () => {
  const gateway = await startGateway()
  const { heliox, call } = gateway
  const stub = await startUpstream((asked) => {
    if (asked.body.includes('"stream":true')) sse(asked).end(chunk('a') + LAST)
    else asked.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
  })
  upstreams.push(stub)
  await gateway.addBackend(stub.url)
  const team = await heliox.write('POST', '/api/v1/teams', { name: 'quiet' })
  const teamId = team.body.id as TeamId
  await heliox.db.insert(teamGateway).values({ teamId, saysCost: false })
  const made = await heliox.write('POST', '/api/v1/keys', { name: 'quiet', scopes: ['inference'], team_id: teamId })
  const quiet = { headers: { authorization: `Bearer ${made.body.key as string}` } }
  expect(await (await call({ stream: true })).text()).toMatch(/\n\n: x-heliox-cost-usd 0\.00005\n\ndata: \[DONE\]\n\n$/)
  expect(await (await call({ stream: true }, quiet)).text()).not.toContain('heliox')
  const told = (await call({})).headers
  expect([told.get('x-heliox-cost-usd'), told.get('x-heliox-backend'), told.get('x-heliox-cache')]).toEqual([
    ...['0.00005', 'first', 'off'],
  ])
  const silent = [...(await call({}, quiet)).headers.keys()].filter((name) => name.startsWith('x-heliox'))
  expect(silent).toEqual([])
})

test('/v1/usage adds up what a key and its team used today and this month, by model', async () => {
  const { heliox } = await startGateway()
  const price = {
    model: 'echo',
    effectiveFrom: '2026-01-01' as Day,
    input: '1',
    output: '2',
    createdAtMs: heliox.now(),
  }
  await heliox.db.insert(modelPrices).values(price)
  const team = await heliox.write('POST', '/api/v1/teams', { name: 'apps' })
  const keys: string[] = []
  for (const scopes of [['inference'], ['inference'], ['usage:read'], ['ingest']]) {
    const made = await heliox.write('POST', '/api/v1/keys', { name: 'k', scopes, team_id: team.body.id })
    keys.push(made.body.key as string)
  }
  const call = async (key = '') =>
    (
      await heliox.stranger('/v1/embeddings', {
        method: 'POST',
        body: JSON.stringify({ model: 'echo', input: 'four' }),
        headers: { authorization: `Bearer ${key}` },
      })
    ).text()
  heliox.moveTo('2026-03-02T12:00:00Z')
  await call(keys[0])
  heliox.moveTo('2026-03-03T12:00:00Z')
  await call(keys[0])
  await call(keys[1])
  await heliox.book.flush()
  const usageOf = (key = '') => heliox.stranger('/v1/usage', { headers: { authorization: `Bearer ${key}` } })
  const sums = (requests: number, models = requests === 0 ? [] : [{ model: 'echo', requests }]) => ({
    ...{ requests, input_tokens: requests, total_tokens: requests },
    ...{ cost_usd: requests === 0 ? '0.00' : `0.00000${requests}`, models },
  })
  expect(await (await usageOf(keys[0])).json()).toMatchObject({
    ...{ object: 'usage', key_id: 'key_2', team_id: team.body.id },
    own: { today: { start_date: '2026-03-03', ...sums(1) }, this_month: { start_date: '2026-03-01', ...sums(2) } },
    team: { today: sums(2), this_month: sums(3) },
  })
  expect(await (await usageOf(keys[2])).json()).toMatchObject({
    own: { this_month: sums(0) },
    team: { this_month: sums(3) },
  })
  expect((await usageOf(keys[3])).status).toBe(403)
  expect((await heliox.stranger('/v1/usage')).status).toBe(401)
})
