import type {
  ChatCompletionCreateParamsNonStreaming as Chat,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { afterEach, expect, test } from 'vitest'
import { sseEvent } from '../sse.ts'
import { gatewayOf, type Reply, type Told } from './testing-provider.ts'

let gateway: Awaited<ReturnType<typeof gatewayOf>>
afterEach(async () => void (await gateway.close()))

async function google(reply: (told: Told) => Reply, upstreamModel = 'gemini-2.5-pro') {
  gateway = await gatewayOf('gemini', reply, { upstreamModel })
  return gateway
}

const ASK: Chat = { model: 'small', messages: [{ role: 'user', content: 'Hi' }] }
const WEATHER = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } } as const
const USAGE = {
  ...{ promptTokenCount: 1000, cachedContentTokenCount: 600, candidatesTokenCount: 50, thoughtsTokenCount: 150 },
  totalTokenCount: 1200,
}
const answer = (parts: object[], more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0, ...more }],
  ...{ usageMetadata: USAGE, modelVersion: 'gemini-2.5-pro-001', responseId: 'r1' },
})

test('a whole chat is asked in its words and answered in OpenAI’s', async () => {
  const { client, told, metered } = await google(() => ({
    json: answer([{ text: 'Hm', thought: true }, { text: 'Grüße' }]),
  }))
  const said = await client.chat.completions.create({
    model: 'small',
    messages: [
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://pictures.example/a.jpg?x=1' } }] },
    ],
    ...{ temperature: 0.5, top_p: 0.9, stop: ['END'], max_tokens: 64, seed: 3, n: 2, reasoning_effort: 'low' },
    response_format: { type: 'json_object' },
  })
  expect(told).toMatchObject([
    {
      ...{ path: '/v1beta/models/gemini-2.5-pro:generateContent', headers: { 'x-goog-api-key': 'the-key' } },
      body: {
        systemInstruction: { parts: [{ text: 'Be short.' }] },
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
          { role: 'model', parts: [{ text: 'Yes?' }] },
          {
            role: 'user',
            parts: [{ fileData: { fileUri: 'https://pictures.example/a.jpg?x=1', mimeType: 'image/jpeg' } }],
          },
        ],
        generationConfig: {
          ...{ temperature: 0.5, topP: 0.9, stopSequences: ['END'], maxOutputTokens: 64, seed: 3, candidateCount: 2 },
          ...{ responseMimeType: 'application/json', thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } },
        },
      },
    },
  ])
  expect(said).toMatchObject({
    ...{ id: 'r1', model: 'gemini-2.5-pro-001' },
    choices: [{ message: { content: 'Grüße', reasoning_content: 'Hm' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 200,
      total_tokens: 1200,
      completion_tokens_details: { reasoning_tokens: 150 },
    },
  })
  // 400 × 3 + 600 × 0.3 + 200 × 15 = 4,380 millionths
  expect(await metered()).toMatchObject([
    { provider: 'gemini', inputTokens: 400, outputTokens: 50, reasoningTokens: 150, costNanoUsd: 4_380_000n },
  ])
})

test('tools go there and back with their signatures; Gemini 3 gets one where the client kept none', async () => {
  const calls = [
    { functionCall: { name: 'weather', args: { city: 'Köln' } }, thoughtSignature: 'signed' },
    { functionCall: { id: 'own', name: 'weather', args: { city: 'Bonn' } } },
  ]
  const { client, told } = await google(() => ({ json: answer(calls) }), 'gemini-3-pro')
  const first = await client.chat.completions.create({ ...ASK, tools: [WEATHER], tool_choice: 'required' })
  const message = first.choices[0]?.message
  expect(first.choices[0]?.finish_reason).toBe('tool_calls')
  expect(message?.tool_calls).toMatchObject([
    {
      function: { name: 'weather', arguments: '{"city":"Köln"}' },
      extra_content: { google: { thought_signature: 'signed' } },
    },
    { id: 'own', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
  ])
  expect(told[0]?.body).toMatchObject({
    tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: { type: 'object' } }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  })
  const id = message?.tool_calls?.[0]?.id ?? ''
  const results = [
    { role: 'tool', tool_call_id: id, content: '{"sky":"grey"}' },
    { role: 'tool', tool_call_id: 'own', content: 'rain' },
  ] as const
  await client.chat.completions.create({ ...ASK, messages: [...ASK.messages, message as never, ...results] })
  const [, second] = told
  expect(second?.body.contents).toMatchObject([
    {},
    { role: 'model', parts: [{ ...calls[0], functionCall: { name: 'weather', id } }, { functionCall: { id: 'own' } }] },
    {
      role: 'user',
      parts: [
        { functionResponse: { id, name: 'weather', response: { sky: 'grey' } } },
        { functionResponse: { id: 'own', name: 'weather', response: { result: 'rain' } } },
      ],
    },
  ])
  const bare: ChatCompletionMessageParam = {
    role: 'assistant',
    tool_calls: [{ id: 'x', type: 'function', function: { name: 'weather', arguments: '{}' } }],
  }
  await client.chat.completions.create({
    ...ASK,
    messages: [...ASK.messages, bare, { role: 'tool', tool_call_id: 'x', content: '1' }],
  })
  expect(told[2]?.body.contents).toMatchObject([
    {},
    { parts: [{ thoughtSignature: 'skip_thought_signature_validator' }] },
    {},
  ])
})

