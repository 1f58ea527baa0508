import { readFileSync } from 'node:fs'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { expect, test } from 'vitest'
import type { Db } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { createApp } from '../index.ts'
import type { AppRouter } from '../router.ts'
import { REQUESTS_PER_MINUTE } from './limit-addresses.ts'

/** The rate-limit binding of a platform: `limit` requests per key. */
function limiter(limit: number) {
  const counts = new Map<string, number>()
  return {
    counts,
    limit: async ({ key }: { key: string }) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= limit }
    },
  }
}

/** The real app on a database that nobody may ask. */
function start(bindings: object) {
  const ask = () => {
    throw new Error('the database was asked')
  }
  const db = new Proxy({} as Db, {
    get: (_, name) => (name === '$client' ? { execute: ask, batch: ask, transaction: ask } : ask()),
  })
  const settings = {
    ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error' },
    ...{ SECRET_KEY: 'a-secret-key-of-this-test-0123456789', ADMIN_API_KEY: 'an-admin-key-of-this-test' },
  }
  const now = () => Date.UTC(2026, 0, 15) as EpochMs
  const app = createApp({ bindings: { ...settings, ...bindings }, openDb: () => db, now })
  return async (path: string, address: string, init: RequestInit = {}) => {
    const headers = { ...(address ? { 'cf-connecting-ip': address } : {}), ...(init.headers as object) }
    return app.fetch(new Request(new URL(path, 'http://localhost'), { ...init, headers }))
  }
}

const ME = { headers: { 'x-api-key': 'an-admin-key-of-this-test' } }
const statusesOf = async (answers: Promise<Response>[]) => (await Promise.all(answers)).map(({ status }) => status)

test('an address that asks too often is told to wait, whatever its credentials, before the database is asked', async () => {
  const call = start({ ADDRESS_LIMIT: limiter(2) })
  expect((await call('/api/v1/auth/me', '192.0.2.1', ME)).status).toBe(200)
  expect((await call('/api/v1/auth/me', '192.0.2.1', ME)).status).toBe(200)
  const refused = await call('/api/v1/teams', '192.0.2.1', ME)
  expect([refused.status, await refused.json()]).toMatchObject([429, { error: { code: 'request.rate_limited' } }])
  const header = (name: string) => refused.headers.get(name)
  expect(['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'].map(header)).toEqual([
    ...['60', '6000', '0', '60'],
  ])
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await call('/api/v1/auth/me', '192.0.2.2', ME)).status).toBe(200) // and nobody else
})

test('an IPv6 neighbourhood is one address', async () => {
  const call = start({ ADDRESS_LIMIT: limiter(1) })
  const statuses = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map((address) =>
    call('/api/v1/auth/me', address, ME),
  )
  expect(await statusesOf(statuses)).toEqual([200, 429, 200])
})

test('who comes through a proxy on this machine is not counted with all others, but at the doors', async () => {
  const call = start({ ADDRESS_LIMIT: limiter(0), DOOR_LIMIT: limiter(0) })
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    const door = call('/api/v1/auth/login', address, { method: 'POST' })
    expect([address, ...(await statusesOf([call('/api/v1/auth/me', address, ME), door]))]).toEqual([address, 200, 429])
  }
})

test('the doors have a limit of their own, on both wires and inside a batch; the way out is no door', async () => {
  const doors = limiter(0)
  const call = start({ DOOR_LIMIT: doors })
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  const shut = [
    ...['/api/v1/auth/login', '/api/v1/auth/register', '/api/v1/auth/refresh', '/api/v1/auth/password'],
    ...['/trpc/auth.signIn', '/trpc/auth.register', '/trpc/demo.status,auth.signIn?batch=1'],
    ...['/trpc/demo.status%2Cauth.signIn?batch=1', '/trpc/%61uth.signIn', '/trpc/auth%2EsignIn'],
  ]
  for (const path of shut) expect([path, (await call(path, '192.0.2.1', post)).status]).toEqual([path, 429])
  const open = ['/api/v1/auth/me', '/api/v1/auth/sessions', '/trpc/auth.me', '/health']
  for (const path of open) expect((await call(path, '192.0.2.1')).status).not.toBe(429)
  for (const path of ['/api/v1/auth/logout', '/trpc/auth.signOut'])
    expect([path, (await call(path, '192.0.2.1', post)).status]).toEqual([path, 200])
})

test('a typed client reads the refusal, a batch of calls too', async () => {
  const call = start({ ADDRESS_LIMIT: limiter(0) })
  const fetch = (url: URL | RequestInfo, init?: unknown) => call(String(url), '192.0.2.1', init as RequestInit)
  const trpc = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: 'http://localhost/trpc', fetch })] })
  const refused = { data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, errorCode: 'request.rate_limited' } }
  const calls = await Promise.allSettled([trpc.auth.me.query(), trpc.demo.status.query()])
  expect(calls).toMatchObject([
    { status: 'rejected', reason: refused },
    { status: 'rejected', reason: refused },
  ])
})

test('without an address, a limiter or a limiter that works nobody is refused', async () => {
  const broken = { limit: () => Promise.reject(new Error('no such namespace')) }
  for (const [bindings, address] of [
    [{ ADDRESS_LIMIT: limiter(0) }, ''],
    [{}, '192.0.2.1'],
    [{ ADDRESS_LIMIT: broken }, '192.0.2.1'],
  ] as const)
    expect((await start(bindings)('/api/v1/auth/me', address, ME)).status).toBe(200)
})

test('the figures that an answer tells are those of the bindings', () => {
  const toml = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8')
  const bound = [...toml.matchAll(/name = "(\w+_LIMIT)"\n.*\nsimple = \{ limit = (\d+), period = 60 \}/g)]
  expect(Object.fromEntries(bound.map(([, name, limit]) => [name, Number(limit)]))).toEqual(REQUESTS_PER_MINUTE)
})
