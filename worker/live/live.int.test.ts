import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStack } from '../local/stack.ts'

/** More than a local database has streams (256): who only watches may take none away from who asks. */
const WATCHERS = 300

test('hundreds watch the built Worker at once, others are answered meanwhile, and all hear of an import', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-int-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const call = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, stack.url), { ...init, headers: { 'x-api-key': stack.adminApiKey } })
  const gone = new AbortController()
  const watch = async () => {
    const { body } = await call('/api/v1/live', { signal: gone.signal })
    const decoder = new TextDecoder()
    let heard = ''
    const pieces = (body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    return async (name: string) => {
      while (!heard.includes(`event: ${name}\n`)) {
        const { done, value } = await pieces.next()
        if (done) throw new Error(`closed before ${name}: ${heard}`)
        heard += decoder.decode(value, { stream: true })
      }
      return name
    }
  }
  const hears = await Promise.all(Array.from({ length: WATCHERS }, watch))
  await Promise.all(hears.map((hear) => hear('state')))
  const asked = await Promise.all(Array.from({ length: 20 }, () => call('/api/v1/teams')))
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]))
  const bill = 'date,provider,gpu_type,cost_usd\n2026-01-13,aws,h100,10\n'
  expect((await call('/api/v1/imports?format=cost-csv', { method: 'POST', body: bill })).status).toBe(200)
  const heard = await Promise.all(hears.map((hear) => hear('ledger')))
  expect(heard).toHaveLength(WATCHERS)
  gone.abort()
  expect((await call('/health/db')).status).toBe(200)
})
