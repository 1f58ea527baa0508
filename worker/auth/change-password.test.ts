import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { passwordLinks, sessions, signInFailures, users } from '../../db/schema/users.ts'
import { startHeliox } from '../testing.ts'
import { sha256Hex } from './digest.ts'
import { openBrowser, PASSWORD } from './testing.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }
const CHANGE = { currentPassword: PASSWORD, newPassword: 'another horse' }

async function start() {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/auth/register', ADA)
  const browser = async () => {
    const open = openBrowser(heliox.stranger)
    await open.tell('auth.signIn', ADA)
    return open
  }
  const login = (password = PASSWORD) => heliox.write('POST', '/api/v1/auth/login', { ...ADA, password })
  return { ...heliox, browser, login }
}

test('a new password ends every other session, and this one goes on under a new id at once', async () => {
  const { browser, login, callerWith, db } = await start()
  const [here, there, client] = [await browser(), await browser(), await login()]
  const family = (await here.ask('sessions.list')).sessions[0].id
  const old = here.jar.get('heliox_session') ?? ''
  const changed = await here.tell('auth.changePassword', CHANGE)
  expect(changed.data).toEqual({ status: 'success', endedSessions: 2, tokens: null })
  expect(here.jar.get('heliox_session')).not.toBe(old)
  expect((await here.ask('sessions.list')).sessions.map(({ id }: { id: string }) => id)).toEqual([family])
  expect(await there.whoAmI()).toBe(null)
  expect(
    (await callerWith({ authorization: `Bearer ${client.body.access_token}` }).fetch('/api/v1/auth/me')).status,
  ).toBe(401)
  there.jar.set('heliox_session', old)
  expect(await there.whoAmI()).toBe(null) // without any overlap: whoever knew it is out
  expect((await db.select().from(sessions)).length).toBe(1)
  expect([(await login()).status, (await login('another horse')).status]).toEqual([401, 200])
})

test('an API client goes on with new tokens, and its old ones are worth nothing', async () => {
  const { login, write, callerWith } = await start()
  const { body: old } = await login()
  const client = callerWith({ authorization: `Bearer ${old.access_token}` })
  const body = { current_password: PASSWORD, new_password: 'another horse' }
  const changed = await client.write('POST', '/api/v1/auth/password', body)
  expect([changed.status, changed.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(changed.body).toEqual({
    ...{ status: 'success', ended_sessions: 0 },
    tokens: {
      ...{ access_token: expect.any(String), refresh_token: expect.any(String) },
      ...{ token_type: 'bearer', expires_in: 1800 },
    },
  })
  const { tokens } = changed.body
  const me = (token: string) => callerWith({ authorization: `Bearer ${token}` }).fetch('/api/v1/auth/me')
  expect([(await me(old.access_token)).status, (await me(tokens.access_token)).status]).toEqual([401, 200])
  const refresh = (refresh_token: string) => write('POST', '/api/v1/auth/refresh', { refresh_token })
  expect([(await refresh(old.refresh_token)).status, (await refresh(tokens.refresh_token)).status]).toEqual([401, 200])
})

test('it is written down, without either password, and a link that would set one is void', async () => {
  const { browser, db, now } = await start()
  const ada = await browser()
  const times = { createdAtMs: now(), expiresAtMs: now() }
  await db.insert(passwordLinks).values({ secretHash: sha256Hex('x'), userId: 'user_1', purpose: 'reset', ...times })
  await ada.tell('auth.changePassword', CHANGE)
  const notes = await db.select().from(auditLog).where(eq(auditLog.action, 'auth.password_changed'))
  expect(notes).toMatchObject([{ actor: 'ada@example.com', targetId: 'user_1', after: '{"endedSessions":0}' }])
  expect(JSON.stringify(await db.select().from(auditLog))).not.toMatch(/horse|scrypt/)
  expect(await db.select().from(passwordLinks)).toEqual([])
})

test('a wrong current password is called by its field, changes nothing, and counts as a guess', async () => {
  const { browser, db, login } = await start()
  const ada = await browser()
  const before = await db.select().from(users)
  const wrong = await ada.tell('auth.changePassword', { ...CHANGE, currentPassword: 'wrong password' })
  expect(wrong.error).toMatchObject({
    message: 'The current password is wrong',
    data: { httpStatus: 400, errorCode: 'auth.wrong_password', details: ['current_password: is not your password'] },
  })
  await db.update(signInFailures).set({ count: 10 })
  const refused = await ada.tell('auth.changePassword', CHANGE)
  expect(refused.error.data).toMatchObject({ httpStatus: 429, errorCode: 'auth.too_many_attempts' })
  expect(refused.headers.get('retry-after')).toBe('900')
  expect(await db.select().from(users)).toEqual(before)
  expect((await login()).status).toBe(200) // elsewhere the person is not shut out
})

test('a new password that is too short is refused by the name of its field', async () => {
  const { browser } = await start()
  const ada = await browser()
  const short = await ada.tell('auth.changePassword', { ...CHANGE, newPassword: '1234567' })
  expect(short.error.data).toMatchObject({
    httpStatus: 400,
    details: ['new_password: must have at least 8 characters'],
  })
})

test('an account without a password is told so', async () => {
  const { browser, db } = await start()
  const ada = await browser()
  expect((await ada.ask('auth.me')).user.hasPassword).toBe(true)
  await db.update(users).set({ passwordHash: '' })
  expect((await ada.ask('auth.me')).user.hasPassword).toBe(false)
  const refused = await ada.tell('auth.changePassword', CHANGE)
  expect(refused.error.data).toMatchObject({ httpStatus: 409, errorCode: 'auth.no_password' })
})

test('of two changes at once one wins, and the other changes nothing', async () => {
  const { browser, login } = await start()
  const [here, there] = [await browser(), await browser()]
  const [first, second] = await Promise.all([
    here.tell('auth.changePassword', { ...CHANGE, newPassword: 'first new password' }),
    there.tell('auth.changePassword', { ...CHANGE, newPassword: 'second new password' }),
  ])
  expect([first.status, second.status].filter((status) => status === 200)).toHaveLength(1)
  const works = async (password: string) => (await login(password)).status === 200
  expect([await works('first new password'), await works('second new password')]).toEqual([
    first.status === 200,
    second.status === 200,
  ])
})
