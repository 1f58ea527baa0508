import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let dataDir: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-outside-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const open = (path: string, init: RequestInit = {}) => fetch(new URL(path, stack.url), init)
const PAGE = { headers: { accept: 'text/html' } }
const JSON_BODY = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }

test('everything is served with the headers that keep a browser safe: page, assets, API, refusals and misses', async () => {
  const html = await (await open('/', PAGE)).text()
  const [script = ''] = /\/assets\/[^"]+\.js/.exec(html) ?? []
  const pages: [string, RequestInit, number][] = [
    ...(['/', '/imports', '/account?x=1'] as const).map((path): [string, RequestInit, number] => [path, PAGE, 200]),
    ...[script, '/theme.js', '/favicon.svg'].map((path): [string, RequestInit, number] => [path, {}, 200]),
  ]
  const answers: [string, RequestInit, number][] = [
    ['/health', {}, 200],
    ['/api/v1/auth/me', { headers: { 'x-api-key': stack.adminApiKey } }, 200],
    ['/api/v1/auth/me', {}, 401],
    ['/api/v1/auth/login', JSON_BODY, 400],
    ['/api/v1/none', {}, 404],
    ['/trpc/auth.me', {}, 200],
    ['/trpc/auth.signIn', JSON_BODY, 400],
    ['/trpc/none', {}, 404],
    ['/assets/gone.js', {}, 404],
    ['/no-such-file.txt', {}, 404],
  ]
  for (const [path, init, status] of [...pages, ...answers]) {
    const response = await open(path, init)
    const header = (name: string) => response.headers.get(name) ?? ''
    expect([path, response.status]).toEqual([path, status])
    expect([path, header('strict-transport-security')]).toEqual([path, 'max-age=31536000'])
    expect([path, header('x-content-type-options')]).toEqual([path, 'nosniff'])
    expect([path, header('x-frame-options')]).toEqual([path, 'DENY'])
    expect([path, header('referrer-policy')]).toEqual([path, expect.stringMatching(/^(same-origin|no-referrer)$/)])
    expect(header('content-security-policy')).toContain("frame-ancestors 'none'")
  }
  const policyOf = async (path: string, init: RequestInit) =>
    (await open(path, init)).headers.get('content-security-policy') ?? ''
  for (const [path, init] of pages) {
    const policy = (await policyOf(path, init)).split('; ')
    expect(policy).toEqual(expect.arrayContaining(["default-src 'self'", "script-src 'self'", "connect-src 'self'"]))
    expect(policy).toEqual(expect.arrayContaining(["form-action 'self'", "base-uri 'none'", "object-src 'none'"]))
  }
  for (const [path, init] of answers) expect(await policyOf(path, init)).toContain("default-src 'none'")
  expect(html).not.toMatch(/<script>|<script(?![^>]*\bsrc=)/) // what script-src would refuse
})

test('the doors are shut to an address that knocks 300 times in a minute, and to no other', async () => {
  const knock = (address: string) =>
    open('/api/v1/auth/refresh', {
      ...JSON_BODY,
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': address },
    })
  // Minutes are the clock's: 601 knocks are more than 300 in one of any two. An IPv6 neighbourhood is one address.
  let knocks = 0
  let answer: Response
  do {
    knocks += 1
    answer = await knock(`2001:db8::${knocks.toString(16)}`)
  } while (answer.status !== 429 && knocks <= 601)
  expect(knocks).toBeGreaterThan(300)
  expect([answer.status, await answer.json()]).toMatchObject([429, { error: { code: 'request.rate_limited' } }])
  expect(answer.headers.get('retry-after')).toBe('60')
  expect((await knock('198.51.100.1')).status).toBe(400)
})
