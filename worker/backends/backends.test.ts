import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { backends } from '../../db/schema/backends.ts'
import { requests } from '../../db/schema/requests.ts'
import type { BackendId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { startProvider } from './testing.ts'

const PATH = '/api/v1/gateway/backends'
const KEY = 'sk-a-key-that-nobody-may-see'
const body = (more: object = {}) => ({
  ...{ name: 'vllm', kind: 'openai-compatible', base_url: 'https://llm.example.com/v1/', api_key: KEY },
  ...{ models: [{ model: 'small', upstream_model: 'small-2026' }, { model: 'large' }] },
  ...more,
})

/** Everything that anybody could read of the key: answers, the audit log, the rows. */
async function wordsOf({ fetch, db }: TestHeliox): Promise<string> {
  const answers = await Promise.all(
    [PATH, `${PATH}/bknd_1`, '/api/v1/audit'].map(async (at) => (await fetch(at)).text()),
  )
  return JSON.stringify(
    [answers, await db.select().from(backends), await db.all(sql`select * from audit_log`)],
    (_, v) => (typeof v === 'bigint' ? Number(v) : v),
  )
}

test('a backend is declared with what it serves; its key is kept sealed and shown to nobody', async () => {
  const heliox = await startHeliox()
  const made = await heliox.write('POST', PATH, body({ config: { headers: [{ name: 'X-Org', value: 'research' }] } }))
  expect([made.status, made.headers.get('etag')]).toEqual([201, `"${made.body.version}"`])
  expect(made.body).toMatchObject({
    ...{
      id: 'bknd_1',
      base_url: 'https://llm.example.com/v1',
      has_api_key: true,
      enabled: true,
      priority: 0,
      weight: 1,
    },
    ...{
      timeout_ms: 60_000,
      retries: 1,
      max_concurrency: null,
      config: { headers: [{ name: 'x-org', value: 'research' }] },
    },
    models: [
      { model: 'large', upstream_model: 'large', place: 1, why: 'priority 0' },
      { model: 'small', upstream_model: 'small-2026', place: 1, why: 'priority 0' },
    ],
    health: { is_well: null, breaker: 'closed', in_flight: 0, latency_ms: null },
  })
  expect(await heliox.json(PATH)).toMatchObject({ backends: [{ id: 'bknd_1' }], total: 1, has_more: false })
  const words = await wordsOf(heliox)
  expect(words).toContain('backends.create')
  expect(words).not.toContain(KEY)
})

test('a backend that was never probed says that it has answered calls, and how quickly', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', PATH, body())
  const call = (id: string, status: 'completed' | 'failed', latencyMs: number) => ({
    ...{
      id,
      startedAtMs: heliox.now(),
      endedAtMs: heliox.now(),
      day: '2026-03-01' as Day,
      endpoint: 'chat.completions',
    },
    ...{ modelAsked: 'small', model: 'small', backendId: 'bknd_1' as BackendId, isStream: false, status, latencyMs },
    ...{ costNanoUsd: null, costGrade: 'unpriced' as const },
  })
  await heliox.db
    .insert(requests)
    .values([call('a', 'completed', 200), call('b', 'completed', 400), call('c', 'failed', 9)])
  const seen = await heliox.json<{ health: object }>(`${PATH}/bknd_1`)
  expect(seen.health).toMatchObject({ is_well: null, answered_at: '2026-03-01T12:00:00.000Z', latency_ms: 300 })
})

test('what is given changes and the rest stays, the key too; a stale version is refused', async () => {
  const heliox = await startHeliox()
  const { body: made } = await heliox.write('POST', PATH, body())
  const seen = { 'if-match': `"${made.version}"` }
  const changed = await heliox.write('PUT', `${PATH}/bknd_1`, { weight: 5, max_concurrency: 8 }, seen)
  expect(changed.body).toMatchObject({ weight: 5, max_concurrency: 8, name: 'vllm', has_api_key: true })
  expect((await heliox.write('PUT', `${PATH}/bknd_1`, { weight: 6 }, seen)).status).toBe(412)
  const models = { models: [{ model: 'small' }] }
  expect((await heliox.write('PUT', `${PATH}/bknd_1`, models)).body.models).toMatchObject([
    { model: 'small', upstream_model: 'small' },
  ])
  const anew = await heliox.write('PUT', `${PATH}/bknd_1`, { api_key: 'sk-another-one' })
  expect(anew.body.has_api_key).toBe(true)
  expect(await wordsOf(heliox)).toContain('changed')
  const gone = await heliox.write('PUT', `${PATH}/bknd_1`, { api_key: null })
  expect(gone.body.has_api_key).toBe(false)
  expect(await wordsOf(heliox)).not.toMatch(/sk-a/)
})

