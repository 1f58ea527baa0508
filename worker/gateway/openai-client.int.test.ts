import OpenAI, { APIUserAbortError } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, chunk, LAST, sse, startUpstream, type Upstream } from './testing-upstream.ts'
import { startGatewayWorker } from './testing-worker.ts'

let upstream: Upstream
let gateway: Awaited<ReturnType<typeof startGatewayWorker>>
let openai: OpenAI

const TOOLS = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
] as const
const tool = { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }

beforeAll(async () => {
  upstream = await startUpstream((asked) => {
    const body = JSON.parse(asked.body) as {
      stream?: boolean
      tools?: unknown
      response_format?: { type: string }
      messages: { content: string }[]
    }
    const { response } = asked
    if (body.messages[0]?.content === 'wait') return sse(asked).write(chunk('first'))
    if (body.messages[0]?.content === 'long')
      return response.writeHead(400, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          error: {
            message: 'maximum context length is 8',
            code: 'context_length_exceeded',
            param: 'messages',
            type: 'invalid_request_error',
          },
        }),
      )
    if (body.stream && body.tools) {
      const delta = (tool_calls: object[]) =>
        chunk('', { choices: [{ index: 0, delta: { role: 'assistant', tool_calls }, finish_reason: null }] })
      const parts = ['{"city":', '"Ulm"}'].map((text) => delta([{ index: 0, function: { arguments: text } }]))
      return sse(asked).end(
        delta([tool]) +
          parts.join('') +
          chunk('', { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }) +
          LAST.split('\n\n').slice(1).join('\n\n'),
      )
    }
    if (body.stream) return sse(asked).end(chunk('Hel') + chunk('lo') + LAST)
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(answerJson(body.response_format?.type === 'json_object' ? '{"is":"json"}' : 'well'))
  })
  gateway = await startGatewayWorker(upstream.url)
  openai = new OpenAI({ apiKey: gateway.key, baseURL: gateway.baseURL, maxRetries: 0 })
})
afterAll(async () => {
  await gateway?.close()
  await upstream?.close()
})

const ask = (content: string) => ({ model: 'small', messages: [{ role: 'user' as const, content }] })

test('chat, with what it cost and the id of the call beside it', async () => {
  const { data, response, request_id } = await openai.chat.completions.create(ask('hi')).withResponse()
  expect(data.choices[0]?.message.content).toBe('well')
  expect(data.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 20 })
  expect(response.headers.get('x-heliox-cost-usd')).toBe('0.00005')
  expect(request_id).toMatch(/^req_/)
  expect((await openai.chat.completions.create(ask('hi')))._request_id).toMatch(/^req_/)
})

test('a stream, whose comment with the cost the client does not see, with and without usage', async () => {
  for (const include_usage of [false, true]) {
    const stream = await openai.chat.completions.create({
      ...ask('hi'),
      stream: true,
      stream_options: { include_usage },
    })
    let text = ''
    let total: number | undefined
    for await (const one of stream) {
      text += one.choices[0]?.delta.content ?? ''
      total ??= one.usage?.total_tokens
    }
    expect([text, total]).toEqual(['Hello', include_usage ? 30 : undefined])
  }
  const raw = await openai.chat.completions.create({ ...ask('hi'), stream: true }).asResponse()
  expect(await raw.text()).toContain('\n\n: x-heliox-cost-usd 0.00005\n\ndata: [DONE]\n\n')
})

test('tools, put together from a stream, and JSON mode', async () => {
  const run = openai.chat.completions.stream({ ...ask('hi'), tools: [...TOOLS] })
  const { choices } = await run.finalChatCompletion()
  expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'weather', arguments: '{"city":"Ulm"}' } }])
  expect(choices[0]?.finish_reason).toBe('tool_calls')
  const json = await openai.chat.completions.create({ ...ask('hi'), response_format: { type: 'json_object' } })
  expect(JSON.parse(json.choices[0]?.message.content ?? '')).toEqual({ is: 'json' })
})

test('embeddings, completions and models', async () => {
  const { data } = await openai.embeddings.create({ model: 'echo', input: ['one', 'two'], encoding_format: 'float' })
  expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
  const completion = await openai.completions.create({ model: 'echo', prompt: 'say this' })
  expect(completion.choices[0]?.text).toBe('say this')
  const names: string[] = []
  for await (const { id } of openai.models.list()) names.push(id)
  expect(names).toEqual(['echo', 'small'])
  expect((await openai.models.retrieve('small')).object).toBe('model')
})

test('responses, at once and as events with their usage', async () => {
  const whole = await openai.responses.create({ model: 'echo', input: 'say this' })
  expect([whole.output_text, whole.usage?.output_tokens]).toEqual(['say this', 2])
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of await openai.responses.create({ model: 'echo', input: 'say this', stream: true }))
    events.push(event)
  expect(events.map(({ type }) => type)).toEqual([
    ...['response.created', 'response.output_text.delta', 'response.output_text.delta'],
    ...['response.output_text.done', 'response.completed'],
  ])
  expect(events.at(-1)).toMatchObject({
    response: { output: [{ content: [{ text: 'say this' }] }], usage: { output_tokens: 2 } },
  })
})

test('refusals are the errors that the client knows', async () => {
  const wrong = new OpenAI({ apiKey: `hlx_${'a'.repeat(43)}`, baseURL: gateway.baseURL, maxRetries: 0 })
  await expect(wrong.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  await expect(openai.chat.completions.create({ ...ask('hi'), model: 'gone' })).rejects.toMatchObject({
    ...{ status: 404, code: 'model_not_found', param: 'model' },
  })
  const long = openai.chat.completions.create(ask('long'))
  await expect(long).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  await expect(long).rejects.toMatchObject({
    code: 'context_length_exceeded',
    param: 'messages',
    requestID: expect.stringMatching(/^req_/),
  })
})

test('an abort in the middle of a stream ends it, and the call is metered as cancelled', async () => {
  const control = new AbortController()
  const stream = await openai.chat.completions.create({ ...ask('wait'), stream: true }, { signal: control.signal })
  const read = async () => {
    for await (const one of stream) if (one.choices[0]?.delta.content === 'first') control.abort()
  }
  await read().catch((error: unknown) => expect(error).toBeInstanceOf(APIUserAbortError))
  expect(control.signal.aborted).toBe(true)
  for (let turn = 0; ; turn += 1) {
    const last = (await gateway.metered(1)).at(-1)
    if (last?.status === 'cancelled' || turn > 100) {
      expect(last).toMatchObject({
        status: 'cancelled',
        outputTokens: 1,
        costGrade: 'estimated',
      })
      break
    }
    await new Promise((resume) => setTimeout(resume, 100))
  }
})
