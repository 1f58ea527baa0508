import { expect, test } from 'vitest'
import { COSTS, focusBill, sourceIn, startServer, startWithClock } from '../testing.ts'

type Run = { status: string; message: string; file_count: number; rows: number; stored_cost_usd: string }

async function startSource(config: { url: string } & Record<string, unknown>, secrets: object = {}, settings = {}) {
  const heliox = await startWithClock({ now: '2026-01-06T12:00:00Z', settings })
  const id = await sourceIn(heliox, { name: 'web', kind: 'https', config, secrets })
  const run = async () => (await heliox.write('POST', `/api/v1/sources/${id}/run`)).body as Run
  return { ...heliox, id, run }
}

test('a file that has not changed is not sent again: ETag and Last-Modified are remembered', async () => {
  const asked: (string | undefined)[][] = []
  let etag = '"one"'
  const url = await startServer((request, response) => {
    asked.push([request.headers['if-none-match'], request.headers['if-modified-since']])
    response.setHeader('etag', etag).setHeader('last-modified', 'Mon, 05 Jan 2026 00:00:00 GMT')
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.end(`${COSTS}2026-01-01,aws,h100,${etag === '"one"' ? 1 : 2}\n`)
  })
  const { run } = await startSource({ url: `${url}/costs.csv` })
  expect(await run()).toMatchObject({ file_count: 1, stored_cost_usd: '1.00' })
  expect(await run()).toMatchObject({ status: 'success', file_count: 0, message: 'Nothing new' })
  etag = '"two"'
  expect(await run()).toMatchObject({ file_count: 1, stored_cost_usd: '2.00' })
  const date = 'Mon, 05 Jan 2026 00:00:00 GMT'
  expect(asked).toEqual([
    [undefined, undefined],
    ['"one"', date],
    ['"one"', date],
  ])
})

test('the address names yesterday; days that were missed are asked for, in their order, up to the first that fails', async () => {
  const paths: string[] = []
  let isBroken = false
  const url = await startServer((request, response) => {
    paths.push(request.url ?? '')
    const day = Number(/(\d\d)\.csv/.exec(request.url ?? '')?.[1])
    if (isBroken && day === 8) response.writeHead(404).end()
    else response.end(focusBill(['1'], day))
  })
  const { run, moveTo, trpc } = await startSource({ url: `${url}/{yyyy}/{mm}/{dd}.csv?x=1` })
  expect(await run()).toMatchObject({ file_count: 1 })
  expect(paths).toEqual(['/2026/01/05.csv?x=1'])
  moveTo('2026-01-10T12:00:00Z')
  isBroken = true
  expect(await run()).toMatchObject({
    status: 'failed',
    file_count: 2,
    message: expect.stringContaining('answered 404'),
  })
  isBroken = false
  expect(await run()).toMatchObject({ status: 'success', file_count: 2 })
  const days = (await trpc.imports.list.query({})).imports.map(({ part }) => part).reverse()
  expect(days).toEqual(['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09'])
})

test('headers and the secret end of the address are sent, and not to another host that the server redirects to', async () => {
  const seen: Record<string, string | undefined>[] = []
  const other = await startServer((request, response) => {
    seen.push({ at: 'other', url: request.url, token: request.headers.authorization })
    response.end(`${COSTS}2026-01-01,aws,h100,1\n`)
  })
  const url = await startServer((request, response) => {
    seen.push({ at: 'first', url: request.url, token: request.headers.authorization })
    response.writeHead(302, { location: `${other}/file.csv` }).end()
  })
  const secrets = { headers: 'Authorization: Bearer token-of-this-test\nX-Team: a', query: '?sig=abc%2F1' }
  const { run } = await startSource({ url: `${url}/costs.csv?v=2` }, secrets)
  expect(await run()).toMatchObject({ status: 'success', file_count: 1 })
  expect(seen).toEqual([
    { at: 'first', url: '/costs.csv?v=2&sig=abc%2F1', token: 'Bearer token-of-this-test' },
    { at: 'other', url: '/file.csv', token: undefined },
  ])
})

test('a server that breaks off in the middle of a file changes nothing', async () => {
  const url = await startServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write(`${COSTS}2026-01-01,aws,h100,1\n`)
    setTimeout(() => response.destroy(), 50)
  })
  const { run, json } = await startSource({ url })
  expect(await run()).toMatchObject({ status: 'failed', message: expect.stringContaining('broke off in the middle') })
  expect(await json('/api/v1/costs/total')).toMatchObject({ total_cost_usd: '0.00' })
})

const PRIVATE = [
  ...[
    'http://127.0.0.1/x',
    'http://localhost:9000/x',
    'http://10.1.2.3/x',
    'http://192.168.0.1/x',
    'http://172.16.9.9/x',
  ],
  ...['http://169.254.169.254/latest/meta-data', 'http://[::1]/x', 'http://[fd00::1]/x', 'http://[fe80::1]/x'],
  ...[
    'http://[::ffff:127.0.0.1]/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
    'http://0.0.0.0/x',
    'http://db.internal/x',
  ],
  ...['http://printer.local/x', 'http://intranet/x', 'http://a.localhost./x', 'http://100.64.0.1/x', 'http://127.1/x'],
]

test('addresses inside a private network are refused in production unless the deployment allows them', async () => {
  const settings = {
    ENV: 'production',
    SECRET_KEY: 'kq83hfJ2ls9dkA7wPzX0mN5vB6tY1uR4',
    ADMIN_API_KEY: 'an-admin-key-of-this-test',
  }
  const heliox = await startWithClock({ settings })
  const attempt = async (url: string) =>
    (await heliox.write('POST', '/api/v1/sources/test', { kind: 'https', config: { url } })).body.message as string
  for (const url of PRIVATE)
    expect([url, await attempt(url)]).toEqual([url, expect.stringContaining('is inside a private network')])
  const open = await startWithClock({ settings: { ...settings, ALLOW_PRIVATE_SOURCES: 'true' } })
  const allowed = await open.write('POST', '/api/v1/sources/test', {
    kind: 'https',
    config: { url: 'http://127.0.0.1:1/x' },
  })
  expect(allowed.body.message).toBe('127.0.0.1:1 cannot be reached')
  for (const url of ['ftp://example.com/x', 'file:///etc/passwd', 'http://ada:pass@example.com/x', 'no address'])
    expect((await heliox.write('POST', '/api/v1/sources/test', { kind: 'https', config: { url } })).status).toBe(400)
})