test('a key is not taken along to another server', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', PATH, body())
  const move = (more: object) =>
    heliox.write('PUT', `${PATH}/bknd_1`, { base_url: 'https://evil.example.net/v1', ...more })
  expect((await move({})).body.error).toMatchObject({
    code: 'backends.key_again',
    details: [expect.stringMatching(/^api_key/)],
  })
  expect((await move({ api_key: '' })).status).toBe(400)
  const tried = { id: 'bknd_1', kind: 'openai-compatible', base_url: 'https://evil.example.net/v1' }
  expect((await heliox.write('POST', `${PATH}/test`, tried)).body.error.code).toBe('backends.key_again')
  expect((await heliox.write('PUT', `${PATH}/bknd_1`, { base_url: 'https://llm.example.com/v2' })).body).toMatchObject({
    ...{ base_url: 'https://llm.example.com/v2', has_api_key: true },
  })
  expect((await move({ api_key: null })).body).toMatchObject({ has_api_key: false })
})

test('in production addresses inside are refused, and one that is stored already is not asked', async () => {
  const heliox = await startHeliox({ settings: { ENV: 'production', ALLOW_REGISTRATION: 'false' } })
  for (const base_url of [
    'http://10.0.0.1/v1',
    'https://169.254.169.254/v1',
    'http://llm.example.com/v1',
    'https://vllm.svc/',
  ])
    expect((await heliox.write('POST', PATH, body({ base_url }))).body.error.code).toBe('backends.address_refused')
  expect((await heliox.write('POST', PATH, body({ kind: 'echo', base_url: '' }))).body.error.code).toBe(
    'backends.no_echo',
  )
  const provider = await startProvider()
  await heliox.write('POST', PATH, body({ api_key: '' }))
  await heliox.db.update(backends).set({ baseUrl: provider.url })
  const { body: key } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  const answer = await heliox.stranger('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'small', messages: [] }),
    headers: { authorization: `Bearer ${key.key}` },
  })
  expect([answer.status, provider.asked]).toEqual([404, []])
})

test.each([
  [{ base_url: 'https://me:secret@llm.example.com/v1' }, 'base_url'],
  [{ base_url: 'https://llm.example.com/v1?key=1' }, 'base_url'],
  [{ kind: 'azure-openai', base_url: '' }, 'base_url'],
  [{ api_key: 'two words' }, 'api_key'],
  [{ api_key: 'two\nlines' }, 'api_key'],
  [{ models: [] }, 'models'],
  [{ models: [{ model: 'small' }, { model: 'small' }] }, 'models'],
  [{ config: { headers: [{ name: 'Authorization', value: 'Bearer x' }] } }, 'config'],
  [{ config: { headers: [{ name: 'x-a', value: 'a\r\nb: c' }] } }, 'config'],
  [
    { config: { headers: [{ name: 'x-foo', value: 'sk-abcdef1234567890' }] } },
    'config -> headers -> 0 -> value: looks',
  ],
  [{ config: { anything: 1 } }, 'config'],
  [{ timeout_ms: 0 }, 'timeout_ms'],
  [{ max_concurrency: 0 }, 'max_concurrency'],
])('%o is refused at its field', async (more, field) => {
  const { write } = await startHeliox()
  const { status, body: refused } = await write('POST', PATH, body(more))
  expect([status, refused.error.details[0]]).toEqual([400, expect.stringMatching(new RegExp(`^${field}`))])
})

