import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { freshDb } from '../../db/testing.ts'
import { answerJson, startGateway, startUpstream, type Upstream } from '../gateway/testing-upstream.ts'
import { createLog } from '../log.ts'
import { readExposition, sampleValue } from '../monitoring/read-exposition.ts'
import { appRouter } from '../router.ts'
import { restRoutes } from '../routes.ts'
import { startHeliox } from '../testing.ts'
import { batchLabel, batchSizeOf } from './batch-size.ts'
import { addCalls } from './call-cells.ts'
import { counterCell } from './counted.ts'
import { IsolateCounts } from './isolate-counts.ts'
import { writeReport } from './write-cells.ts'

const upstreams: Upstream[] = []
afterEach(async () => {
  for (const one of upstreams.splice(0)) await one.close()
})

type Ask = (path: string, init?: RequestInit) => Promise<Response>
const scrape = async (ask: Ask, headers: Record<string, string> = {}) => {
  const answer = await ask('/metrics', { headers })
  expect(answer.status).toBe(200)
  return readExposition(await answer.text())
}
const QUIET = createLog('error')

test('requests are counted by method, pattern of their route and status, with the time that they took', async () => {
  const { fetch, stranger } = await startHeliox()
  for (const path of ['/api/v1/teams', '/api/v1/teams', '/api/v1/teams/team_999', '/trpc/auth.me', '/api/v1/none'])
    await fetch(path)
  await stranger('/api/v1/teams')
  const found = await scrape(stranger)
  const requests = (endpoint: string, status: number) =>
    sampleValue(found, 'api_requests_total', { method: 'GET', endpoint, status: String(status) })
  expect(requests('/api/v1/teams', 200)).toBe(2)
  expect(requests('/api/v1/teams', 401)).toBe(1)
  expect(requests('/trpc/auth.me', 200)).toBe(1)
  expect(requests('unmatched', 404)).toBeGreaterThanOrEqual(1)
  const of = { method: 'GET', endpoint: '/api/v1/teams' }
  expect(sampleValue(found, 'api_request_duration_seconds_count', of)).toBe(3)
  expect(sampleValue(found, 'api_request_duration_seconds_bucket', { ...of, le: '+Inf' })).toBe(3)
  expect(sampleValue(found, 'heliox_database_seconds_count', { operation: 'execute' })).toBeGreaterThan(0)
  expect(sampleValue(found, 'active_connections')).toBe(1) // the scrape itself
})

test('whatever is asked for, the endpoints are those that exist', async () => {
  const heliox = await startHeliox()
  const known = new Set([
    ...restRoutes.map(({ path }) => `/api/v1${path}`),
    ...Object.keys(appRouter._def.procedures).map((name) => `/trpc/${name}`),
    ...['/trpc/batch', 'unmatched', '/health', '/health/db', '/health/detailed', '/metrics'],
    ...['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/models', '/v1/usage'],
    '/v1/models/:id{.+}',
  ])
  const piece = fc.oneof(
    fc.stringMatching(/^[a-z0-9_.%-]{1,12}$/),
    fc.constantFrom('teams', 'v1', 'api', 'models', 'x"y'),
  )
  const path = fc
    .tuple(fc.constantFrom('/api/v1', '/trpc', '/v1', '/health', '/metrics', '/api'), fc.array(piece, { maxLength: 4 }))
    .map(([root, pieces]) => [root, ...pieces.map(encodeURIComponent)].join('/'))
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'PROPFIND')
  await fc.assert(
    fc.asyncProperty(path, method, async (asked, by) => {
      await heliox
        .callerWith({})
        .fetch(asked, { method: by })
        .catch(() => undefined) // no answer of ours is documented for these
    }),
    { numRuns: 300 },
  )
  const found = await scrape(heliox.stranger)
  const samples = found.get('api_requests_total')?.samples ?? []
  for (const { labels } of samples) expect(known).toContain(labels.endpoint)
  expect(samples.some(({ labels }) => labels.endpoint === 'unmatched')).toBe(true)
  expect(new Set(samples.map(({ labels }) => labels.method))).toContain('OTHER')
})

test('calls of models are counted by the meter, once each, with their time, tokens and outcome', async () => {
  const { call, metered, addBackend, heliox } = await startGateway({ METRICS_TOKEN: 'a-token-of-this-scraper' })
  let isWell = true
  const stub = await startUpstream(({ response }) =>
    isWell
      ? response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
      : response.writeHead(500).end('{}'),
  )
  upstreams.push(stub)
  const backend = await addBackend(stub.url)
  for (const _ of [1, 2, 3]) expect((await call({})).status).toBe(200)
  isWell = false
  expect((await call({})).status).toBeGreaterThanOrEqual(500)
  await metered()
  await heliox.stranger('/v1/chat/completions', { method: 'POST', body: '{}' }) // no key: never metered
  expect((await call({ model: 'none' })).status).toBe(404)
  const found = await scrape(heliox.stranger)
  const endpoint = '/v1/chat/completions'
  const answered = (found.get('api_requests_total')?.samples ?? []).filter(({ labels }) => labels.endpoint === endpoint)
  expect(answered.map(({ labels, value }) => `${labels.status?.[0]}xx ${value}`).sort()).toEqual([
    '2xx 3',
    '4xx 1',
    '4xx 1',
    '5xx 1',
  ])
  expect(sampleValue(found, 'model_inference_seconds_count', { model: 'small', batch_size: '1' })).toBe(3)
  expect(sampleValue(found, 'heliox_tokens_total', { model: 'small', kind: 'output' })).toBe(60)
  expect(sampleValue(found, 'heliox_backend_calls_total', { backend, outcome: 'completed' })).toBe(3)
  expect(sampleValue(found, 'heliox_backend_calls_total', { backend, outcome: 'failed' })).toBe(1)
  // Amounts are for who sends the token; another one is refused.
  expect(found.has('heliox_model_cost_usd_total')).toBe(false)
  const known = await scrape(heliox.stranger, { authorization: 'Bearer a-token-of-this-scraper' })
  expect(sampleValue(known, 'heliox_model_cost_usd_total', { model: 'small' })).toBeCloseTo(0.00015, 9)
  const wrong = await heliox.stranger('/metrics', { headers: { authorization: 'Bearer another-token' } })
  expect(wrong.status).toBe(401)
})

