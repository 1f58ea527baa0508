import { createTRPCClient, httpBatchStreamLink } from '@trpc/client'
import { expect, test } from 'vitest'
import type { AppRouter } from './router.ts'
import { startHeliox } from './testing.ts'

const CSV = { accept: 'text/csv' }

test('every answer says under which id it stands in the log', async () => {
  const { fetch, write, stranger } = await startHeliox()
  const answers = [
    [200, await fetch('/api/v1/teams')],
    [201, await write('POST', '/api/v1/teams', { name: 'ml' })],
    [200, await fetch('/api/v1/teams', { headers: CSV })],
    [204, await write('DELETE', '/api/v1/teams/team_1')],
    [404, await fetch('/api/v1/teams/team_1')],
    [404, await fetch('/api/v1/nothing')],
    [200, await fetch('/api/v1/openapi.json')],
    [302, await stranger('/api/v1/auth/sso/none', { redirect: 'manual' })],
    [200, await fetch('/trpc/teams.list?input={}')],
    [400, await fetch('/trpc/teams.get?input={}')],
    [200, await stranger('/health')],
  ] as const
  for (const [status, answer] of answers)
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, expect.stringMatching(/^[\w-]{36}$/)])
  const own = await fetch('/api/v1/teams', { headers: { 'x-request-id': 'mine-1' } })
  expect(own.headers.get('x-request-id')).toBe('mine-1')
})

test('lists and pages are CSV for who asks so, and caches are told; one thing stays JSON', async () => {
  const { fetch, write } = await startHeliox({ settings: { CORS_ORIGINS: '["https://bi.example.com"]' } })
  const made = await write('POST', '/api/v1/teams', { name: 'ml' }, CSV)
  expect([made.status, made.headers.get('vary'), made.body.name]).toEqual([201, 'Origin', 'ml'])
  const one = await write('GET', '/api/v1/teams/team_1', undefined, CSV)
  expect([one.headers.get('content-type'), one.body.name]).toEqual(['application/json', 'ml'])
  const key = await write('POST', '/api/v1/keys', { name: 'k', scopes: ['ingest'], team_id: 'team_1' }, CSV)
  expect([key.status, key.headers.get('content-type')]).toEqual([201, 'application/json'])
  const page = await fetch('/api/v1/teams', { headers: CSV })
  expect([page.headers.get('content-type'), page.headers.get('vary')]).toEqual([
    'text/csv; charset=utf-8',
    'Accept, Origin',
  ])
  expect((await page.text()).split('\r\n')[0]).toMatch(/^id,name,/)
  const asked = await fetch('/api/v1/teams', { headers: { origin: 'https://bi.example.com' } })
  expect([asked.headers.get('content-type'), asked.headers.get('vary')]).toEqual(['application/json', 'Accept, Origin'])
})

test('an answer in pieces, which would lose its cookies and limits, is refused in words', async () => {
  const { fetch } = await startHeliox()
  const viaTrpc = (url: URL | RequestInfo, init?: unknown) => fetch(String(url), init as RequestInit)
  const link = httpBatchStreamLink({ url: 'http://localhost/trpc', fetch: viaTrpc })
  await expect(createTRPCClient<AppRouter>({ links: [link] }).auth.me.query()).rejects.toThrow()
  const answer = await fetch('/trpc/auth.me', { headers: { 'trpc-accept': 'application/jsonl' } })
  const { error } = (await answer.json()) as { error: { data: { errorCode: string } } }
  expect([answer.status, error.data.errorCode]).toEqual([400, 'request.no_stream'])
})

test('what a client holds is 304 in any form of If-None-Match that HTTP knows', async () => {
  const { write } = await startHeliox()
  const tag = (await write('POST', '/api/v1/teams', { name: 'ml' })).headers.get('etag') ?? ''
  const asked = async (held: string) =>
    (await write('GET', '/api/v1/teams/team_1', undefined, { 'if-none-match': held })).status
  for (const held of [tag, `W/${tag}`, `"other", W/${tag}`, `"a",${tag},"b"`, '*'])
    expect([held, await asked(held)]).toEqual([held, 304])
  for (const held of ['"other"', '', tag.replaceAll('"', ''), 'W/"other", "a"'])
    expect([held, await asked(held)]).toEqual([held, 200])
})
