import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStack } from '../local/stack.ts'

const BY_TEAM = '/api/v1/analytics/cost/by-team?start=2026-01-01&end=2026-01-14'

async function start() {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-int-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const call = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, stack.url), {
      ...init,
      headers: { 'x-api-key': stack.adminApiKey, ...(init.headers as object) },
    })
  return { call, url: stack.url }
}

test('the built Worker answers from memory and with 304, many at once, until an import; /metrics counts it', async () => {
  const { call, url } = await start()
  for (const what of ['cost', 'jobs']) await call(`/api/v1/admin/ingest/${what}/mock`, { method: 'POST' })
  const first = await call(BY_TEAM)
  const [tag, body] = [first.headers.get('etag') ?? '', await first.text()]
  expect(body).toContain('"total_cost_usd":')
  const again = await Promise.all(Array.from({ length: 60 }, () => call(BY_TEAM)))
  expect(new Set(await Promise.all(again.map((answer) => answer.text())))).toEqual(new Set([body]))
  const held = await call(BY_TEAM, { headers: { 'if-none-match': tag } })
  expect([held.status, await held.text(), held.headers.get('etag')]).toEqual([304, '', tag])
  const metrics = await (await fetch(new URL('/metrics', url))).text()
  const counted = [...metrics.matchAll(/^heliox_analytics_cache_requests_total\{result="(\w+)"\} (\d+)$/gm)]
  expect(counted.map(([, result, value]) => [result, Number(value)])).toEqual([
    ...[
      ['hit', 60],
      ['miss', 1],
      ['not_modified', 1],
    ],
  ])
  const more = 'date,provider,gpu_type,cost_usd\n2026-01-13,aws,h100,99999\n'
  expect((await call('/api/v1/imports?format=cost-csv', { method: 'POST', body: more })).ok).toBe(true)
  const changed = await call(BY_TEAM, { headers: { 'if-none-match': tag } })
  expect(changed.status).toBe(200)
  expect(await changed.text()).not.toBe(body)
})
