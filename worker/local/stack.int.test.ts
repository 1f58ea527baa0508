import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createClient } from '@libsql/client'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { AppRouter } from '../router.ts'
import { nano } from '../testing.ts'
import { type Stack, startStack } from './stack.ts'
import { startChild } from './start-child.ts'

let stack: Stack
let dataDir: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-int-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL', vars: { MAX_UPLOAD_MB: '8' } })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const call = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, stack.url), { ...init, headers: { 'x-api-key': stack.adminApiKey, ...(init.headers as object) } })
const json = async <T>(path: string, init?: RequestInit) => (await call(path, init)).json() as Promise<T>
type Uploaded = { status: string; import_id: string; result: { inserted: number; updated: number; unchanged: number } }
const send = (format: string, body: string | Uint8Array<ArrayBuffer>) =>
  json<Uploaded>(`/api/v1/imports?format=${format}`, { method: 'POST', body })

test('the bundled Worker on the local database reproduces the documented ingest, twice', async () => {
  const cost = () => json<{ result: object }>('/api/v1/admin/ingest/cost/mock', { method: 'POST' })
  const jobs = () => json<{ result: object }>('/api/v1/admin/ingest/jobs/mock', { method: 'POST' })
  const none = { failed: 0, errors: [] }
  expect((await cost()).result).toEqual({ total_records: 28, inserted: 28, updated: 0, ...none })
  expect((await jobs()).result).toMatchObject({ teams: { created: 3, existing: 0, total: 3 }, jobs: { inserted: 30 } })
  expect((await cost()).result).toEqual({ total_records: 28, inserted: 0, updated: 28, ...none })
  expect((await jobs()).result).toMatchObject({
    teams: { created: 0, existing: 3 },
    jobs: { inserted: 0, updated: 30 },
  })
  const both = await json<Record<string, string>>('/api/v1/analytics/reconciliation?start=2026-01-01&end=2026-01-14')
  expect(both).toMatchObject({ billed_cost_usd: '52073.58', difference_usd: '0.00' })
})

test('money beyond 2^53 nano-dollars survives browser client, Worker, wire and database', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, index) => `2025-03-${String((index % 28) + 1).padStart(2, '0')},big,gpu-${index},900719925.474099301`,
  )
  await send('cost-csv', ['date,provider,gpu_type,cost_usd', ...rows.slice(0, 9)].join('\n'))
  const trpc = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: new URL('/trpc', stack.url), headers: { 'x-api-key': stack.adminApiKey } })],
  })
  const [daily, both] = await Promise.all([
    trpc.analytics.daily.query({ start: '2025-03-01', end: '2025-03-31', provider: ['big'] }),
    trpc.analytics.reconciliation.query({ start: '2025-03-01', end: '2025-03-31', provider: ['big'] }),
  ])
  expect(daily.totalCostUsd).toBe('8106479329.266893709') // 9 × 900,719,925.474099301
  expect(both).toMatchObject({ billedCostUsd: '8106479329.266893709', differenceUsd: '0.00' })
  const client = createClient({ url: stack.databaseUrl, authToken: stack.databaseAuthToken, intMode: 'bigint' })
  const { rows: stored } = await client.execute(`select sum(c.billed_nano_usd) as total from ledger_costs c
    join pools p on p.id = c.pool_id where p.provider = 'big'`)
  expect(stored[0]?.total).toBe(nano('8106479329.266893709'))
  await client.execute(`delete from cost_entries where pool_id in (select id from pools where provider = 'big')`)
  await client.execute(`delete from pool_days where pool_id in (select id from pools where provider = 'big')`)
  client.close()
})

test('gzip is unpacked in the Worker, a gzip bomb is cut off, a large body is 413, other encodings are 400', async () => {
  const csv = 'date,provider,gpu_type,cost_usd\n2025-05-01,zip,h100,12.5\n'
  expect(await send('auto', gzipSync(csv) as Uint8Array<ArrayBuffer>)).toMatchObject({
    status: 'success',
    result: { inserted: 1 },
  })
  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    call('/api/v1/imports?format=cost-csv', { method: 'POST', body })
  const bomb = gzipSync(csv + ' '.repeat(300_000_000)) as Uint8Array<ArrayBuffer>
  expect((await post(bomb)).status).toBe(413)
  expect((await post('x'.repeat(9 * 1024 * 1024))).status).toBe(413)
  expect((await post(new Uint8Array([0xff, 0xfe, 0x64, 0x00]))).status).toBe(400)
  expect((await post(gzipSync(csv).subarray(0, 20) as Uint8Array<ArrayBuffer>)).status).toBe(400)
})

