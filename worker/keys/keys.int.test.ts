import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../local/stack.ts'

let stack: Stack
let dataDir: string
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-keys-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const call = (path: string, key: string, method = 'GET', body?: object) =>
  fetch(new URL(`/api/v1${path}`, stack.url), {
    method,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

test('of 60 calls at the same time exactly as many pass as the key may make in a minute', async () => {
  const made = await call('/keys', stack.adminApiKey, 'POST', { name: 'parallel', scopes: ['usage:read'], rpm: 25 })
  const { id, key } = (await made.json()) as { id: string; key: string }
  const answers = await Promise.all(Array.from({ length: 60 }, () => call('/auth/me', key)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(25)
  expect(statuses.filter((status) => status === 429)).toHaveLength(35)
  const left = answers.filter(({ status }) => status === 200).map(({ headers }) => headers.get('x-ratelimit-remaining'))
  expect(left.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index))
  for (const { headers } of answers.filter(({ status }) => status === 429))
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await call(`/keys/${id}`, stack.adminApiKey, 'DELETE')).status).toBe(204)
  expect((await call('/auth/me', key)).status).toBe(401)
})
