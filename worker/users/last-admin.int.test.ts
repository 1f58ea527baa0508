import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../local/stack.ts'

let stack: Stack
let dataDir: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'heliox-int-'))
  stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
})
afterAll(async () => {
  await stack?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function write(method: string, path: string, body?: object) {
  const headers = { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' }
  const init = body ? { method, headers, body: JSON.stringify(body) } : { method, headers }
  const response = await fetch(new URL(`/api/v1${path}`, stack.url), init)
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null }
}

test('of two administrators who are demoted, disabled and removed at once, one stays', async () => {
  const { body: signIn } = await write('POST', '/auth/login', {
    email: stack.adminEmail,
    password: stack.adminPassword,
  })
  expect(signIn.access_token).toEqual(expect.any(String))
  const { body: people } = await write('GET', '/users')
  let [admin] = people.users.map(({ id }: { id: string }) => id)
  const takeAway = {
    demoted: (id: string) => write('PUT', `/users/${id}`, { role: 'viewer' }),
    disabled: (id: string) => write('PUT', `/users/${id}`, { is_disabled: true }),
    removed: (id: string) => write('DELETE', `/users/${id}`),
  }
  for (const [what, take] of Object.entries(takeAway)) {
    const invited = await write('POST', '/users', { email: `${what}@example.com`, role: 'admin' })
    const secret = invited.body.link.path.split('#')[1]
    await write('POST', '/auth/password-link', { secret, password: 'a tall ship and a star' })
    const pair = [admin, invited.body.id]
    const answers = await Promise.all(pair.map(take))
    const statuses = answers.map(({ status }) => status).sort()
    expect([what, statuses]).toEqual([what, [what === 'removed' ? 204 : 200, 409]])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('users.last_admin')
    admin = pair[answers.findIndex(({ status }) => status === 409)]
  }
})

test('of two uses of one link at once one wins, and the other finds it dead', async () => {
  const { body } = await write('POST', '/users', { email: 'twice@example.com', role: 'viewer' })
  const secret = body.link.path.split('#')[1]
  const passwords = ['first of two horses', 'second of two horses']
  const answers = await Promise.all(
    passwords.map((password) => write('POST', '/auth/password-link', { secret, password })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  const signIns = await Promise.all(
    passwords.map((password) => write('POST', '/auth/login', { email: 'twice@example.com', password })),
  )
  expect(signIns.map(({ status }) => status)).toEqual(answers.map(({ status }) => (status === 200 ? 200 : 401)))
})