test('sign in, call with the access token, refresh, sign out: the token is then worth nothing', async () => {
  const form = new URLSearchParams({ username: stack.adminEmail, password: stack.adminPassword })
  const post = (path: string, body: object, headers = {}) =>
    fetch(new URL(`/api/v1/auth/${path}`, stack.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const wrong = await fetch(new URL('/api/v1/auth/login', stack.url), {
    method: 'POST',
    body: new URLSearchParams({ username: stack.adminEmail, password: 'wrong wrong' }),
  })
  expect([wrong.status, await wrong.json()]).toMatchObject([401, { detail: 'Incorrect email or password' }])
  const login = await fetch(new URL('/api/v1/auth/login', stack.url), { method: 'POST', body: form })
  const first = (await login.json()) as {
    access_token: string
    refresh_token: string
    token_type: string
    expires_in: number
  }
  expect(first).toMatchObject({ token_type: 'bearer', expires_in: 1800 })
  const second = (await (await post('refresh', { refresh_token: first.refresh_token })).json()) as typeof first
  const me = (token: string) =>
    fetch(new URL('/api/v1/auth/me', stack.url), { headers: { authorization: `Bearer ${token}` } })
  expect((await me(first.access_token)).status).toBe(401)
  expect(await (await me(second.access_token)).json()).toMatchObject({ email: stack.adminEmail, role: 'admin' })
  expect((await me('garbage')).status).toBe(401)
  expect((await post('logout', {}, { authorization: `Bearer ${second.access_token}` })).status).toBe(200)
  expect((await me(second.access_token)).status).toBe(401)
})

test('the page is served for navigations, assets with their own type, and nothing else is HTML', async () => {
  const open = (path: string) => fetch(new URL(path, stack.url), { headers: { accept: 'text/html' } })
  for (const path of ['/', '/imports', '/imports/imp_1?x=1'])
    expect(await (await open(path)).text()).toContain('<div id="root">')
  const missing = await fetch(new URL('/assets/gone.js', stack.url))
  expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/json'])
  expect((await open('/')).headers.get('content-security-policy')).toContain("default-src 'self'")
})

test('ten uploads at once beside readers: every row once, every read adds up', async () => {
  const file = (index: number) =>
    [
      'date,provider,gpu_type,cost_usd',
      ...Array.from(
        { length: 500 },
        (_, row) => `2025-07-${String((row % 31) + 1).padStart(2, '0')},par,gpu-${index % 3}-${row},1.01`,
      ),
    ].join('\n')
  const reads = Array.from({ length: 20 }, () =>
    json<{ difference_usd: string }>('/api/v1/analytics/reconciliation?start=2025-07-01&end=2025-07-31'),
  )
  const [uploads, answers] = await Promise.all([
    Promise.all(Array.from({ length: 10 }, (_, index) => send('cost-csv', file(index)))),
    Promise.all(reads),
  ])
  expect(uploads.map(({ status }) => status)).toEqual(Array(10).fill('success'))
  expect(answers.map(({ difference_usd }) => difference_usd)).toEqual(Array(20).fill('0.00'))
  // Three different files of 500 rows at 1.01 each.
  expect(await json('/api/v1/costs/total?provider=par')).toMatchObject({ total_cost_usd: '1515.00', count: 1500 })
})

test('kill -9 while a file is read or stored, then start and send again: what was read whole goes on by itself, totals as if nothing had happened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-kill-'))
  const rows = Array.from(
    { length: 60_000 },
    (_, index) =>
      `2025-${String((index % 12) + 1).padStart(2, '0')}-${String((Math.floor(index / 12) % 28) + 1).padStart(2, '0')},cloud,gpu-${Math.floor(index / 336)},1.000000001`,
  )
  const csv = ['date,provider,gpu_type,cost_usd', ...rows].join('\n')
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const orphans: string[] = []
  for (const state of ['reading', 'storing']) {
    const run = await startKillable(folder)
    const sending = run.call('/api/v1/imports?format=cost-csv', { method: 'POST', body: csv }).catch(() => null)
    await until(async () => {
      const { imports } = (await (await run.call('/api/v1/imports?limit=1')).json()) as {
        imports: { status: string; rows_read: number }[]
      }
      return imports[0]?.status === state && imports[0].rows_read > 0
    })
    run.process.kill('SIGKILL')
    await sending
    orphans.push(run.url)
  }
  const run = await startKillable(folder)
  for (const url of orphans) await expect(fetch(url)).rejects.toThrow() // the runtime of a killed start is ended by the next
  await until(async () => {
    const { imports } = (await (await run.call('/api/v1/imports?limit=1')).json()) as { imports: { status: string }[] }
    return imports[0]?.status === 'success'
  })
  const both = async () => (await run.call('/api/v1/analytics/reconciliation?start=2025-01-01&end=2025-12-31')).json()
  expect(await both()).toMatchObject({ difference_usd: '0.00' }) // what was stored is whole
  for (const unchanged of [null, 60_000]) {
    const response = await run.call('/api/v1/imports?format=cost-csv', { method: 'POST', body: csv })
    const { status, result } = (await response.json()) as Uploaded
    expect([status, result.inserted + result.updated]).toEqual(['success', 60_000])
    if (unchanged !== null) expect(result).toMatchObject({ inserted: 0, updated: 60_000, unchanged })
    // 60,000 × 1.000000001
    expect(await both()).toMatchObject({
      billed_cost_usd: '60000.00006',
      unallocated_cost_usd: '60000.00006',
      difference_usd: '0.00',
    })
  }
  const { imports } = (await (await run.call('/api/v1/imports')).json()) as {
    imports: { status: string; message: string }[]
  }
  // What had been read whole went on by itself.
  expect(imports.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'interrupted'])
  expect(imports.at(-1)?.message).toContain('send the file again')
  run.process.kill('SIGTERM')
  expect(await run.ended).toBe(0)
}, 120_000)

/** A start that does not outlive its test. */
async function startKillable(folder: string) {
  const run = await startChild(folder)
  onTestFinished(() => {
    run.process.kill('SIGKILL')
  })
  return run
}

/** Asks again and again until it is so; a minute at most. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) if (Date.now() > deadline) throw new Error('it never came to that')
}
