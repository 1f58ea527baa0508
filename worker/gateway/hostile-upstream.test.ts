import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import {
  type Asked,
  answerJson,
  chunk,
  LAST,
  sse,
  startGateway,
  startUpstream,
  type Upstream,
} from './testing-upstream.ts'

const upstreams: Upstream[] = []
afterEach(async () => {
  for (const one of upstreams.splice(0)) await one.close()
})

async function upstream(answer: (asked: Asked) => unknown): Promise<Upstream> {
  const one = await startUpstream(answer)
  upstreams.push(one)
  return one
}

/** A gateway whose one backend answers so. */
async function behind(answer: (asked: Asked) => unknown, more: { timeoutMs?: number; retries?: number } = {}) {
  const gateway = await startGateway()
  const stub = await upstream(answer)
  await gateway.addBackend(stub.url, more)
  return { ...gateway, stub }
}

const json = ({ response }: Asked, text: string, headers: Record<string, string> = {}, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
const WELL = { status: 'completed', inputTokens: 10, outputTokens: 20, costNanoUsd: 50_000n, costGrade: 'computed' }
/** "hello" with its role and the frames around it, and so many pieces that came. */
const cut = (outputTokens: number) => ({
  ...{ status: 'cancelled', costGrade: 'estimated', inputTokens: 15, outputTokens },
  costNanoUsd: BigInt(15 * 1_000 + outputTokens * 2_000),
})

test('a body of 5 MB reaches the backend as it was sent', async () => {
  const { call, stub, metered } = await behind((asked) => json(asked, answerJson()))
  const content = 'é'.repeat(2.5 * 1024 * 1024)
  expect((await call({ messages: [{ role: 'user', content }] })).status).toBe(200)
  expect(JSON.parse(stub.asked[0]?.body ?? '')).toEqual({ model: 'small-2026', messages: [{ role: 'user', content }] })
  expect(await metered()).toMatchObject([WELL])
})

test('a stream of 1,000 pieces arrives whole and in order', async () => {
  const { call, metered } = await behind((asked) => {
    const response = sse(asked)
    for (let at = 0; at < 1_000; at += 1) response.write(chunk(`${at} `))
    response.end(LAST)
  })
  const text = await (await call({ stream: true })).text()
  expect([...text.matchAll(/"content":"(\d+) "/g)].map(([, at]) => Number(at))).toEqual(
    Array.from({ length: 1_000 }, (_, at) => at),
  )
  expect(text).toContain(': x-heliox-cost-usd 0.00005\n\ndata: [DONE]')
  expect(await metered()).toMatchObject([WELL])
})

test('a backend that sends nothing is 504, or the next one answers', async () => {
  const { call, metered, addBackend, stub } = await behind(() => undefined, { timeoutMs: 60 })
  const alone = await call({})
  expect([alone.status, await alone.json()]).toMatchObject([504, { error: { code: 'upstream_timeout' } }])
  expect(alone.headers.get('x-heliox-backend')).toBe('first')
  const well = await upstream((asked) => json(asked, answerJson()))
  await addBackend(well.url, { name: 'second', priority: 1 })
  expect((await call({ model: 'small' })).status).toBe(504) // this isolate asks for settings once a second
  expect(stub.asked).toHaveLength(2)
  expect(await metered()).toMatchObject([
    { status: 'failed', costNanoUsd: 0n, errorCode: 'upstream_timeout', httpStatus: 504 },
    { status: 'failed' },
  ])
})

test('when the first of two backends sends nothing, or only rubbish, the second one answers', async () => {
  for (const answer of [
    () => undefined,
    (asked: Asked) => json(asked, '<html>Bad day</html>', { 'content-type': 'text/html' }),
    (asked: Asked) => json(asked, '', { location: 'http://127.0.0.1:1/' }, 302),
    (asked: Asked) => json(asked, '{"error":{"message":"no capacity","code":502}}'),
    ({ response }: Asked) => response.destroy(),
  ])
    for (const stream of [false, true]) {
      const { call, metered, addBackend } = await behind(answer, { timeoutMs: 60 })
      const well = await upstream((asked) => (stream ? sse(asked).end(LAST) : json(asked, answerJson())))
      await addBackend(well.url, { name: 'second', priority: 1 })
      const response = await call({ stream })
      expect([String(answer), response.status]).toEqual([String(answer), 200])
      expect(response.headers.get('x-heliox-backend')).toBe('second')
      await response.text()
      expect(await metered()).toMatchObject([{ ...WELL, backend: 'second', retryCount: 1 }])
    }
}, 60_000)

test('what is no answer is 502 and free; what began as one and was cut off is paid for', async () => {
  const cases: [string, (asked: Asked) => unknown, object][] = [
    ['HTML', (asked) => json(asked, '<h1>It works!</h1>'), { status: 'failed', costNanoUsd: 0n }],
    ['nothing', (asked) => json(asked, ''), { status: 'failed', costNanoUsd: 0n }],
    ['a list', (asked) => json(asked, '[]'), { status: 'failed', costNanoUsd: 0n }],
    ['an error', (asked) => json(asked, '{"error":{"message":"x"}}'), { status: 'failed', costNanoUsd: 0n }],
    ['cut JSON', (asked) => json(asked, answerJson().slice(0, 80)), cut(20)],
    [
      'a dead socket in the middle',
      (asked) => {
        asked.response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        asked.response.write(answerJson().slice(0, 40), () => asked.response.destroy())
      },
      { ...cut(10), errorCode: 'upstream_closed' },
    ],
    ['a place elsewhere', (asked) => json(asked, '', { location: '/' }, 307), { status: 'failed', costNanoUsd: 0n }],
  ]
  for (const [what, answer, row] of cases) {
    const { call, metered } = await behind(answer)
    const response = await call({})
    expect([what, response.status, await response.json()]).toMatchObject([
      what,
      502,
      { error: { type: 'server_error' } },
    ])
    const rows = await metered()
    expect([what, rows]).toMatchObject([what, [row]])
  }
}, 60_000)

test('a whole answer without a usage that can be read is estimated by its words, and counts', async () => {
  const said = (usage: unknown) => JSON.stringify({ ...JSON.parse(answerJson('x'.repeat(400))), usage })
  const estimated = { status: 'completed', costGrade: 'estimated', inputTokens: 15, outputTokens: 100 }
  const wrong = [undefined, null, {}, 'much', [], { prompt_tokens: '10', completion_tokens: '20' }]
  const more = [{ prompt_tokens: 1.5, completion_tokens: 2.5 }, { prompt_tokens: -1 }, { prompt_tokens: 1e18 }]
  for (const usage of [...wrong, ...more]) {
    const { call, metered } = await behind((asked) => json(asked, said(usage)))
    expect((await call({})).status).toBe(200)
    expect([usage, await metered()]).toMatchObject([usage, [{ ...estimated, costNanoUsd: 215_000n }]])
  }
  const half = await behind((asked) => json(asked, said({ prompt_tokens: 10 })))
  await half.call({})
  expect(await half.metered()).toMatchObject([{ ...estimated, inputTokens: 10, costNanoUsd: 210_000n }])
}, 60_000)

test('an answer of the wrong kind is 502, and what it says it used is paid for, else what came', async () => {
  const failed = { status: 'failed', httpStatus: 502, errorCode: 'bad_upstream_answer', retryCount: 0 }
  const cases: [string, boolean, (asked: Asked) => unknown, object][] = [
    ['whole for a stream', true, (asked) => json(asked, answerJson()), { costNanoUsd: 50_000n, costGrade: 'computed' }],
    [
      'whole for a stream, without usage',
      true,
      (asked) => json(asked, JSON.stringify({ choices: [{ message: { content: 'x'.repeat(400) } }] })),
      { costNanoUsd: 215_000n, costGrade: 'estimated' },
    ],
    ['a stream for a whole', false, (asked) => sse(asked).end(chunk('a') + LAST), { costNanoUsd: 50_000n }],
    [
      'a stream without usage for a whole',
      false,
      (asked) => sse(asked).end(chunk('a') + chunk('b')),
      { costNanoUsd: 19_000n, costGrade: 'estimated' },
    ],
  ]
  for (const [what, stream, answer, cost] of cases) {
    const { call, metered } = await behind(answer)
    expect([what, (await call({ stream })).status]).toEqual([what, 502])
    expect([what, await metered()]).toMatchObject([what, [{ ...failed, ...cost }]])
  }
}, 60_000)

test('a row says the status that its client got, and counts no try that was none', async () => {
  const half = answerJson().slice(0, 40)
  const dies = await behind((asked) => {
    asked.response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    asked.response.write(half, () => asked.response.destroy())
  })
  expect((await dies.call({})).status).toBe(502)
  expect(await dies.metered()).toMatchObject([{ httpStatus: 502, retryCount: 0, errorCode: 'upstream_closed' }])
  const stalls = await behind((asked) => sse(asked).write(chunk('a')), { timeoutMs: 200 })
  await (await stalls.call({ stream: true })).text()
  expect(await stalls.metered()).toMatchObject([{ httpStatus: 200, retryCount: 0, errorCode: 'upstream_timeout' }])
})

test('an answer that stalls after its first half is 504 and paid for by that half', async () => {
  const { call, metered } = await behind(
    ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).write(answerJson().slice(0, 40)),
    { timeoutMs: 400 },
  )
  expect((await call({})).status).toBe(504)
  expect(await metered()).toMatchObject([{ ...cut(10), errorCode: 'upstream_timeout' }])
})

