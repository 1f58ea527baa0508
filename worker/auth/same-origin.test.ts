import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { Db } from '../../db/client.ts'
import type { Asking } from '../asking.ts'
import { errorResponse } from '../rest.ts'
import { refuseForeignOrigin } from './same-origin.ts'
import { startAuth } from './testing.ts'

const COOKIE = { cookie: 'heliox_session=abc' }

/** The status of a request that the defence has seen; the database is never asked. */
async function statusOf(headers: Record<string, string>, { method = 'POST', corsOrigins = [] as string[] } = {}) {
  const heliox = startAuth(null as unknown as Db, { corsOrigins })
  const app = new Hono<{ Variables: { asking: Asking } }>()
  app.onError((error, c) => errorResponse(error, c.get('asking')))
  app.use((c, next) => {
    c.set('asking', heliox.askFor(c.req.raw))
    return next()
  })
  app.use('/api/*', refuseForeignOrigin)
  app.all('/api/thing', (c) => c.text('done'))
  return (await app.request('http://localhost:8787/api/thing', { method, headers })).status
}

test('another site’s write with our cookie is refused', async () => {
  expect(await statusOf({ ...COOKIE, origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf({ ...COOKIE, origin: 'null' })).toBe(403)
  expect(await statusOf({ ...COOKIE, origin: 'http://localhost:9999' })).toBe(403)
  expect(await statusOf({ ...COOKIE, origin: 'https://evil.example' }, { method: 'DELETE' })).toBe(403)
  expect(await statusOf({ ...COOKIE, 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await statusOf(COOKIE)).toBe(403)
})

test('our own page, and the pages of CORS_ORIGINS, may write', async () => {
  expect(await statusOf({ ...COOKIE, origin: 'http://localhost:8787' })).toBe(200)
  expect(await statusOf({ ...COOKIE, 'sec-fetch-site': 'same-origin' })).toBe(200)
  const corsOrigins = ['https://app.example']
  expect(await statusOf({ ...COOKIE, origin: 'https://app.example' }, { corsOrigins })).toBe(200)
  expect(await statusOf({ ...COOKIE, origin: 'https://evil.example' }, { corsOrigins: ['*'] })).toBe(403)
})

test('reading, and writing without our cookie or with a key, is nothing a foreign site gains from', async () => {
  const foreign = { origin: 'https://evil.example' }
  expect(await statusOf({ ...COOKIE, ...foreign }, { method: 'GET' })).toBe(200)
  expect(await statusOf(foreign)).toBe(200)
  expect(await statusOf({ ...COOKIE, authorization: 'Bearer abc' })).toBe(200)
  expect(await statusOf({ ...COOKIE, 'x-api-key': 'abc' })).toBe(200)
})

test('a key, right or wrong, excuses no foreign origin while our cookie is there', async () => {
  const foreign = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]
  for (const from of foreign)
    for (const key of [{ authorization: 'Bearer abc' }, { 'x-api-key': 'abc' }, { 'x-api-key': '' }])
      expect(await statusOf({ ...COOKIE, ...from, ...(key as Record<string, string>) })).toBe(403)
})

test('a scheme that browsers add by themselves is no key', async () => {
  expect(await statusOf({ ...COOKIE, origin: 'https://evil.example', authorization: 'Basic YTpi' })).toBe(403)
})
