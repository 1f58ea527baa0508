import type { ChatCompletionCreateParamsNonStreaming as Chat } from 'openai/resources/chat/completions'
import { afterEach, expect, test } from 'vitest'
import { backendModels, backends } from '../../../db/schema/backends.ts'
import { sseEvent } from '../sse.ts'
import { gatewayOf } from './testing-provider.ts'

let gateway: Awaited<ReturnType<typeof gatewayOf>>
afterEach(async () => void (await gateway.close()))

const ASK: Chat = { model: 'small', messages: [{ role: 'user', content: 'four letters' }] }
const usage = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 }
const says = (content: string) =>
  sseEvent({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })
const whole = (more: object) => ({
  ...{ id: 'c', object: 'chat.completion', model: 'm', ...more },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
})

test('a stream that is cut before its usage is estimated by its pieces, never free, and the client is told', async () => {
  gateway = await gatewayOf('openai-compatible', () => ({
    pieces: [says('a'), says('b'), says('c'), 'data: {"id":"c","cho'],
  }))
  const stream = await gateway.client.chat.completions.create({ ...ASK, stream: true })
  const heard: string[] = []
  const read = async () => {
    for await (const chunk of stream) heard.push(chunk.choices[0]?.delta.content ?? '')
  }
  await expect(read()).rejects.toThrow('broke off')
  expect(heard).toEqual(['a', 'b', 'c'])
  const [call] = await gateway.metered()
  expect(call).toMatchObject({ status: 'cancelled', costGrade: 'estimated', outputTokens: 3 })
  // 3 pieces × 15 and the estimated input × 3 millionths
  expect(call?.costNanoUsd).toBe(45_000n + BigInt(call?.inputTokens ?? 0) * 3_000n)
  expect(call?.inputTokens).toBeGreaterThan(0)
})

test('a whole answer without usage is estimated, not free', async () => {
  gateway = await gatewayOf('openai-compatible', () => ({ json: whole({}) }))
  await gateway.client.chat.completions.create(ASK)
  expect(await gateway.metered()).toMatchObject([{ costNanoUsd: 78_000n, costGrade: 'estimated', inputTokens: 16 }])
})

test('a cost that the provider reports is kept, and what the price book says beside it', async () => {
  const told = { prompt_tokens: 1_000, completion_tokens: 21, cost: 0.003092 }
  gateway = await gatewayOf('openai-compatible', ({ body }) =>
    body.stream
      ? { pieces: [says('a'), sseEvent({ id: 'c', model: 'm', choices: [], usage: told }), sseEvent('[DONE]')] }
      : { json: whole({ usage: told }) },
  )
  await gateway.client.chat.completions.create(ASK)
  const stream = await gateway.client.chat.completions.create({ ...ASK, stream: true })
  for await (const chunk of stream) expect(chunk.usage).toBeUndefined()
  // 1,000 × 3 + 21 × 15 = 3,315 millionths
  const paid = { costNanoUsd: 3_092_000n, costGrade: 'reported', computedCostNanoUsd: 3_315_000n, status: 'completed' }
  expect(await gateway.metered()).toMatchObject([paid, paid])
})

test('tools, several choices and logprobs pass as they are', async () => {
  const logprobs = { content: [{ token: 'a', logprob: -1, bytes: null, top_logprobs: [] }], refusal: null }
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } } as const
  const choices = [
    {
      index: 0,
      message: { role: 'assistant', content: null, tool_calls: [call] },
      finish_reason: 'tool_calls',
      logprobs,
    },
    { index: 1, message: { role: 'assistant', content: 'b' }, finish_reason: 'stop', logprobs: null },
  ]
  gateway = await gatewayOf('openai-compatible', () => ({ json: { ...whole({ usage }), choices } }))
  const more = { n: 2, logprobs: true, tools: [{ type: 'function' as const, function: { name: 'weather' } }] }
  const said = await gateway.client.chat.completions.create({ ...ASK, ...more })
  expect(said.choices).toEqual(choices)
  expect(gateway.told).toMatchObject([{ path: '/chat/completions', body: { ...more, model: 'small-2026' } }])
})

test('what one kind cannot do goes to the next kind that can, and the first is not to blame', async () => {
  gateway = await gatewayOf('openai-compatible', () => ({ json: whole({ usage }) }))
  const { heliox, client } = gateway
  const own = { name: 'claude', kind: 'anthropic', baseUrl: 'http://127.0.0.1:1', priority: -1 } as const
  const [row] = await heliox.db
    .insert(backends)
    .values({ ...own, createdAtMs: heliox.now() })
    .returning({ id: backends.id })
  if (!row) throw new Error('no backend')
  await heliox.db.insert(backendModels).values({ backendId: row.id, model: 'small', upstreamModel: 'claude' })
  for (let turn = 0; turn < 8; turn += 1) {
    const { response } = await client.chat.completions
      .create({ ...ASK, response_format: { type: 'json_object' } })
      .withResponse()
    expect(response.headers.get('x-heliox-backend')).toBe('stub')
  }
  expect(new Set((await gateway.metered()).map(({ retryCount }) => retryCount))).toEqual(new Set([0]))
})