test('a stream that stalls, dies, ends too early or never ends an event says so, and is paid for by what came', async () => {
  const three = chunk('a') + chunk('b') + chunk('c')
  const cases: [string, (asked: Asked) => unknown, object][] = [
    ['stalls', (asked) => sse(asked).write(three), { ...cut(3), errorCode: 'upstream_timeout' }],
    [
      'dies',
      (asked) => sse(asked).write(three, () => setTimeout(() => asked.response.destroy(), 20)),
      { ...cut(3), errorCode: 'upstream_closed' },
    ],
    ['has no [DONE]', (asked) => sse(asked).end(three), { ...cut(3), errorCode: 'upstream_closed' }],
    ['ends in half an event', (asked) => sse(asked).end(`${three}data: {"choi`), cut(3)],
    [
      'has an endless event',
      (asked) => {
        const response = sse(asked)
        response.write(three)
        for (let at = 0; at < 144; at += 1) response.write('x'.repeat(64 * 1024))
      },
      { ...cut(3), errorCode: 'bad_upstream_answer' },
    ],
  ]
  for (const [what, answer, row] of cases) {
    const { call, metered } = await behind(answer, { timeoutMs: 500 })
    const response = await call({ stream: true })
    expect([what, response.status]).toEqual([what, 200])
    const text = await response.text()
    expect(text.startsWith(three)).toBe(true)
    const said = text.slice(three.length)
    expect([what, said]).toEqual([what, expect.stringMatching(/^data: {"error":{[^\n]+}\n\n$/)])
    const rows = await metered()
    expect([what, rows]).toMatchObject([what, [row]])
  }
}, 60_000)

test('a stream with wrong usage, wrong letters, comments, an answer too many or no last blank line is one stream', async () => {
  const usage = (said: object) => chunk('', { choices: [], usage: said })
  const stop = chunk('', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  const estimated = { status: 'completed', costGrade: 'estimated', inputTokens: 15 }
  const cases: [string, string | Buffer, object][] = [
    ['negative', chunk('a') + usage({ prompt_tokens: -5, completion_tokens: -1 }) + LAST.slice(-14), estimated],
    ['text', chunk('a') + usage({ prompt_tokens: '9', completion_tokens: 'x' }) + LAST.slice(-14), estimated],
    ['half of it wrong', chunk('a') + usage({ prompt_tokens: 9, completion_tokens: -1 }) + LAST.slice(-14), estimated],
    ['none', chunk('a') + stop + LAST.slice(-14), estimated],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from(chunk('a')), Buffer.from([0xff, 0xc3]), Buffer.from(`\n\n${LAST}`)]),
      WELL,
    ],
    ['comments', `: keep-alive\n\n${chunk('a')}: still here\n\n${LAST}`, WELL],
    ['CRLF', (chunk('a') + LAST).replaceAll('\n', '\r\n'), WELL],
    ['twice', chunk('a') + LAST + chunk('b') + LAST, WELL],
    ['no last blank line', (chunk('a') + LAST).trimEnd(), WELL],
  ]
  for (const [what, sent, row] of cases) {
    const { call, metered } = await behind((asked) => sse(asked).end(sent))
    const text = await (await call({ stream: true })).text()
    expect([what, text.match(/\[DONE\]/g)]).toEqual([what, ['[DONE]']])
    expect([what, text.includes('"content":"b"'), text.includes('"error"')]).toEqual([what, false, false])
    const rows = await metered()
    expect([what, rows]).toMatchObject([what, [row]])
  }
}, 60_000)

