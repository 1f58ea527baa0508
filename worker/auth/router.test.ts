import { expect, test } from 'vitest'
import { sessions, users } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import type { Settings } from '../env.ts'
import { clearExpiredSessions } from './clear-expired-sessions.ts'
import { refresh } from './refresh.ts'
import { authRouter } from './router.ts'
import { signIn } from './sign-in.ts'
import { cookieOf, PASSWORD, startAuth } from './testing.ts'

const DAY_MS = 86_400_000
const ADA = { email: 'ada@example.com', password: PASSWORD }

/** A browser in front of the procedures: it sends the cookie it was given last. */
async function openBrowser(changes: Partial<Settings> = {}, url = 'http://localhost:8787/') {
  const heliox = startAuth(await freshDb(), changes)
  let cookie = ''
  const visit = async <T>(see: (page: ReturnType<typeof authRouter.createCaller>) => Promise<T>, sent = cookie) => {
    const asking = heliox.ask(sent ? { cookie: sent } : {}, url)
    const answer = await see(authRouter.createCaller(asking))
    const setCookie = asking.answerHeaders.getSetCookie()
    if (setCookie.length > 0) cookie = cookieOf(asking.answerHeaders)
    return { answer, setCookie, cookie }
  }
  const whoAmI = async (sent?: string) => (await visit((page) => page.me(), sent)).answer.user
  return { ...heliox, visit, whoAmI }
}

test('a stranger is nobody, and learns whether registration is open', async () => {
  const { visit } = await openBrowser({ allowRegistration: false })
  expect((await visit((page) => page.me())).answer).toEqual({ user: null, registration: false, providers: [] })
})

test('who registers is signed in', async () => {
  const { visit, whoAmI } = await openBrowser()
  const { answer } = await visit((page) => page.register({ ...ADA, name: 'Ada' }))
  expect(answer.user).toMatchObject({
    email: 'ada@example.com',
    name: 'Ada',
    role: 'viewer',
    createdAt: expect.any(String),
  })
  expect(await whoAmI()).toEqual(answer.user)
})

test('on http the cookie is HttpOnly, Lax and for the whole host', async () => {
  const { visit } = await openBrowser()
  const { setCookie } = await visit((page) => page.register(ADA))
  expect(setCookie).toEqual([
    expect.stringMatching(/^heliox_device=[\w-]{22}\.[0-9a-f]{64}; HttpOnly; Max-Age=31536000; Path=\/; SameSite=Lax$/),
    expect.stringMatching(/^heliox_session=[a-z2-7]{40}; HttpOnly; Max-Age=2592000; Path=\/; SameSite=Lax$/),
  ])
})

test('on https it is Secure too, and no other host can set it', async () => {
  const { visit, whoAmI } = await openBrowser({}, 'https://heliox.example/')
  const { setCookie } = await visit((page) => page.register(ADA))
  expect(setCookie).toEqual([
    expect.stringMatching(/^__Host-heliox_device=[\w.-]+; HttpOnly; Max-Age=31536000; Path=\/; SameSite=Lax; Secure$/),
    expect.stringMatching(/^__Host-heliox_session=\w+; HttpOnly; Max-Age=2592000; Path=\/; SameSite=Lax; Secure$/),
  ])
  expect(await whoAmI()).toMatchObject({ email: 'ada@example.com' })
})

test('another program’s broken cookie does not get in the way', async () => {
  const { visit, whoAmI } = await openBrowser()
  const { cookie } = await visit((page) => page.register(ADA))
  expect(await whoAmI(`theirs=%E0%A4%A; ${cookie}`)).toMatchObject({ email: 'ada@example.com' })
  expect(await whoAmI('heliox_session=')).toBe(null)
})

test('each sign-in is a new session, and ends the one the browser came with', async () => {
  const { visit, whoAmI, db } = await openBrowser()
  const first = (await visit((page) => page.register(ADA))).cookie
  const second = (await visit((page) => page.signIn(ADA))).cookie
  expect(second).not.toBe(first)
  expect(await whoAmI(first)).toBe(null)
  expect(await whoAmI(second)).toMatchObject({ email: 'ada@example.com' })
  expect((await db.select().from(sessions)).length).toBe(1)
})

test('a wrong password changes nothing about who is signed in', async () => {
  const { visit, whoAmI } = await openBrowser()
  const { cookie } = await visit((page) => page.register(ADA))
  const wrong = visit((page) => page.signIn({ ...ADA, password: 'wrong password' }))
  await expect(wrong).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: 'Incorrect email or password' })
  expect(await whoAmI(cookie)).not.toBe(null)
})

test('signing out ends the session and takes the cookie, twice if need be', async () => {
  const { visit, whoAmI } = await openBrowser()
  const { cookie } = await visit((page) => page.register(ADA))
  const { setCookie } = await visit((page) => page.signOut())
  expect(setCookie).toEqual(['heliox_session=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax'])
  expect(await whoAmI(cookie)).toBe(null)
  expect((await visit((page) => page.signOut(), cookie)).answer).toEqual({ status: 'success' })
})

test('a session in use is renewed in its second half, one left alone ends after 30 days', async () => {
  const { visit, whoAmI, pass } = await openBrowser()
  await visit((page) => page.register(ADA))
  pass(14 * DAY_MS)
  expect((await visit((page) => page.me())).setCookie).toEqual([])
  pass(2 * DAY_MS)
  expect((await visit((page) => page.me())).setCookie).toEqual([expect.stringContaining('Max-Age=2592000')])
  pass(29 * DAY_MS)
  expect(await whoAmI()).not.toBe(null)
  pass(30 * DAY_MS)
  expect(await whoAmI()).toBe(null)
})

test('a disabled user’s cookie is refused, and the sign-in page still opens', async () => {
  const { visit, whoAmI, ask, db } = await openBrowser()
  const { cookie } = await visit((page) => page.register(ADA))
  await db.update(users).set({ isDisabled: true })
  await expect(ask({ cookie }).actor()).rejects.toMatchObject({ kind: 'unauthenticated', code: 'auth.disabled' })
  expect(await whoAmI(cookie)).toBe(null)
})

test('a refresh token is no cookie', async () => {
  const { visit, whoAmI, ask } = await openBrowser()
  await visit((page) => page.register(ADA))
  const { sessionId } = await signIn(ask(), ADA, 'token')
  expect(await whoAmI(`heliox_session=${sessionId}`)).toBe(null)
})

test('expired sessions are cleared, a replaced one only when it expires', async () => {
  const { visit, ask, db, now, pass } = await openBrowser()
  await visit((page) => page.register(ADA))
  pass(10 * DAY_MS)
  const { sessionId } = await signIn(ask(), ADA, 'token')
  pass(19 * DAY_MS)
  await refresh(ask(), sessionId)
  const left = async () => {
    await clearExpiredSessions({ db, now })
    return (await db.select().from(sessions)).length
  }
  expect(await left()).toBe(3)
  pass(DAY_MS) // day 30: the browser's
  expect(await left()).toBe(2)
  pass(10 * DAY_MS) // day 40: the replaced one's
  expect(await left()).toBe(1)
  pass(9 * DAY_MS) // day 49 = 29 + 20: its successor has 10 days more
  expect(await left()).toBe(1)
  pass(10 * DAY_MS)
  expect(await left()).toBe(0)
})
