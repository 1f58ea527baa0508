import type { ChatCompletionCreateParamsNonStreaming as Chat } from 'openai/resources/chat/completions'
import { afterEach, expect, test } from 'vitest'
import { gatewayOf, namedEvents, type Reply, type Told } from './testing-provider.ts'

let gateway: Awaited<ReturnType<typeof gatewayOf>>
afterEach(async () => void (await gateway.close()))

async function claude(reply: (told: Told) => Reply, upstreamModel = 'claude-sonnet-4-5') {
  gateway = await gatewayOf('anthropic', reply, { upstreamModel })
  return gateway
}

const WEATHER = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
} as const
const USAGE = { input_tokens: 400, cache_read_input_tokens: 600, cache_creation_input_tokens: 150, output_tokens: 200 }
const SPLIT = {
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 50 },
  service_tier: 'standard',
}

function message(content: object[], stop_reason: string, usage: object = { input_tokens: 5, output_tokens: 2 }) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content,
    stop_reason,
    usage,
  }
}
const HELLO = message([{ type: 'text', text: 'Hello' }], 'end_turn')

test('a whole chat is asked in its words, answered in OpenAI’s and costs 0.005055', async () => {
  const { client, told, metered } = await claude(() => ({
    json: message(
      [
        { type: 'text', text: 'Hé' },
        { type: 'text', text: 'llo' },
      ],
      'end_turn',
      { ...USAGE, ...SPLIT },
    ),
  }))
  const { data, response } = await client.chat.completions
    .create({
      model: 'small',
      messages: [
        { role: 'developer', content: 'Be short.' },
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://pictures.example/a.jpg' } }] },
      ],
      ...{ temperature: 1.7, top_p: 0.9, stop: 'END', max_completion_tokens: 64, user: 'u-1', seed: 3 },
    })
    .withResponse()
  expect(told).toMatchObject([
    {
      path: '/v1/messages',
      headers: { 'x-api-key': 'the-key', 'anthropic-version': '2023-06-01' },
      body: {
        ...{ model: 'claude-sonnet-4-5', max_tokens: 64, system: 'Be short.\n\nBe kind.', temperature: 1, top_p: 0.9 },
        ...{ stop_sequences: ['END'], metadata: { user_id: 'u-1' } },
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
              { type: 'image', source: { type: 'url', url: 'https://pictures.example/a.jpg' } },
            ],
          },
        ],
      },
    },
  ])
  expect(told[0]?.body).not.toHaveProperty('seed')
  expect(data).toMatchObject({
    choices: [{ message: { role: 'assistant', content: 'Héllo' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 1150,
      completion_tokens: 200,
      total_tokens: 1350,
      prompt_tokens_details: { cached_tokens: 600 },
    },
  })
  expect(response.headers.get('x-heliox-cost-usd')).toBe('0.005055')
  expect(await metered()).toMatchObject([
    {
      ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', inputTokens: 400, cachedInputTokens: 600 },
      ...{ cacheWriteTokens: 150, outputTokens: 200, costNanoUsd: 5_055_000n, costGrade: 'computed' },
    },
  ])
})

test('tools go there and back: calls, forced calls, results beside each other', async () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Köln' } }
  const { client, told } = await claude(({ body }) => ({
    json:
      (body.messages as unknown[]).length > 1
        ? HELLO
        : message([{ type: 'text', text: 'Let me see' }, call], 'tool_use'),
  }))
  const asked: Omit<Chat, 'messages'> = {
    model: 'small',
    tools: [WEATHER],
    tool_choice: 'required',
    parallel_tool_calls: false,
  }
  const user = { role: 'user', content: 'Weather?' } as const
  const first = await client.chat.completions.create({ ...asked, messages: [user] })
  expect(first.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } }],
    },
  })
  expect(told[0]?.body).toMatchObject({
    tools: [{ name: 'weather', description: 'of a city', input_schema: WEATHER.function.parameters }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    max_tokens: 4096,
  })
  const said = first.choices[0]?.message
  if (!said) throw new Error('no message')
  const second = await client.chat.completions.create({
    ...{ model: 'small', tools: [WEATHER], tool_choice: { type: 'function', function: { name: 'weather' } } },
    messages: [
      user,
      said,
      { role: 'tool', tool_call_id: 'toolu_1', content: 'rain' },
      { role: 'user', content: 'And?' },
    ],
  })
  expect(second.choices[0]?.message.content).toBe('Hello')
  expect(told[1]?.body).toMatchObject({
    tool_choice: { type: 'tool', name: 'weather' },
    messages: [
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'text', text: 'Let me see' }, call] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'rain' },
          { type: 'text', text: 'And?' },
        ],
      },
    ],
  })
})

const STREAM = namedEvents([
  {
    type: 'message_start',
    message: { id: 'msg_1', model: 'claude-x', usage: { ...USAGE, ...SPLIT, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Gr' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'üße' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '"Köln"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 50 } },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 200 } },
  { type: 'message_stop' },
])

