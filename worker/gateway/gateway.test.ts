import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { backendModels, backends } from '../../db/schema/backends.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { BackendId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

let heliox: TestHeliox
let key: string
const servers: Server[] = []

beforeEach(async () => {
  heliox = await startHeliox()
  const made = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  key = made.body.key
})
afterAll(async () => {
  for (const server of servers) await new Promise((closed) => server.close(closed))
})

/** A provider of our own on this machine; what it was sent is in `asked`. */
async function provider(
  answer: (asked: IncomingMessage, body: string) => { status?: number; text: string; type?: string },
) {
  const asked: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      asked.push(JSON.parse(body || '{}') as Record<string, unknown>)
      const { status = 200, text, type = 'application/json' } = answer(request, body)
      response.writeHead(status, { 'content-type': type }).end(text)
    })
  })
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function addBackend(
  name: string,
  baseUrl: string,
  more: Partial<typeof backends.$inferInsert> = {},
): Promise<BackendId> {
  const own = { name, kind: 'openai-compatible', baseUrl, createdAtMs: heliox.now(), retries: 0, ...more } as const
  const [row] = await heliox.db.insert(backends).values(own).returning({ id: backends.id })
  const backendId = (row as { id: BackendId }).id
  await heliox.db.insert(backendModels).values({ backendId, model: 'small', upstreamModel: 'small-2026' })
  return backendId
}

async function chat(body: object, headers: Record<string, string> = {}) {
  return heliox.stranger('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  })
}

async function metered() {
  await heliox.book.flush()
  return heliox.db.select().from(requests).orderBy(requests.startedAtMs, requests.id)
}

const SAYS = (text: string) => [{ role: 'user', content: text }]

test('the echo answers as OpenAI does, and the call is metered', async () => {
  const response = await chat({ model: 'echo', messages: SAYS('four words are here') })
  expect(response.status).toBe(200)
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
  expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('99')
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'four words are here' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 },
  })
  expect(await metered()).toMatchObject([
    {
      ...{ id: response.headers.get('x-request-id'), status: 'completed', modelAsked: 'echo', backend: 'echo' },
      ...{ inputTokens: 5, outputTokens: 5, costNanoUsd: null, costGrade: 'unpriced', keyId: 'key_1' },
    },
  ])
})

test('a price of 1.50 and 2.00 a million makes 1,000 tokens in and 500 out cost 0.002500 USD', async () => {
  const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 }
  const stub = await provider(() => ({ text: JSON.stringify({ model: 'small-2026', choices: [], usage }) }))
  await addBackend('vllm', stub.url)
  await heliox.db.insert(modelPrices).values({
    ...({
      model: 'small',
      effectiveFrom: '2026-01-01' as Day,
      input: '1.50',
      output: '2.00',
      createdAtMs: heliox.now(),
    } as const),
  })
  const response = await chat({ model: 'small', messages: SAYS('hello'), x_unknown: { kept: true } })
  expect(response.headers.get('x-heliox-cost-usd')).toBe('0.0025')
  expect(response.headers.get('x-heliox-backend')).toBe('vllm')
  expect(stub.asked).toEqual([{ model: 'small-2026', messages: SAYS('hello'), x_unknown: { kept: true } }])
  expect(await metered()).toMatchObject([
    { model: 'small-2026', modelAsked: 'small', costNanoUsd: 2_500_000n, costGrade: 'computed', priceId: 'price_1' },
  ])
})

test('a stream costs what the same answer costs at once; its usage is asked for and not shown', async () => {
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const chunk = (more: object) => `data: ${JSON.stringify({ id: 'c', model: 'small-2026', ...more })}\n\n`
  const text = [
    chunk({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }], usage: null }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }),
    chunk({ choices: [], usage }),
    'data: [DONE]\n\n',
  ]
  const stub = await provider(() => ({ text: text.join(''), type: 'text/event-stream' }))
  await addBackend('vllm', stub.url)
  const response = await chat({ model: 'small', stream: true, messages: SAYS('hello') })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(await response.text()).toBe([text[0], text[1], text[3]].join(''))
  expect(stub.asked[0]).toMatchObject({ stream_options: { include_usage: true } })
  const wants = await chat({
    model: 'small',
    stream: true,
    stream_options: { include_usage: true },
    messages: SAYS('hi'),
  })
  expect(await wants.text()).toBe(text.join(''))
  expect(await metered()).toMatchObject([
    { isStream: true, status: 'completed', inputTokens: 12, outputTokens: 3 },
    { isStream: true, status: 'completed', inputTokens: 12, outputTokens: 3 },
  ])
})

test('when the first backend breaks the next one answers, and a call that nobody answers is failed and free', async () => {
  const broken = await provider(() => ({ status: 500, text: '{"error":{"message":"out of memory"}}' }))
  const well = await provider(() => ({
    text: JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }),
  }))
  await addBackend('first', broken.url)
  await addBackend('second', well.url, { priority: 1 })
  const answered = await chat({ model: 'small', messages: SAYS('hello') })
  expect([answered.status, answered.headers.get('x-heliox-backend')]).toEqual([200, 'second'])
  await heliox.db.delete(backends).where(undefined)
  await addBackend('only', broken.url)
  heliox.moveTo('2026-03-01T12:00:02Z')
  const failed = await chat({ model: 'small', messages: SAYS('hello') })
  expect(failed.status).toBe(502)
  expect(await failed.json()).toMatchObject({ error: { message: 'out of memory', type: 'server_error' } })
  expect(await metered()).toMatchObject([
    { status: 'completed', retryCount: 1, backend: 'second' },
    { status: 'failed', errorMessage: 'out of memory', costNanoUsd: 0n, httpStatus: 502, backend: 'only' },
  ])
})

test('wrong keys, models and limits are refused as OpenAI refuses them', async () => {
  const stranger = await heliox.stranger('/v1/models')
  expect([stranger.status, await stranger.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }])
  const wrong = await chat({ model: 'echo', messages: [] }, { authorization: `Bearer hlx_${'a'.repeat(43)}` })
  expect(wrong.status).toBe(401)
  const unknown = await chat({ model: 'gone', messages: [] })
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }])
  expect((await chat({ messages: [] })).status).toBe(400)
  for (let at = 0; at < 100; at += 1) await chat({ model: 'echo', messages: SAYS('x') })
  const limited = await chat({ model: 'echo', messages: SAYS('x') })
  expect([limited.status, await limited.json()]).toMatchObject([429, { error: { code: 'rate_limit_exceeded' } }])
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
  await heliox.write('DELETE', '/api/v1/keys/key_1')
  expect((await chat({ model: 'echo', messages: SAYS('x') })).status).toBe(401)
})
