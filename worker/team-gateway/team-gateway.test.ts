import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { storedAnswers } from '../../db/schema/gateway.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { forgetAnswers, forgetBodies } from './forget-bodies.ts'

const SAYS = (content: string) => [{ role: 'user', content }]

/** Two teams with a key each, and an echo that costs 40 cents for forty letters. */
async function world(decided: object) {
  const heliox = await startHeliox()
  const keys: string[] = []
  for (const [at, name] of ['vision', 'speech'].entries()) {
    await heliox.write('POST', '/api/v1/teams', { name })
    const key = { name, scopes: ['inference'], team_id: `team_${at + 1}` }
    keys.push((await heliox.write('POST', '/api/v1/keys', key)).body.key)
    await heliox.write('PUT', `/api/v1/teams/team_${at + 1}/gateway`, decided)
  }
  const price = { model: 'echo', effectiveFrom: '2026-01-01' as Day, input: '10000', output: '30000' }
  await heliox.db.insert(modelPrices).values({ ...price, createdAtMs: heliox.now() })
  const call = (body: object, headers: Record<string, string> = {}, key = keys[0], path = '/v1/chat/completions') =>
    heliox.stranger(path, {
      method: 'POST',
      body: JSON.stringify({ model: 'echo', messages: SAYS('a'.repeat(40)), ...body }),
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
  const metered = async () => {
    await heliox.book.flush()
    return heliox.db.select().from(requests).orderBy(requests.startedAtMs, requests.id)
  }
  return { heliox, keys, call, metered }
}

const cacheOf = (response: Response) => response.headers.get('x-heliox-cache')

test('a team that decided nothing keeps nothing; administrators decide, its people read', async () => {
  const { heliox, call, metered } = await world({})
  expect(await heliox.json('/api/v1/teams/team_1/gateway')).toMatchObject({
    ...{ keeps_bodies: false, body_days: 30, redacts: true, cache_ttl_seconds: null, says_cost: true },
  })
  expect(cacheOf(await call({}))).toBe('off')
  expect(cacheOf(await call({}))).toBe('off')
  expect((await metered()).map(({ bodyJson, cache }) => [bodyJson, cache])).toEqual([
    [null, 'off'],
    [null, 'off'],
  ])
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  expect((await developer.fetch('/api/v1/teams/team_1/gateway')).status).toBe(200)
  expect((await developer.fetch('/api/v1/teams/team_2/gateway')).status).toBe(404)
  expect((await developer.write('PUT', '/api/v1/teams/team_1/gateway', { keeps_bodies: true })).status).toBe(403)
  const answer = await heliox.write('PUT', '/api/v1/teams/team_1/gateway', { says_cost: false })
  expect(answer).toMatchObject({ status: 200, body: { says_cost: false, body_days: 30 } })
  expect((await call({})).headers.has('x-heliox-cost-usd')).toBe(false)
})

test('the same question of the same team is answered from its store, for nothing, and says what that saved', async () => {
  const { heliox, keys, call, metered } = await world({ cache_ttl_seconds: 60 })
  const first = await call({ user: 'ada' })
  expect([first.status, cacheOf(first), first.headers.get('x-heliox-cost-usd')]).toEqual([200, 'miss', '0.40'])
  const text = await first.text()
  const again = await call({ user: 'bob', metadata: { a: 'b' } })
  expect([cacheOf(again), again.headers.get('x-heliox-cost-usd')]).toEqual(['hit', '0.00'])
  expect(await again.text()).toBe(text)
  expect(cacheOf(await call({ temperature: 0.5 }))).toBe('miss')
  expect(cacheOf(await call({}, {}, keys[1]))).toBe('miss') // another team's
  expect(cacheOf(await call({}, { 'cache-control': 'no-cache' }))).toBe('miss')
  expect(cacheOf(await call({}, { 'cache-control': 'no-store' }))).toBe('off')
  heliox.moveTo('2026-03-01T12:01:01Z')
  expect(cacheOf(await call({}))).toBe('miss')
  const hit = (await metered()).find(({ cache }) => cache === 'hit')
  expect(hit).toMatchObject({ costNanoUsd: 0n, savedNanoUsd: 400_000_000n, status: 'completed', outputTokens: 0 })
  expect(await forgetAnswers({ ...heliox.scope, now: heliox.now })).toBe(2)
})

test('a stream is answered from the store and put into it, and says the same', async () => {
  const { call } = await world({ cache_ttl_seconds: 60 })
  const streamed = await call({ stream: true, messages: SAYS('four words are here') })
  expect(cacheOf(streamed)).toBe('miss')
  await streamed.text()
  await new Promise((done) => setImmediate(done))
  const whole = await call({ messages: SAYS('four words are here') })
  expect(cacheOf(whole)).toBe('hit')
  expect(await whole.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'four words are here' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 },
  })
  const again = await call({
    ...{ stream: true, stream_options: { include_usage: true }, messages: SAYS('four words are here') },
  })
  expect([cacheOf(again), again.headers.get('content-type')]).toEqual(['hit', 'text/event-stream; charset=utf-8'])
  const events = (await again.text()).split('\n\n').filter(Boolean)
  expect(events.slice(-2)).toEqual([': x-heliox-cost-usd 0.00', 'data: [DONE]'])
  const chunks = events.slice(0, -2).map((event) => JSON.parse(event.slice(6)))
  expect(chunks.map(({ object }) => object)).toEqual(chunks.map(() => 'chat.completion.chunk'))
  expect(chunks[0].choices[0].delta).toMatchObject({ role: 'assistant', content: 'four words are here' })
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 10 } })
})