test('an answer in gzip is read, and a long refusal is cut short', async () => {
  const zipped = await behind((asked) =>
    asked.response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(gzipSync(answerJson())),
  )
  const response = await zipped.call({})
  expect([response.headers.get('content-encoding'), await response.json()]).toMatchObject([null, { id: 'c' }])
  const long = await behind((asked) => json(asked, JSON.stringify({ error: { message: 'y'.repeat(1e6) } }), {}, 400))
  const refused = await long.call({})
  expect(refused.status).toBe(400)
  expect((await refused.text()).length).toBeLessThan(5_000)
  expect(await long.metered()).toMatchObject([{ status: 'failed', costNanoUsd: 0n, httpStatus: 400 }])
})

test('a context that is too long has the code that clients look for, however the backend words it', async () => {
  const words = "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens."
  for (const said of [
    { error: { message: words, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' } },
    { error: { message: words, type: 'BadRequestError', param: null, code: 400 } },
    { object: 'error', message: words, type: 'BadRequestError', param: null, code: 400 },
    { detail: words },
  ]) {
    const { call } = await behind((asked) => json(asked, JSON.stringify(said), {}, 400))
    const response = await call({})
    const answer = { error: { message: words, code: 'context_length_exceeded' } }
    expect([response.status, await response.json()]).toMatchObject([400, answer])
  }
})

test('words that no database takes do not keep a call out of it', async () => {
  const { call, metered } = await behind((asked) =>
    json(
      asked,
      `{"model":"sm\\u0000all\\ud800","service_tier":"\\u0000","choices":[],"usage":${JSON.stringify({ prompt_tokens: 10, completion_tokens: 20 })}}`,
    ),
  )
  await call({ user: `a\u0000b${'x'.repeat(197)}\u{1f600}`, metadata: { odd: '\u0000\ud800' } })
  expect(await metered()).toMatchObject([{ ...WELL, model: 'small\ufffd', serviceTier: '' }])
})

test('what goes wrong in the middle of a stream is said once, and no end stands before it', async () => {
  const error = 'event: error\ndata: {"error":{"message":"overloaded","code":503}}\n\n'
  for (const sent of [
    chunk('a') + error,
    chunk('a') + error + LAST,
    `${chunk('a')}data: {not json}\n\n${error}${LAST}`,
  ]) {
    const { call, metered } = await behind((asked) => sse(asked).end(sent))
    const text = await (await call({ stream: true })).text()
    expect([text.match(/"error"/g), text.includes('[DONE]')]).toEqual([['"error"'], false])
    expect(await metered()).toMatchObject([
      { status: 'failed', errorCode: 'upstream_error', errorMessage: 'overloaded' },
    ])
  }
}, 30_000)

test('a whole stream whose backend says no [DONE] is completed, and gets one', async () => {
  const { call, metered } = await behind((asked) => sse(asked).end(chunk('a') + LAST.slice(0, -14)))
  const text = await (await call({ stream: true })).text()
  expect(text.endsWith(': x-heliox-cost-usd 0.00005\n\ndata: [DONE]\n\n')).toBe(true)
  expect(await metered()).toMatchObject([WELL])
})

test('a backend that asks for more patience than an hour gets an hour, and its odd refusals are its own', async () => {
  const busy = await behind((asked) => json(asked, '{}', { 'retry-after': '99999999999' }, 429))
  expect((await busy.call({})).headers.get('retry-after')).toBe('3600')
  const teapot = await behind((asked) => json(asked, 'short and stout', {}, 418))
  expect((await teapot.call({})).status).toBe(418)
  expect(await teapot.metered()).toMatchObject([{ httpStatus: 418, errorCode: 'upstream_error' }])
})
