import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { answerJson, chunk, LAST, sse, startGateway, startUpstream } from './testing-upstream.ts'

const KEY = 'sk-upstream-REAL/SECRET+42'
const FORMS = [KEY, 'sk-upstream', 'SECRET+42', 'SECRET%2B42']
type Answer = Parameters<typeof startUpstream>[0]

/** A gateway whose one backend is asked with that key, and what it has stored, logged and answered since. */
async function behind(answer: Answer, apiKey = KEY) {
  const gateway = await startGateway()
  const stub = await startUpstream(answer)
  onTestFinished(stub.close)
  const logged = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  onTestFinished(() => logged.mockRestore())
  const models = [{ model: 'small', upstream_model: 'small-2026' }]
  const backend = { name: 'first', kind: 'openai-compatible', base_url: stub.url, models, retries: 0 }
  const { write, json, db } = gateway.heliox
  expect((await write('POST', '/api/v1/gateway/backends', { ...backend, api_key: apiKey })).status).toBe(201)
  const everywhere = async () => {
    const rows = await gateway.metered()
    const all = await json(`/api/v1/requests/${rows[0]?.id}`)
    const tables = await db.all<{ name: string }>(sql`select name from sqlite_schema where type = 'table'`)
    const stored = []
    for (const { name } of tables) stored.push(await db.all(sql`select * from ${sql.identifier(name)}`))
    const shown = await json('/api/v1/gateway/backends')
    const text = (one: unknown) => JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
    return [...[rows, all, stored, shown].map(text), ...logged.mock.calls.flat().map(String)].join('\n')
  }
  return { ...gateway, stub, everywhere }
}

const quoted = (asked: { request: { headers: object } }) => `You sent ${JSON.stringify(asked.request.headers)}`
const KINDS: [string, boolean, number, Answer][] = [
  ...[400, 401, 404, 418, 429, 500, 503].map((status): [string, boolean, number, Answer] => [
    `a refusal with ${status}`,
    false,
    status === 401 || status >= 500 ? 502 : status,
    (asked) =>
      asked.response
        .writeHead(status, {
          'content-type': 'application/json',
          'retry-after': `${asked.request.headers.authorization}`,
        })
        .end(JSON.stringify({ error: { message: quoted(asked), code: KEY, type: KEY, param: KEY } })),
  ]),
  ['a page', false, 502, (asked) => asked.response.writeHead(500).end(`<pre>${quoted(asked)}</pre>`)],
  ['a key cut off', false, 502, (asked) => asked.response.writeHead(500).end(`${'x'.repeat(485)}${KEY}`)],
  [
    'an error with 200',
    false,
    502,
    (asked) => asked.response.end(JSON.stringify({ error: { message: quoted(asked) } }).replaceAll('/', '\\/')),
  ],
  ['an answer', false, 200, (asked) => asked.response.end(answerJson(quoted(asked)))],
  [
    'a page for a stream',
    true,
    502,
    (asked) => asked.response.setHeader('content-type', 'text/html').end(quoted(asked)),
  ],
  [
    'an error in a stream',
    true,
    200,
    (asked) =>
      sse(asked).end(`${chunk('a')}data: ${JSON.stringify({ error: { message: quoted(asked) } })}\n\ndata: [DONE]\n\n`),
  ],
  ['a stream', true, 200, (asked) => sse(asked).end(chunk(quoted(asked), { model: KEY }) + LAST)],
]

test.each(KINDS)('%s that quotes the gateway’s own key reaches nobody', async (_, stream, status, answer) => {
  const { call, stub, everywhere } = await behind(answer)
  const response = await call({ stream })
  expect(response.status).toBe(status)
  const told = JSON.stringify([...response.headers]) + (await response.text())
  expect(stub.asked[0]?.request.headers.authorization).toBe(`Bearer ${KEY}`) // the key was there to be quoted
  const stored = await everywhere()
  expect(stored).toContain('small') // there is something to look through
  for (const form of FORMS) {
    expect(told).not.toContain(form)
    expect(stored).not.toContain(form)
  }
})

test('a list of models that quotes the key is shown without it', async () => {
  const { heliox, everywhere } = await behind((asked) =>
    asked.response.end(JSON.stringify({ data: [{ id: `model ${asked.request.headers.authorization}` }] })),
  )
  const tried = await heliox.write('POST', '/api/v1/gateway/backends/bknd_1/try')
  expect([tried.status, tried.body]).toMatchObject([200, { is_fine: true }])
  expect(tried.body.models).toEqual([expect.stringMatching(/^model Bearer …/)])
  for (const form of FORMS) expect(JSON.stringify(tried.body) + (await everywhere())).not.toContain(form)
})

test('a key that is a plain word stays a word in what models say', async () => {
  const { call } = await behind((asked) => asked.response.end(answerJson('ask ollama')), 'ollama')
  expect(await (await call({})).json()).toMatchObject({ choices: [{ message: { content: 'ask ollama' } }] })
})