test('limits of rates count for answers from the store; budgets that are used up do not stop them', async () => {
  const { heliox, call } = await world({ cache_ttl_seconds: 60 })
  await call({})
  const limit = { scope: 'team', scope_id: 'team_1', period: 'month', limit_usd: '0.10', mode: 'hard' }
  await heliox.write('POST', '/api/v1/budgets', limit)
  expect((await call({ temperature: 1 })).status).toBe(429)
  expect(cacheOf(await call({}))).toBe('hit')
  await heliox.write('PUT', '/api/v1/keys/key_1', { rpm: 3 })
  for (let at = 0; at < 3; at += 1) await call({})
  const limited = await call({})
  expect([limited.status, await limited.json()]).toMatchObject([429, { error: { code: 'rate_limit_exceeded' } }])
})

test('words are kept where the team wants it, redacted, and forgotten in time', async () => {
  const { heliox, call, metered } = await world({ keeps_bodies: true, body_days: 2 })
  const secret = 'write to ada@example.com with sk-abcdefghijklmnop1234'
  await call({ messages: SAYS(secret) })
  await (await call({ stream: true, messages: SAYS(secret) })).text()
  const kept = 'write to [e-mail] with [key]'
  const bodies = (await metered()).map(({ bodyJson }) => JSON.parse(bodyJson ?? 'null'))
  expect(bodies.map(({ messages }) => messages)).toEqual([SAYS(kept), SAYS(kept)])
  const responses = JSON.stringify(bodies.map(({ response }) => response))
  expect(responses).toContain(`"content":"${kept}"`)
  expect(responses).toContain(`{"text":"${kept}"}`)
  const scope = { ...heliox.scope, now: heliox.now }
  expect(await forgetBodies(scope)).toBe(0)
  heliox.moveTo('2026-03-03T12:00:01Z')
  expect(await forgetBodies(scope)).toBe(2)
  await call({ messages: SAYS('once more') })
  await metered()
  await heliox.write('PUT', '/api/v1/teams/team_1/gateway', { keeps_bodies: false })
  expect(await forgetBodies(scope)).toBe(1)
  expect(await heliox.db.$count(requests, eq(requests.status, 'completed'))).toBe(3n)
})

test('turning the store off forgets its answers', async () => {
  const { heliox, call } = await world({ cache_ttl_seconds: 60 })
  await call({})
  expect(await heliox.db.$count(storedAnswers)).toBe(1n)
  await heliox.write('PUT', '/api/v1/teams/team_1/gateway', { cache_ttl_seconds: null })
  expect(await heliox.db.$count(storedAnswers)).toBe(0n)
})
