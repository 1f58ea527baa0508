import { afterEach, expect, test, vi } from 'vitest'
import { askModel, bodyOf, listModels, type Question } from './ask-model.ts'
import { readSse } from './read-sse.ts'
import { snippetOf } from './snippets.ts'

afterEach(() => void vi.unstubAllGlobals())

const QUESTION: Question = {
  ...{
    model: 'echo',
    messages: [{ role: 'user', content: "it's" }],
    temperature: null,
    maxTokens: 5,
    teamId: 'team_2',
  },
}

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })
}

test('events are read whole, however the network cut them', async () => {
  const found: string[] = []
  for await (const data of readSse(
    streamOf('data: {"a', '":1}\n', '\n: alive\n\ndata: two\r\n\r\ndata: [DO', 'NE]\n\n'),
  ))
    found.push(data)
  expect(found).toEqual(['{"a":1}', 'two', '[DONE]'])
})

const chunk = (more: object) => `data: ${JSON.stringify(more)}\n\n`
const says = (content: string) => chunk({ choices: [{ delta: { content } }] })

test('an answer comes piece by piece, with its tokens and its request at the end', async () => {
  const asked = vi.fn(
    async () =>
      new Response(
        streamOf(
          says('Hel'),
          says('lo'),
          chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
          'data: [DONE]\n\n',
        ),
        { headers: { 'x-request-id': 'req_1', 'x-heliox-backend': 'echo' } },
      ),
  )
  vi.stubGlobal('fetch', asked)
  const heard: string[] = []
  const answered = await askModel(QUESTION, new AbortController().signal, (piece) => heard.push(piece))
  expect(heard).toEqual(['Hel', 'lo'])
  expect(answered).toMatchObject({
    ...{ requestId: 'req_1', backend: 'echo', usage: { promptTokens: 3, completionTokens: 2 } },
    ...{ isStopped: false, problem: '' },
  })
  const [, init] = asked.mock.calls[0] as unknown as [string, RequestInit]
  expect(init.headers).toMatchObject({ 'x-heliox-team': 'team_2' })
  expect(JSON.parse(init.body as string)).toMatchObject({ stream: true, max_tokens: 5 })
})

test('a refusal and a stream that breaks off are told in words', async () => {
  vi.stubGlobal('fetch', async () =>
    Response.json(
      { error: { message: 'You exceeded the budget', code: 'insufficient_quota' } },
      { status: 429, headers: { 'x-request-id': 'req_2' } },
    ),
  )
  await expect(listModels('')).rejects.toMatchObject({
    failure: { message: 'You exceeded the budget', code: 'insufficient_quota', requestId: 'req_2' },
  })
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(streamOf(says('Hel'), chunk({ error: { message: 'The backend fell silent' } })), {
        headers: { 'x-request-id': 'req_3' },
      }),
  )
  const answered = await askModel(QUESTION, new AbortController().signal, () => undefined)
  expect(answered).toMatchObject({ requestId: 'req_3', problem: 'The backend fell silent' })
})

test('the same call in three languages runs nothing that was typed', () => {
  expect(bodyOf(QUESTION)).toEqual({ model: 'echo', messages: QUESTION.messages, max_tokens: 5 })
  const curl = snippetOf('curl', QUESTION, 'https://heliox.example/v1')
  expect(curl).toContain('curl https://heliox.example/v1/chat/completions')
  expect(curl).toContain(`"content":"it'\\''s"`)
  expect(snippetOf('python', QUESTION, 'https://heliox.example/v1')).toContain('    max_tokens=5,')
  expect(snippetOf('typescript', QUESTION, 'https://heliox.example/v1')).toContain('"max_tokens": 5')
})
