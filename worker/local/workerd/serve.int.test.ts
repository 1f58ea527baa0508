import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startChild } from '../start-child.ts'

function dataDirOfATest(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-serve-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

async function served(dataDir: string) {
  // A call whose end was on its way to the meter when the process died counts as cut off, after so long.
  const run = await startChild(dataDir, { HELIOX_SERVE: '1', ECHO_BACKEND: 'true', LONGEST_CALL_SECONDS: '2' })
  onTestFinished(async () => {
    run.process.kill('SIGTERM') // a killed one would leave its workerd running
    await run.ended
  })
  return run
}

type Call = Awaited<ReturnType<typeof served>>['call']
const CHAT = { model: 'echo', messages: [{ role: 'user', content: 'four words are here' }] }
const chat = (call: Call) => call('/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT) })

/** How many calls are in the ledger. */
async function metered(call: Call): Promise<number> {
  const { total } = (await (await call('/api/v1/requests?limit=1')).json()) as { total: number }
  return total
}

/** Asks again and again until it is so; a minute at most. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) if (Date.now() > deadline) throw new Error('it never came to that')
}

test('on workerd alone the page, the API and the gateway answer as in Miniflare', async () => {
  const { call, url, process, ended } = await served(dataDirOfATest())
  const page = await fetch(url)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const again = await fetch(url, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
  expect(again.status).toBe(304)
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? []
  const file = await fetch(new URL(script, url))
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(file.headers.get('content-type')).toContain('javascript')
  expect((await fetch(new URL('/docs.html', url), { redirect: 'manual' })).headers.get('location')).toBe('/docs')
  for (const path of ['/_headers', '/assets/gone.js', '/assets/', '/..%2f..%2fpackage.json'])
    expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 404])
  expect((await chat(call)).status).toBe(200)
  process.kill('SIGTERM')
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
}, 120_000)

test('a file sent in parts waits on disk, is read by the queue and cleared away', async () => {
  const dataDir = dataDirOfATest()
  const { call } = await served(dataDir)
  const file = `date,provider,gpu_type,cost_usd\n2026-01-01,aws,h100,12.50\n2026-01-02,aws,h100,7.50\n`
  const query = new URLSearchParams({ file_name: 'b.csv', bytes: String(file.length), format: 'cost-csv' })
  const { upload_id: id } = (await (await call(`/api/v1/uploads?${query}`, { method: 'POST' })).json()) as {
    upload_id: string
  }
  expect((await call(`/api/v1/uploads/${id}/parts/1`, { method: 'PUT', body: file })).status).toBe(200)
  expect((await call(`/api/v1/uploads/${id}/complete`, { method: 'POST' })).status).toBe(202)
  for (let view = { status: '' }; view.status !== 'success'; ) {
    view = (await (await call(`/api/v1/imports/${id}`)).json()) as { status: string }
    expect(view.status).not.toMatch(/failed|quarantined/)
  }
  const waiting = () => readdirSync(join(dataDir, 'uploads'), { recursive: true, withFileTypes: true })
  await until(() => !waiting().some((entry) => entry.isFile())) // it is cleared away behind the import's end
}, 120_000)

test('after workerd is killed it is there again, and after Node is killed the next start has every call', async () => {
  const dataDir = dataDirOfATest()
  const first = await served(dataDir)
  const calls = async (call: Call, count: number) => {
    for (let at = 0; at < count; at += 1) expect((await chat(call)).status).toBe(200)
  }
  await calls(first.call, 5)
  const { children } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')) as { children: number[] }
  for (const pid of children) process.kill(pid, 'SIGKILL')
  await until(async () => (await first.call('/health').catch(() => null))?.ok ?? false)
  await calls(first.call, 5)
  first.process.kill('SIGKILL')
  await first.ended
  const second = await served(dataDir)
  await calls(second.call, 5)
  await until(async () => (await metered(second.call)) === 15)
  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
}, 180_000)