test('a call that comes twice counts once; one that was given up counts as a request, and the rest at its true end', async () => {
  const { call, metered, addBackend, heliox } = await startGateway()
  const stub = await startUpstream(({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson()),
  )
  upstreams.push(stub)
  await addBackend(stub.url)
  await call({})
  await metered()
  const [row] = await heliox.db.all<{ id: string }>(sql`select id from requests`)
  const record = (id: string, errorCode: string) =>
    JSON.stringify({
      ...{ id, errorCode, endpoint: 'chat.completions', modelAsked: 'small', cache: 'off', status: 'completed' },
      ...{
        httpStatus: errorCode ? null : 200,
        latencyMs: errorCode ? null : 40,
        backendId: 'bknd_1',
        backend: 'first',
      },
      ...{ inputTokens: 5, outputTokens: 7, costNanoUsd: '3' },
    })
  const add = async (...calls: string[]) => heliox.db.run(addCalls(calls, 'unsettled') ?? sql`select 1`)
  const tokens = async () =>
    sampleValue(await scrape(heliox.stranger), 'heliox_tokens_total', { model: 'small', kind: 'output' })
  expect(await tokens()).toBe(20)
  await add(record(row?.id ?? '', ''))
  expect(await tokens()).toBe(20)
  await add(record('req_new', 'unsettled'), record('req_new', '')) // both in one batch
  expect(await tokens()).toBe(27)
  await heliox.db.run(sql`update requests set error_code = 'unsettled'`)
  const requests = async () =>
    ((await scrape(heliox.stranger)).get('api_requests_total')?.samples ?? [])
      .filter(({ labels }) => labels.endpoint === '/v1/chat/completions')
      .reduce((sum, { value }) => sum + value, 0)
  const before = await requests()
  await add(record(row?.id ?? '', 'unsettled'))
  expect(await tokens()).toBe(27)
  await add(record(row?.id ?? '', ''))
  expect([await tokens(), await requests()]).toEqual([34, before])
})

test('what two isolates count adds up, and a report that comes again adds nothing', async () => {
  const db = await freshDb()
  const report = (isolate: string, seq: number) => ({
    ...{ isolate, seq, openCount: 0, atMs: Date.now() },
    cells: [counterCell('heliox_gateway_refusals_total', ['budget'])],
  })
  const total = async () => {
    const [row] = await db.all<{ n: bigint }>(
      sql`select count as n from metric_cells where name = 'heliox_gateway_refusals_total'`,
    )
    return Number(row?.n ?? 0n)
  }
  for (const isolate of ['a', 'b']) await writeReport(db, report(isolate, 1))
  expect(await total()).toBe(2)
  await writeReport(db, report('a', 1)) // its answer was lost on the way
  expect(await total()).toBe(2)
  await writeReport(db, report('a', 2))
  expect(await total()).toBe(3)
})

test('counts that the database does not take, or took without saying so, are written once when it is back', async () => {
  const db = await freshDb()
  const counts = new IsolateCounts()
  const log = { ...QUIET, error: () => undefined }
  const { batch } = db.$client
  let fault: 'none' | 'before' | 'after' = 'before'
  db.$client.batch = async (...given: Parameters<typeof batch>) => {
    if (fault === 'before') throw new Error('away')
    const answer = await batch.apply(db.$client, given)
    if (fault === 'after') throw new Error('cut off')
    return answer
  }
  const happen = () => {
    counts.count('heliox_gateway_refusals_total', ['budget'])
    counts.news()
  }
  const total = async () => {
    const rows = await db.all<{ n: bigint }>(sql`select count as n from metric_cells where name like 'heliox_%'`)
    return rows.map(({ n }) => Number(n))
  }
  happen()
  await counts.write(() => db, log)
  expect(await total()).toEqual([])
  fault = 'after'
  happen()
  await counts.write(() => db, log)
  fault = 'none'
  happen()
  await counts.write(() => db, log)
  expect(await total()).toEqual([3])
  await counts.write(() => db, log) // nothing new: nothing is written
  expect(await total()).toEqual([3])
})

test('a scrape and a probe are no reason to write', async () => {
  const { stranger, db } = await startHeliox()
  for (const path of ['/health', '/metrics', '/health/db', '/metrics']) await stranger(path)
  expect(await db.all(sql`select 1 from metric_cells`)).toEqual([])
})

test('a batch is counted by its inputs, rounded up to a power of two', () => {
  expect([1, 2, 3, 8, 9, 2048, 100_000].map(batchLabel)).toEqual(['1', '2', '4', '8', '16', '2048', '4096'])
  expect(['a', ['a', 'b'], [1, 2, 3], [[1], [2]], [], undefined].map(batchSizeOf)).toEqual([1, 2, 1, 2, 1, 1])
})
