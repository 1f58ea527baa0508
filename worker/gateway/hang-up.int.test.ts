import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { requests } from '../../db/schema/requests.ts'
import { type Asked, answerJson, chunk, LAST, sse, startUpstream, type Upstream } from './testing-upstream.ts'
import { startGatewayWorker } from './testing-worker.ts'

let upstream: Upstream
let gateway: Awaited<ReturnType<typeof startGatewayWorker>>
let answer: (asked: Asked) => unknown

beforeAll(async () => {
  upstream = await startUpstream((asked) => answer(asked))
  gateway = await startGatewayWorker(upstream.url, { timeoutMs: 5_000 })
})
beforeEach(async () => {
  await gateway.db.delete(requests)
})
afterAll(async () => {
  await gateway?.close()
  await upstream?.close()
})

const GONE = { status: 'cancelled', errorCode: 'client_closed', costGrade: 'estimated', inputTokens: 15 }

/** A socket of our own: it can be left unread, and torn. */
function call(body: object) {
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' }
  const sent = request(`${gateway.baseURL}/chat/completions`, { method: 'POST', headers })
  sent.on('error', () => undefined)
  sent.end(JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }], ...body }))
  return sent
}

const seen = () =>
  new Promise<Asked>((resolve) => {
    answer = resolve
  })

test('a client that hangs up in the middle is noticed at the next piece: it pays for what came, and the backend is told', async () => {
  const reached = seen()
  const sent = call({ stream: true })
  const asked = await reached
  sse(asked).write(chunk('a') + chunk('b'))
  const [response] = await once(sent, 'response')
  await once(response, 'data')
  sent.destroy()
  const told = once(asked.response, 'close')
  const more = setInterval(() => asked.response.write(chunk('c')), 50)
  await told
  clearInterval(more)
  const [row] = await gateway.metered(1)
  expect(row).toMatchObject(GONE)
  expect(row?.outputTokens).toBeGreaterThanOrEqual(2)
  expect(row?.costNanoUsd).toBe(15_000n + 2_000n * BigInt(row?.outputTokens ?? 0))
})

test('a client that has read the last byte and hangs up has a whole call', async () => {
  answer = (asked) => sse(asked).end(chunk('a') + LAST)
  const sent = call({ stream: true })
  const [response] = await once(sent, 'response')
  let text = ''
  while (!text.includes('[DONE]')) text += String((await once(response, 'data'))[0])
  sent.destroy()
  expect(await gateway.metered(1)).toMatchObject([{ status: 'completed', outputTokens: 20, costNanoUsd: 50_000n }])
})

test('callers who hang up among many hold up none of them: all others are answered, and each call is metered once', async () => {
  answer = (asked) => asked.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
  const staying: Promise<[number | undefined, string]>[] = []
  for (let at = 0; at < 90; at += 1) {
    const sent = call({})
    if (at % 3 === 0) setTimeout(() => sent.destroy(), at)
    else
      staying.push(
        once(sent, 'response').then(([response]) => {
          response.resume()
          return [response.statusCode, String(response.headers['x-request-id'])]
        }),
      )
  }
  const answered = await Promise.all(staying)
  expect(answered.map(([status]) => status)).toEqual(Array(60).fill(200))
  const last = once(call({}), 'response') // a meter that still answers
  expect((await last)[0].statusCode).toBe(200)
  await vi.waitFor(
    async () => {
      const rows = await gateway.metered(0)
      const completed = new Set(rows.filter(({ status }) => status === 'completed').map(({ id }) => id))
      expect(answered.filter(([, id]) => !completed.has(id))).toEqual([])
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    },
    { timeout: 20_000, interval: 100 },
  )
}, 60_000)

test('a client that tears its connection before the first byte ends its call at once, whenever the backend would have answered', async () => {
  let count = 0
  for (const stream of [false, true])
    for (const answersAfterMs of [null, 300]) {
      const reached = seen()
      const sent = call({ stream })
      const asked = await reached
      const ended = once(asked.response, 'close')
      const answered = () => (stream ? sse(asked).end(chunk('a') + LAST) : asked.response.end(answerJson()))
      if (answersAfterMs !== null) setTimeout(answered, answersAfterMs)
      sent.socket?.resetAndDestroy()
      count += 1
      const rows = await gateway.metered(count)
      expect(rows).toHaveLength(count)
      expect(rows.at(-1)).toMatchObject({ ...GONE, httpStatus: 499 })
      expect(rows.at(-1)?.latencyMs).toBeLessThan(2_000)
      await ended
    }
}, 60_000)

test('a client that tears its connection while the backend is silent in the middle ends its call at once', async () => {
  const reached = seen()
  const sent = call({ stream: true })
  const asked = await reached
  const ended = once(asked.response, 'close')
  sse(asked).write(chunk('a') + chunk('b'))
  const [response] = await once(sent, 'response')
  await once(response, 'data')
  sent.socket?.resetAndDestroy()
  const [row] = await gateway.metered(1)
  expect(row).toMatchObject({ ...GONE, outputTokens: 2 })
  expect(row?.latencyMs).toBeLessThan(2_000) // the backend may be silent for five seconds
  await ended
})

/** Resident memory of the runtime in MB. */
function residentMb(): number {
  const list = execFileSync('ps', ['-A', '-o', 'ppid=,rss=,args='], { encoding: 'utf8' })
  const own = list.split('\n').filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('workerd'))
  return own.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[1]), 0) / 1024
}

test('a client that reads nothing makes the backend wait: of 100 MB little is taken, and memory stays flat', async () => {
  let taken = 0
  const piece = chunk('x'.repeat(64 * 1024))
  answer = async (asked) => {
    const response = sse(asked)
    const gone = once(response, 'close')
    for (let at = 0; at < 1_600 && !response.destroyed; at += 1) {
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), gone])
      if (!response.destroyed) taken += piece.length
    }
  }
  const before = residentMb()
  const sent = call({ stream: true })
  const [response] = await once(sent, 'response')
  response.pause()
  let last = -1
  while (last !== taken) {
    last = taken
    await new Promise((resume) => setTimeout(resume, 500)) // until the backend can write no more
  }
  expect(taken).toBeLessThan(32 * 1024 * 1024) // what the sockets on the way hold
  expect(residentMb() - before).toBeLessThan(64)
  sent.destroy()
  expect(await gateway.metered(1)).toMatchObject([{ status: 'cancelled', errorCode: 'client_closed' }])
})

test('twenty bodies of 5 MB and a stream of 1,000 pieces leave memory flat', async () => {
  answer = (asked) =>
    asked.body.includes('"stream":true')
      ? sse(asked).end(chunk('a').repeat(1_000) + LAST)
      : asked.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
  const whole = async (body: object) => {
    const [response] = await once(call(body), 'response')
    let length = 0
    for await (const piece of response) length += piece.length
    return [response.statusCode, length] as const
  }
  const messages = [{ role: 'user', content: 'x'.repeat(5 * 1024 * 1024) }]
  for (let at = 0; at < 4; at += 1) expect(await whole({ messages })).toMatchObject([200, expect.any(Number)])
  const before = residentMb()
  for (let at = 0; at < 16; at += 1) expect((await whole({ messages }))[0]).toBe(200)
  const [status, length] = await whole({ stream: true })
  expect([status, length > 1_000 * chunk('a').length]).toEqual([200, true])
  expect(residentMb() - before).toBeLessThan(128)
  const rows = await gateway.metered(21)
  expect(rows.map(({ status: how, outputTokens }) => [how, outputTokens])).toEqual(Array(21).fill(['completed', 20]))
})
