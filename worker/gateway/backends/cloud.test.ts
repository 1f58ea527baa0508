import type { ChatCompletionCreateParamsNonStreaming as Chat } from 'openai/resources/chat/completions'
import { afterEach, expect, test } from 'vitest'
import { sseEvent } from '../sse.ts'
import { gatewayOf } from './testing-provider.ts'

let gateway: Awaited<ReturnType<typeof gatewayOf>>
afterEach(async () => void (await gateway.close()))

const ASK: Chat = { model: 'small', messages: [{ role: 'user', content: 'Hi' }] }
const usage = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 }
const OPENAI = {
  ...{ id: 'c', object: 'chat.completion', model: 'gpt-x', usage },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
}
const CHUNKS = [
  sseEvent({ choices: [], prompt_filter_results: [] }),
  sseEvent({
    id: 'c',
    model: 'gpt-x',
    choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }],
  }),
  sseEvent({ id: 'c', model: 'gpt-x', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  sseEvent({ id: 'c', model: 'gpt-x', choices: [], usage }),
  sseEvent('[DONE]'),
]

test('Azure: the deployment stands in the path, the version in the query, the key in its own header', async () => {
  gateway = await gatewayOf('azure-openai', ({ body }) => (body.stream ? { pieces: CHUNKS } : { json: OPENAI }), {
    ...{ config: { apiVersion: '2025-04-01-preview' }, upstreamModel: 'my gpt' },
  })
  const { client, told, metered } = gateway
  expect((await client.chat.completions.create(ASK)).choices[0]?.message.content).toBe('Hello')
  const stream = client.chat.completions.stream({ ...ASK, stream: true })
  expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('Hello')
  await client.embeddings.create({ model: 'small', input: 'x' }).catch(() => undefined)
  await client.responses.create({ model: 'small', input: 'x' }).catch(() => undefined)
  const query = '?api-version=2025-04-01-preview'
  expect(told.map(({ path }) => path)).toEqual([
    `/openai/deployments/my%20gpt/chat/completions${query}`,
    `/openai/deployments/my%20gpt/chat/completions${query}`,
    `/openai/deployments/my%20gpt/embeddings${query}`,
    `/openai/responses${query}`,
  ])
  expect(told[0]?.headers).toMatchObject({ 'api-key': 'the-key' })
  expect(told[0]?.headers).not.toHaveProperty('authorization')
  expect(told[1]?.body).toMatchObject({ stream_options: { include_usage: true } })
  // 1,000 × 3 + 200 × 15 = 6,000 millionths
  const chats = (await metered()).filter(({ endpoint }) => endpoint === 'chat.completions')
  const both = chats.map(({ provider, costNanoUsd, status, isStream }) => ({ provider, costNanoUsd, status, isStream }))
  const paid = { provider: 'azure', costNanoUsd: 6_000_000n, status: 'completed' }
  expect(both).toHaveLength(2)
  expect(both).toEqual(
    expect.arrayContaining([
      { ...paid, isStream: false },
      { ...paid, isStream: true },
    ]),
  )
})

test('Azure: the API without versions has the deployment in the body', async () => {
  gateway = await gatewayOf('azure-openai', () => ({ json: OPENAI }), { config: { apiVersion: 'v1' } })
  await gateway.client.chat.completions.create(ASK)
  expect(gateway.told).toMatchObject([{ path: '/openai/v1/chat/completions', body: { model: 'small-2026' } }])
})

test('Workers AI over REST: the account stands in the path, the token in the header', async () => {
  gateway = await gatewayOf('workers-ai', () => ({ json: OPENAI }), {
    ...{ config: { accountId: 'acc' }, upstreamModel: '@cf/meta/llama' },
  })
  await gateway.client.chat.completions.create(ASK)
  expect(gateway.told).toMatchObject([
    {
      ...{ path: '/accounts/acc/ai/v1/chat/completions', headers: { authorization: 'Bearer the-key' } },
      body: { model: '@cf/meta/llama' },
    },
  ])
  expect(await gateway.metered()).toMatchObject([{ provider: 'cloudflare', costNanoUsd: 6_000_000n }])
})

type Ran = { model: string; inputs: Record<string, unknown> }

async function bound(answer: (ran: Ran) => unknown) {
  const ran: Ran[] = []
  const AI = {
    run: async (model: string, inputs: Record<string, unknown>) => {
      ran.push({ model, inputs })
      return answer({ model, inputs })
    },
  }
  const options = { bindings: { AI }, hasAddress: false, upstreamModel: '@cf/meta/llama' }
  gateway = await gatewayOf('workers-ai', () => ({}), options)
  return { ...gateway, ran }
}

test('Workers AI through the binding: text, tools, streams and embeddings of older models become OpenAI’s', async () => {
  const calls = [{ name: 'weather', arguments: { city: 'Köln' } }]
  const { client, ran, metered } = await bound(({ inputs }) => {
    if (inputs.text) return { shape: [1, 2], data: [[0.25, 0.5]] }
    if (inputs.tools) return { response: null, tool_calls: calls, usage }
    if (!inputs.stream) return { response: 'Hello', usage }
    return new Blob([sseEvent({ response: 'Hel' }), sseEvent({ response: 'lo', usage }), sseEvent('[DONE]')]).stream()
  })
  const whole = await client.chat.completions.create({ ...ASK, max_completion_tokens: 9 })
  expect(whole).toMatchObject({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }], usage })
  expect(ran).toEqual([{ model: '@cf/meta/llama', inputs: { messages: ASK.messages, max_tokens: 9 } }])
  const tools = [{ type: 'function', function: { name: 'weather' } }] as const
  const called = await client.chat.completions.create({ ...ASK, tools: [...tools] })
  expect(called.choices[0]).toMatchObject({
    ...{ finish_reason: 'tool_calls', message: { tool_calls: [{ function: { arguments: '{"city":"Köln"}' } }] } },
  })
  const stream = client.chat.completions.stream({ ...ASK, stream: true })
  expect((await stream.finalChatCompletion()).choices[0]).toMatchObject({
    message: { content: 'Hello' },
    finish_reason: 'stop',
  })
  const embedded = await client.embeddings.create({ model: 'small', input: 'x', encoding_format: 'float' })
  expect(embedded.data[0]?.embedding).toEqual([0.25, 0.5])
  const paid = (await metered()).map(({ endpoint, status, costNanoUsd }) => `${endpoint} ${status} ${costNanoUsd}`)
  const chat = 'chat.completions completed 6000000'
  expect(paid.sort()).toEqual([chat, chat, chat, 'embeddings completed 3000'])
})

test('Workers AI through the binding: its errors keep their meaning, and without a binding it is not there', async () => {
  const { client, heliox } = await bound(() => {
    throw new Error('5007: No such model @cf/meta/llama')
  })
  await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({ status: 404 })
  await gateway.close()
  gateway = await gatewayOf('workers-ai', () => ({}), { hasAddress: false })
  await expect(gateway.client.chat.completions.create(ASK)).rejects.toMatchObject({ status: 503 })
  expect(heliox).toBeDefined()
})