test('a stream with a tool call says and costs the same as the whole: 200 tokens, not 251', async () => {
  const { client, told, metered } = await claude(() => ({ pieces: STREAM }))
  const stream = client.chat.completions.stream({
    ...{ model: 'small', messages: [{ role: 'user', content: 'Hi' }], tools: [WEATHER] },
    stream_options: { include_usage: true },
  })
  const final = await stream.finalChatCompletion()
  expect(final).toMatchObject({
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          content: 'Grüße',
          tool_calls: [{ id: 'toolu_1', function: { name: 'weather', arguments: '{"city":"Köln"}' } }],
        },
      },
    ],
    usage: { prompt_tokens: 1150, completion_tokens: 200, total_tokens: 1350 },
  })
  expect(told[0]?.body).toMatchObject({ stream: true })
  expect(await metered()).toMatchObject([
    { isStream: true, status: 'completed', outputTokens: 200, costNanoUsd: 5_055_000n },
  ])
})

test('a stream that breaks off is cancelled, and its output is about what came', async () => {
  const { client, metered } = await claude(() => ({ pieces: STREAM.slice(0, 5) }))
  const stream = await client.chat.completions.create({
    model: 'small',
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
  })
  const read = async () => {
    for await (const _ of stream);
  }
  await expect(read()).rejects.toThrow()
  // "Grüße" are 5 characters: 2 tokens. 2,055 millionths are those of the input.
  expect(await metered()).toMatchObject([
    { status: 'cancelled', outputTokens: 2, costGrade: 'estimated', costNanoUsd: 2_085_000n, inputTokens: 400 },
  ])
})

test('an error in the middle of a stream fails it with its words', async () => {
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
  const { client, metered } = await claude(() => ({ pieces: [...STREAM.slice(0, 4), ...namedEvents([error])] }))
  const stream = await client.chat.completions.create({
    model: 'small',
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
  })
  const read = async () => {
    for await (const _ of stream);
  }
  await expect(read()).rejects.toThrow('Overloaded')
  expect(await metered()).toMatchObject([{ status: 'failed', errorMessage: 'Overloaded' }])
})

test('reasoning_effort is a budget below the limit up to Claude 4.5, and an effort from 4.6 on', async () => {
  const thought = message(
    [
      { type: 'thinking', thinking: 'Hm', signature: 's' },
      { type: 'text', text: 'Hi' },
    ],
    'max_tokens',
  )
  const ask: Chat = {
    model: 'small',
    messages: [{ role: 'user', content: 'Hi' }],
    reasoning_effort: 'medium',
    temperature: 0,
  }
  const older = await claude(() => ({ json: thought }))
  const answer = await older.client.chat.completions.create(ask)
  expect(answer.choices[0]).toMatchObject({
    finish_reason: 'length',
    message: { content: 'Hi', reasoning_content: 'Hm' },
  })
  expect(older.told[0]?.body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 2048 }, max_tokens: 4096 })
  expect(older.told[0]?.body).not.toHaveProperty('temperature')
  await older.client.chat.completions.create({ ...ask, max_tokens: 1000 })
  expect(older.told[1]?.body).toMatchObject({ temperature: 0, max_tokens: 1000 })
  expect(older.told[1]?.body).not.toHaveProperty('thinking')
  await older.close()
  const newer = await claude(() => ({ json: thought }), 'claude-opus-4-7')
  await newer.client.chat.completions.create(ask)
  expect(newer.told[0]?.body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } })
})

test('a JSON schema is asked for; what it cannot do is 400 and never reaches it', async () => {
  const { client, told } = await claude(() => ({ json: HELLO }))
  const ask: Chat = { model: 'small', messages: [{ role: 'user', content: 'Hi' }] }
  const schema = { type: 'object', properties: {}, additionalProperties: false }
  await client.chat.completions.create({
    ...ask,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
  })
  expect(told[0]?.body).toMatchObject({ output_config: { format: { type: 'json_schema', schema } } })
  for (const [param, more] of [
    ['response_format', { response_format: { type: 'json_object' } }],
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['functions', { functions: [{ name: 'old' }] }],
    ['tools', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: 'x' }] }],
  ] as const)
    await expect(client.chat.completions.create({ ...ask, ...more } as never)).rejects.toMatchObject({
      status: 400,
      param,
    })
  expect(told).toHaveLength(1)
})

test('refusals are OpenAI’s: overloaded passes as 502, its limit is 429, a long prompt is the client’s', async () => {
  let answer: Reply = {}
  const { client, heliox } = await claude(() => answer)
  const refused = async (status: number, type: string, words: string) => {
    answer = { status, json: { type: 'error', error: { type, message: words } } }
    heliox.moveTo(new Date(heliox.now() + 60_000).toISOString())
    return client.chat.completions
      .create({ model: 'small', messages: [{ role: 'user', content: 'Hi' }] })
      .catch((error: unknown) => error)
  }
  expect(await refused(400, 'invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum')).toMatchObject({
    ...{ status: 400, code: 'context_length_exceeded' },
  })
  expect(await refused(404, 'not_found_error', 'model: claude-0')).toMatchObject({
    status: 404,
    code: 'model_not_found',
  })
  expect(await refused(429, 'rate_limit_error', 'slow down')).toMatchObject({
    status: 429,
    code: 'rate_limit_exceeded',
  })
  expect(await refused(529, 'overloaded_error', 'Overloaded')).toMatchObject({ status: 502, code: 'overloaded' })
  expect(await refused(401, 'authentication_error', 'invalid x-api-key')).toMatchObject({
    status: 502,
    code: 'upstream_error',
  })
})