const STREAM = [
  { candidates: [{ content: { parts: [{ text: 'Gr' }] }, index: 0 }], usageMetadata: { promptTokenCount: 1000 } },
  {
    candidates: [{ content: { parts: [{ text: 'üße' }] }, index: 0 }],
    usageMetadata: { ...USAGE, candidatesTokenCount: 20 },
  },
  { candidates: [{ content: { parts: [{ functionCall: { name: 'weather', args: { city: 'Köln' } } }] }, index: 0 }] },
  {
    candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: USAGE,
    modelVersion: 'g',
  },
].map(sseEvent)

test('a stream says and costs the same as the whole; its usage is cumulative', async () => {
  const { client, told, metered } = await google(() => ({ pieces: STREAM }))
  const final = await client.chat.completions
    .stream({ ...ASK, stream: true, stream_options: { include_usage: true } })
    .finalChatCompletion()
  expect(told[0]?.path).toBe('/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse')
  expect(final).toMatchObject({
    choices: [
      {
        finish_reason: 'tool_calls',
        message: { content: 'Grüße', tool_calls: [{ function: { arguments: '{"city":"Köln"}' } }] },
      },
    ],
    usage: { prompt_tokens: 1000, completion_tokens: 200 },
  })
  expect(await metered()).toMatchObject([{ status: 'completed', costNanoUsd: 4_380_000n, costGrade: 'computed' }])
})

test('a stream that breaks off is cancelled and estimated by what it said last', async () => {
  const { client, metered } = await google(() => ({ pieces: STREAM.slice(0, 2) }))
  const stream = await client.chat.completions.create({ ...ASK, stream: true })
  const read = async () => {
    for await (const _ of stream);
  }
  await expect(read()).rejects.toThrow()
  // 400 × 3 + 600 × 0.3 + 170 × 15 = 3,930 millionths
  expect(await metered()).toMatchObject([{ status: 'cancelled', costGrade: 'estimated', costNanoUsd: 3_930_000n }])
})

test('logprobs, limits, filters and blocked prompts are said in OpenAI’s words', async () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'é', logProbability: -0.25 }],
    topCandidates: [
      {
        candidates: [
          { token: 'é', logProbability: -0.25 },
          { token: 'e', logProbability: -2 },
        ],
      },
    ],
  }
  let json: object = answer([{ text: 'é' }], { finishReason: 'MAX_TOKENS', logprobsResult })
  const { client, told } = await google(() => ({ json }))
  const cut = await client.chat.completions.create({ ...ASK, logprobs: true, top_logprobs: 2 })
  expect(told[0]?.body).toMatchObject({ generationConfig: { responseLogprobs: true, logprobs: 2 } })
  expect(cut.choices[0]).toMatchObject({
    finish_reason: 'length',
    logprobs: {
      content: [{ token: 'é', logprob: -0.25, bytes: [195, 169], top_logprobs: [{}, { token: 'e', logprob: -2 }] }],
    },
  })
  json = answer([], { finishReason: 'SAFETY' })
  expect((await client.chat.completions.create(ASK)).choices[0]?.finish_reason).toBe('content_filter')
  json = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } }
  expect((await client.chat.completions.create(ASK)).choices[0]).toMatchObject({
    ...{ finish_reason: 'content_filter', message: { refusal: 'The prompt was blocked: SAFETY' } },
  })
})

test('refusals are OpenAI’s; a wrong key is the gateway’s trouble though Google says 400', async () => {
  let reply: Reply = {}
  const { client, heliox } = await google(() => reply)
  const refused = async (status: number, error: object) => {
    reply = { status, json: { error: { code: status, ...error } } }
    heliox.moveTo(new Date(heliox.now() + 60_000).toISOString())
    return client.chat.completions.create(ASK).catch((thrown: unknown) => thrown)
  }
  const long = 'The input token count (9) exceeds the maximum number of tokens allowed (8).'
  expect(await refused(400, { status: 'INVALID_ARGUMENT', message: long })).toMatchObject({
    code: 'context_length_exceeded',
  })
  expect(await refused(404, { status: 'NOT_FOUND', message: 'no' })).toMatchObject({
    status: 404,
    code: 'model_not_found',
  })
  expect(await refused(429, { status: 'RESOURCE_EXHAUSTED', message: 'no' })).toMatchObject({
    code: 'rate_limit_exceeded',
  })
  expect(await refused(503, { status: 'UNAVAILABLE', message: 'busy' })).toMatchObject({
    status: 502,
    code: 'overloaded',
  })
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }]
  expect(await refused(400, { message: 'API key not valid', details })).toMatchObject({
    status: 502,
    code: 'upstream_error',
  })
})
