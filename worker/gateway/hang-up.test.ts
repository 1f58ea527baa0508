import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { budgets } from '../../db/schema/budgets.ts'
import { nanoUsd } from '../../db/units/money.ts'
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

async function behind(answer: (asked: Asked) => unknown) {
  const gateway = await startGateway()
  const stub = await startUpstream(answer)
  upstreams.push(stub)
  await gateway.addBackend(stub.url, { retries: 2 })
  return { ...gateway, stub }
}

const GONE = { status: 'cancelled', errorCode: 'client_closed', costGrade: 'estimated', inputTokens: 15 }

/** Ends when it does so by itself: the connection to the backend. */
const closed = ({ request }: Asked) => new Promise<void>((resolve) => request.socket.once('close', () => resolve()))

test('a client that hangs up before the first byte has asked one backend once, and pays for its input', async () => {
  for (const stream of [false, true]) {
    const control = new AbortController()
    let atBackend: (asked: Asked) => void = () => undefined
    const reached = new Promise<Asked>((resolve) => {
      atBackend = resolve
    })
    const { call, metered, stub } = await behind(atBackend)
    const answered = call({ stream }, { signal: control.signal })
    const ended = closed(await reached)
    control.abort()
    expect((await answered).status).toBe(499)
    await ended
    expect(await metered()).toMatchObject([{ ...GONE, outputTokens: 0, costNanoUsd: 15_000n, retryCount: 0 }])
    expect(stub.asked).toHaveLength(1)
  }
})

test('a client that hangs up in the middle pays for what came, and the backend is told', async () => {
  let atBackend: (asked: Asked) => void = () => undefined
  const reached = new Promise<Asked>((resolve) => {
    atBackend = resolve
  })
  const { call, metered } = await behind((asked) => {
    sse(asked).write(chunk('a') + chunk('b'))
    atBackend(asked)
  })
  const response = await call({ stream: true })
  const ended = closed(await reached)
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await ended
  expect(await metered()).toMatchObject([{ ...GONE, outputTokens: 2, costNanoUsd: 19_000n }])
})

test('a client that hangs up after the last byte has a whole call', async () => {
  const { call, metered } = await behind((asked) => sse(asked).end(chunk('a') + LAST))
  const response = await call({ stream: true })
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes('[DONE]')) text += decoder.decode((await reader?.read())?.value)
  await reader?.cancel()
  expect(await metered()).toMatchObject([{ status: 'completed', outputTokens: 20, costNanoUsd: 50_000n }])
  const whole = await behind((asked) =>
    asked.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson()),
  )
  await (await whole.call({})).body?.cancel()
  expect(await whole.metered()).toMatchObject([{ status: 'completed', outputTokens: 20 }])
})

test('a client that does not read makes the backend wait: little of a stream of 64 MB is held', async () => {
  let taken = 0
  const piece = chunk('x'.repeat(64 * 1024))
  const { call } = await behind(async (asked) => {
    const response = sse(asked)
    const gone = once(response, 'close')
    for (let at = 0; at < 1_000 && !response.destroyed; at += 1) {
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), gone])
      taken += piece.length
    }
  })
  const response = await call({ stream: true })
  const reader = response.body?.getReader()
  await reader?.read()
  let before = -1
  while (before !== taken) {
    before = taken
    await new Promise((resume) => setTimeout(resume, 300)) // until the backend can write no more
  }
  expect(taken).toBeLessThan(16 * 1024 * 1024) // what two sockets and their streams hold
  await reader?.cancel()
})

test('a client that hangs up while its call waits for its turn has asked nobody, and pays nothing', async () => {
  const waiting: Asked[] = []
  const { call, metered, heliox, stub } = await behind((asked) => waiting.push(asked))
  const own = { scope: 'company', period: 'month', mode: 'hard', createdAtMs: heliox.now() } as const
  await heliox.db.insert(budgets).values({ ...own, limitNanoUsd: nanoUsd(1_000_000_000n) })
  const first = call({ max_tokens: 20 }) // alone: nobody knows yet how large calls of this model are
  await vi.waitFor(() => expect(waiting).toHaveLength(1))
  const control = new AbortController()
  const second = call({ max_tokens: 20 }, { signal: control.signal })
  await new Promise((resume) => setTimeout(resume, 50)) // until it waits at the meter
  control.abort()
  waiting[0]?.response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson())
  expect([(await first).status, (await second).status]).toEqual([200, 499])
  const free = { status: 'cancelled', errorCode: 'client_closed', httpStatus: 499, costNanoUsd: 0n, inputTokens: null }
  expect(await metered()).toEqual(expect.arrayContaining([expect.objectContaining(free)]))
  expect(stub.asked).toHaveLength(1)
  expect(heliox.book.standing().budgets).toMatchObject([{ heldNanoUsd: '0', spentNanoUsd: '50000' }])
})
