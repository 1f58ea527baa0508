import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, chunk, LAST, sse, startUpstream, type Upstream } from './testing-upstream.ts'
import { startGatewayWorker } from './testing-worker.ts'

let upstream: Upstream
let gateway: Awaited<ReturnType<typeof startGatewayWorker>>

beforeAll(async () => {
  upstream = await startUpstream((asked) =>
    asked.body.includes('"stream":true')
      ? sse(asked).end(chunk('Hel') + chunk('lo') + LAST)
      : asked.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson()),
  )
  gateway = await startGatewayWorker(upstream.url)
})
afterAll(async () => {
  await gateway?.close()
  await upstream?.close()
})

const client = (model: string) =>
  new ChatOpenAI({ model, apiKey: gateway.key, maxRetries: 0, configuration: { baseURL: gateway.baseURL } })

const totalOf = (said: object) =>
  (said as { usage_metadata?: { total_tokens: number } }).usage_metadata?.total_tokens ?? 0

test('ChatOpenAI answers at once and in pieces, with usage; the comment with the cost is not seen', async () => {
  const whole = await client('small').invoke('hi')
  expect([whole.content, totalOf(whole)]).toEqual(['well', 30])
  let text = ''
  let total = 0
  for await (const piece of await client('small').stream('hi')) {
    text += String(piece.content)
    total += totalOf(piece)
  }
  expect([text, total]).toEqual(['Hello', 30])
})

test('embeddings, and a refusal with its status', async () => {
  const configuration = { baseURL: gateway.baseURL }
  const embeddings = new OpenAIEmbeddings({
    model: 'echo',
    apiKey: gateway.key,
    encodingFormat: 'float',
    configuration,
  })
  expect(await embeddings.embedQuery('one')).toHaveLength(8)
  await expect(client('gone').invoke('hi')).rejects.toMatchObject({ status: 404 })
})