test('a name is taken once, and what is removed is gone with its routes while its calls stay', async () => {
  const heliox = await startHeliox()
  await heliox.write('POST', PATH, body())
  expect((await heliox.write('POST', PATH, body({ name: 'VLLM' }))).body.error.code).toBe('backends.name_taken')
  await heliox.write('PUT', '/api/v1/gateway/routes', { model: 'small', strategy: 'least-latency' })
  expect((await heliox.write('DELETE', `${PATH}/bknd_1`)).status).toBe(204)
  expect((await heliox.fetch(`${PATH}/bknd_1`)).status).toBe(404)
  expect(await heliox.db.all(sql`select * from model_routes`)).toEqual([])
})

test('trying a backend lists what it has, with its key and nothing else of it; what is wrong is said in words', async () => {
  const heliox = await startHeliox()
  const provider = await startProvider()
  const tried = (more: object) => heliox.write('POST', `${PATH}/test`, { kind: 'openai-compatible', ...more })
  expect((await tried({ base_url: provider.url, api_key: KEY })).body).toMatchObject({
    ...{ is_fine: true, models: ['large-2026', 'small-2026'] },
  })
  expect(provider.asked[0]).toMatchObject({ path: '/v1/models', headers: { authorization: `Bearer ${KEY}` } })
  const wrong = async (answer: { status?: number; json?: unknown; headers?: Record<string, string> }) => {
    const { url } = await startProvider({ '/v1/models': () => answer })
    const { body: found } = await tried({ base_url: url, api_key: KEY })
    expect(found).toMatchObject({ is_fine: false, models: [] })
    return found.message as string
  }
  expect(await wrong({ status: 401, json: { error: { message: `no ${KEY}` } } })).toMatch(
    /^127.*refuses the key \(401\)$/,
  )
  expect(await wrong({ status: 404 })).toMatch(/no list of models/)
  expect(await wrong({ json: 'hello' })).toMatch(/not with a list of models/)
  expect(await wrong({ status: 503 })).toMatch(/has failed \(503\)/)
  const secret = await startProvider()
  expect(await wrong({ status: 302, headers: { location: `${secret.url}/models` } })).toMatch(/not followed/)
  expect(secret.asked).toEqual([])
  expect((await tried({ base_url: 'http://127.0.0.1:1/v1' })).body.message).toMatch(/cannot be reached/)
  expect((await tried({ kind: 'echo' })).body.is_fine).toBe(true)
})

test('routes say in which order backends of a model would be asked, and why', async () => {
  const heliox = await startHeliox()
  const add = (name: string, more: object) => heliox.write('POST', PATH, body({ name, api_key: '', ...more }))
  await add('a', { weight: 1 })
  await add('b', { weight: 3 })
  await add('c', { priority: 1 })
  await add('d', { enabled: false })
  const small = async () => {
    const { routes } = await heliox.json<{ routes: { model: string; order: { name: string; why: string }[] }[] }>(
      '/api/v1/gateway/routes',
    )
    return routes.find(({ model }) => model === 'small')
  }
  const order = async () => (await small())?.order.map(({ name, why }) => `${name}: ${why}`)
  expect(await order()).toEqual([
    'b: priority 0, weight 3 of 4: first for 75 % of calls',
    'a: priority 0, weight 1 of 4: first for 25 % of calls',
    'c: priority 1',
    'd: not enabled',
  ])
  const route = { model: 'small', strategy: 'least-latency', is_session_affine: true }
  expect((await heliox.write('PUT', '/api/v1/gateway/routes', route)).body).toMatchObject(route)
  heliox.book.saw({ backend: 'bknd_2', isWell: true, ms: 120, message: '' })
  for (let at = 0; at < 5; at += 1) heliox.book.saw({ backend: 'bknd_3', isWell: false, ms: 1, message: `500 ${KEY}` })
  expect(await order()).toEqual([
    'a: priority 0, not asked yet, so before others',
    'b: priority 0, 120 ms',
    'c: breaker open until 2026-03-01T12:00:10.000Z, after 5 failures',
    'd: not enabled',
  ])
  const unknown = await heliox.write('PUT', '/api/v1/gateway/routes', { model: 'gone', strategy: 'weight' })
  expect(unknown.body.error.code).toBe('backends.no_model')
})
