import { expect, test } from 'vitest'
import { appRouter } from './router.ts'
import { restRoutes } from './routes.ts'
import { OPEN, startHeliox } from './testing.ts'

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  type: (procedure as unknown as { _def: { type: string } })._def.type,
}))

test('every REST path answers a stranger with 401 and the one error shape, before it looks at the input', async () => {
  const { stranger } = await startHeliox()
  const closed = restRoutes.filter(({ method, path }) => !OPEN.has(`${method} ${path}`))
  expect(closed.length).toBeGreaterThan(15)
  for (const { method, path } of closed) {
    const response = await stranger(`/api/v1${path.replace(/:\w+/g, 'x')}`, { method })
    const body = (await response.json()) as Record<string, unknown>
    expect([method, path, response.status]).toEqual([method, path, 401])
    expect(Object.keys(body).sort()).toEqual(['detail', 'error', 'request_id'])
    expect(body.request_id).toBe(response.headers.get('x-request-id'))
  }
})

test('every tRPC procedure answers a stranger with 401', async () => {
  const { stranger } = await startHeliox()
  const closed = procedures.filter(({ path }) => !OPEN.has(path))
  expect(closed.length).toBeGreaterThan(10)
  for (const { path, type } of closed) {
    const init =
      type === 'mutation' ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' } : {}
    expect([path, (await stranger(`/trpc/${path}`, init)).status]).toEqual([path, 401])
  }
})

test('an unknown route, a wrong method and a thrown error share one JSON envelope without a stack or SQL', async () => {
  const heliox = await startHeliox()
  for (const [path, method] of [
    ['/api/v1/none', 'GET'],
    ['/api/v1/teams', 'PATCH'],
    ['/none', 'GET'],
  ]) {
    const response = await heliox.fetch(path ?? '', { method: method ?? '' })
    expect([path, response.status]).toEqual([path, 404])
    expect(await response.json()).toMatchObject({ error: { code: 'request.no_route' } })
  }
  const unknown = await heliox.fetch('/v1/none', { method: 'POST' }) // the gateway speaks OpenAI's envelope
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'unknown_url' } }])
  await heliox.db.$client.execute('drop table ledger_rollups')
  const failed = await heliox.fetch('/api/v1/analytics/cost/by-team?start=2026-01-01&end=2026-01-02')
  expect(failed.status).toBe(500)
  const text = await failed.text()
  expect(JSON.parse(text)).toMatchObject({ detail: 'Something went wrong', error: { code: 'internal', details: [] } })
  expect(text).not.toMatch(/select|SQLITE|ledger_rollups|at \w+ \(/i)
  const trpc = await heliox.fetch(
    '/trpc/analytics.byTeam?input=%7B%22start%22%3A%222026-01-01%22%2C%22end%22%3A%222026-01-02%22%7D',
  )
  expect(trpc.status).toBe(500)
  expect(await trpc.text()).not.toMatch(/select|SQLITE|job_day|stack/i)
})

test('a request id is passed through, and a hostile one is replaced', async () => {
  const { stranger } = await startHeliox()
  const idOf = async (id: string) =>
    (await stranger('/health', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
  expect(await idOf('req-123_abc')).toBe('req-123_abc')
  expect(await idOf('<script>alert(1)</script>')).not.toContain('<')
  expect(await idOf('x'.repeat(10_000))).toHaveLength(36)
})

test('a missing or weak secret stops a production start with a sentence that says which, and never its value', async () => {
  const secrets = { ENV: 'production', SECRET_KEY: 'short-and-sweet', ADMIN_API_KEY: 'a'.repeat(40) }
  const { stranger } = await startHeliox({ settings: secrets })
  const response = await stranger('/health')
  expect(response.status).toBe(503)
  const text = await response.text()
  expect(text).toContain('SECRET_KEY: must have at least 32 characters')
  expect(text).toContain('ADMIN_API_KEY')
  expect(text).not.toContain('short-and-sweet')
})

test('a database that does not answer makes /health/db 503 without its words; /health stays 200', async () => {
  const heliox = await startHeliox()
  await heliox.db.$client.execute('pragma foreign_keys = off')
  await heliox.db.$client.execute('drop table teams')
  const response = await heliox.stranger('/health/db')
  expect(response.status).toBe(503)
  expect(await response.text()).not.toMatch(/teams|SQLITE|http/)
  expect((await heliox.stranger('/health')).status).toBe(200)
})
