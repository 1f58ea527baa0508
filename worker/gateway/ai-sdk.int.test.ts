import { createOpenAI } from '@ai-sdk/openai'
import { embed, generateText, jsonSchema, streamText, type ToolSet, tool } from 'ai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, chunk, LAST, sse, startUpstream, type Upstream } from './testing-upstream.ts'
import { startGatewayWorker } from './testing-worker.ts'

let upstream: Upstream
let gateway: Awaited<ReturnType<typeof startGatewayWorker>>
let provider: ReturnType<typeof createOpenAI>

beforeAll(async () => {
  upstream = await startUpstream((asked) => {
    const body = JSON.parse(asked.body) as { stream?: boolean; tools?: unknown }
    if (body.stream) return sse(asked).end(chunk('Hel') + chunk('lo') + LAST)
    const called = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Ulm"}' } }
    const text = body.tools
      ? answerJson()
          .replace('"content":"well"', `"content":null,"tool_calls":[${JSON.stringify(called)}]`)
          .replace('"stop"', '"tool_calls"')
      : answerJson()
    return asked.response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  gateway = await startGatewayWorker(upstream.url)
  provider = createOpenAI({ apiKey: gateway.key, baseURL: gateway.baseURL })
})
afterAll(async () => {
  await gateway?.close()
  await upstream?.close()
})

test('generateText and streamText answer with text and usage; the comment with the cost is not seen', async () => {
  const whole = await generateText({ model: provider.chat('small'), prompt: 'hi' })
  expect([whole.text, whole.usage.totalTokens]).toEqual(['well', 30])
  expect(whole.response.headers?.['x-heliox-cost-usd']).toBe('0.00005')
  const stream = streamText({ model: provider.chat('small'), prompt: 'hi' })
  let text = ''
  for await (const piece of stream.textStream) text += piece
  expect([text, (await stream.usage).totalTokens, await stream.finishReason]).toEqual(['Hello', 30, 'stop'])
})

test('a tool is called', async () => {
  const weather = tool({
    inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
  })
  const { toolCalls } = await generateText({
    model: provider.chat('small'),
    prompt: 'hi',
    tools: { weather } as unknown as ToolSet,
  })
  expect(toolCalls).toMatchObject([{ toolName: 'weather', input: { city: 'Ulm' } }])
})

test('responses, which it asks by itself, and embeddings', async () => {
  expect((await generateText({ model: provider('echo'), prompt: 'say this' })).text).toBe('say this')
  const { embedding } = await embed({ model: provider.embedding('echo'), value: 'one' })
  expect(embedding).toHaveLength(8)
})

test('a refusal names its status', async () => {
  const asked = generateText({ model: provider.chat('gone'), prompt: 'hi', maxRetries: 0 })
  await expect(asked).rejects.toMatchObject({
    statusCode: 404,
    message: expect.stringContaining("'gone' does not exist"),
  })
})
