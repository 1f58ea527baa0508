import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { expect, test } from 'vitest'
import { requestCounts } from '../../db/schema/keys.ts'
import type { AppRouter } from '../router.ts'
import { startWithTeams } from './testing.ts'

const READER = { name: 'reader', scopes: ['usage:read'] }
const limits = (headers: Headers) =>
  ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'].map((name) => headers.get(name))

test('the 101st call within a minute of the first is refused, and says when to come back', async () => {
  const heliox = await startWithTeams()
  const { fetch, write } = await heliox.key(READER)
  const first = await fetch('/api/v1/auth/me')
  expect([first.status, limits(first.headers)]).toEqual([200, ['100', '99', '60', null]])
  heliox.moveTo('2026-03-01T12:00:20Z')
  for (let call = 2; call <= 100; call += 1) expect((await fetch('/api/v1/auth/me')).status).toBe(200)
  heliox.moveTo('2026-03-01T12:00:59.500Z')
  const refused = await write('GET', '/api/v1/auth/me')
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'keys.rate_limited' } } })
  expect(limits(refused.headers)).toEqual(['100', '0', '1', '1'])
  heliox.moveTo('2026-03-01T12:01:00Z')
  expect(limits((await fetch('/api/v1/auth/me')).headers)).toEqual(['100', '99', '60', null])
})

test('a key’s own limit overrides the default, and a change counts from the next call', async () => {
  const heliox = await startWithTeams()
  const { id, fetch } = await heliox.key({ ...READER, rpm: 2 })
  const statuses = async (calls: number) => {
    const seen: number[] = []
    for (let call = 0; call < calls; call += 1) seen.push((await fetch('/api/v1/auth/me')).status)
    return seen
  }
  expect(await statuses(3)).toEqual([200, 200, 429])
  await heliox.write('PUT', `/api/v1/keys/${id}`, { rpm: 3 })
  expect(await statuses(2)).toEqual([200, 429])
})

test('a rotation starts no new minute: old and new characters are one credential', async () => {
  const heliox = await startWithTeams()
  const { id, fetch } = await heliox.key({ ...READER, rpm: 2 })
  await fetch('/api/v1/auth/me')
  const next = heliox.callerWith({ 'x-api-key': (await heliox.write('POST', `/api/v1/keys/${id}/rotate`)).body.key })
  expect((await next.fetch('/api/v1/auth/me')).status).toBe(200)
  expect([(await next.fetch('/api/v1/auth/me')).status, (await fetch('/api/v1/auth/me')).status]).toEqual([429, 429])
})

test('each key has its own minute, wrong keys leave no row, and the admin key is not limited', async () => {
  const heliox = await startWithTeams()
  const [one, two] = [await heliox.key({ ...READER, rpm: 1 }), await heliox.key({ ...READER, rpm: 1 })]
  expect([(await one.fetch('/api/v1/auth/me')).status, (await two.fetch('/api/v1/auth/me')).status]).toEqual([200, 200])
  for (let guess = 0; guess < 5; guess += 1) {
    const wrong = heliox.callerWith({ 'x-api-key': `hlx_${'abcde'[guess]?.repeat(56)}` })
    expect((await wrong.fetch('/api/v1/auth/me')).status).toBe(401)
  }
  expect((await heliox.db.select().from(requestCounts)).map(({ subject }) => subject)).toEqual([one.id, two.id])
  for (let call = 0; call < 101; call += 1) expect((await heliox.fetch('/api/v1/auth/me')).status).toBe(200)
  expect(limits((await heliox.fetch('/api/v1/auth/me')).headers)).toEqual([null, null, null, null])
})

test('both wires tell the limit, and a batch counts as the calls that it holds', async () => {
  const heliox = await startWithTeams()
  const { fetch, text } = await heliox.key({ ...READER, rpm: 5 })
  const answer = await fetch('/trpc/auth.me')
  expect([answer.status, limits(answer.headers).slice(0, 2)]).toEqual([200, ['5', '4']])
  const batched = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: 'http://localhost/trpc',
        headers: { 'x-api-key': text },
        fetch: (url, init) => heliox.stranger(String(url), init as RequestInit),
      }),
    ],
  })
  const three = () => Promise.all([batched.auth.me.query(), batched.auth.me.query(), batched.auth.me.query()])
  await three()
  await expect(three()).rejects.toMatchObject({ data: { httpStatus: 429, errorCode: 'keys.rate_limited' } })
  const last = await fetch('/trpc/auth.me') // the refused batch was not counted
  expect([last.status, limits(last.headers).slice(0, 2)]).toEqual([200, ['5', '0']])
  expect((await fetch('/trpc/auth.me')).status).toBe(429)
})
