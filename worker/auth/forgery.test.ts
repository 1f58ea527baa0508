import { expect, test } from 'vitest'
import { sessions } from '../../db/schema/users.ts'
import { startHeliox } from '../testing.ts'
import { openBrowser, PASSWORD } from './testing.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }
const EVIL = { origin: 'https://evil.example' }

async function start() {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/auth/register', ADA)
  const ada = openBrowser(heliox.stranger)
  await ada.tell('auth.signIn', ADA)
  return { ...heliox, ada }
}

/** What a page can send to another site without asking it first: the bodies of forms, and of a simple fetch. */
function simpleBodies(input: object): RequestInit[] {
  const form = new FormData()
  for (const [name, value] of Object.entries(input)) form.append(name, String(value))
  const text = JSON.stringify(input)
  return [
    { body: new URLSearchParams(input as Record<string, string>) },
    { body: form },
    { body: text, headers: { 'content-type': 'text/plain' } },
    { body: text, headers: { 'content-type': 'text/plain; application/json' } },
    { body: new Blob([text]) },
  ]
}

test('no form and no script of another site writes with a signed-in browser’s cookie', async () => {
  const { ada, db } = await start()
  const paths = [
    ...['/api/v1/auth/password', '/api/v1/auth/logout', '/api/v1/teams', '/api/v1/none'],
    ...['/trpc/auth.changePassword', '/trpc/auth.signOut', '/trpc/sessions.endOthers', '/trpc/auth.signIn'],
  ]
  const before = await db.select().from(sessions)
  for (const path of paths)
    for (const body of simpleBodies({ current_password: PASSWORD, new_password: 'another horse' })) {
      const headers = { ...EVIL, ...(body.headers as object) }
      const { status } = await ada.send(path, { method: 'POST', ...body, headers })
      expect([path, status]).toEqual([path, 403])
    }
  expect((await ada.send('/api/v1/auth/sessions', { method: 'DELETE', headers: EVIL })).status).toBe(403)
  expect(await db.select().from(sessions)).toEqual(before)
  expect(await ada.whoAmI()).toBe(ADA.email)
})

test('another site cannot sign a browser in as somebody else: our page alone sends JSON', async () => {
  const { stranger } = await start()
  for (const body of simpleBodies(ADA)) {
    const headers = { ...EVIL, ...(body.headers as object) }
    const answer = await stranger('/trpc/auth.signIn', { method: 'POST', ...body, headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
  const body = new URLSearchParams({ username: ADA.email, password: PASSWORD }) // the documented form: tokens, no cookie
  const login = await stranger('/api/v1/auth/login', { method: 'POST', body, headers: EVIL })
  expect([login.status, login.headers.getSetCookie()]).toEqual([200, []])
})

test('beside a wrong key the cookie counts for nothing', async () => {
  const { ada, db } = await start()
  const wrong = [
    { 'x-api-key': 'wrong' },
    { 'x-api-key': '' },
    { authorization: 'Bearer wrong' },
    { authorization: '' },
  ]
  for (const key of wrong) {
    const headers = key as Record<string, string>
    expect((await ada.send('/api/v1/auth/me', { headers })).status).toBe(401)
    expect((await ada.send('/api/v1/auth/sessions', { method: 'DELETE', headers })).status).toBe(401)
    expect((await ada.tell('sessions.endOthers', {}, headers)).status).toBe(401)
    expect((await ada.tell('auth.signOut', {}, { ...headers, ...EVIL })).status).toBe(403)
  }
  expect((await db.select().from(sessions)).length).toBe(1)
})

test('a link of another site reads nothing but the page, and writes nothing', async () => {
  const { ada } = await start()
  for (const path of ['/trpc/auth.signOut', '/trpc/sessions.endOthers', '/trpc/auth.changePassword?input=%7B%7D'])
    expect([path, (await ada.send(path, { headers: EVIL })).status]).toEqual([path, 405])
  expect((await ada.send('/api/v1/auth/me', { headers: EVIL })).headers.has('access-control-allow-origin')).toBe(false)
  expect(await ada.whoAmI()).toBe(ADA.email)
})
