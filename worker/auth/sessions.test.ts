import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { sessions, users } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { luciaFor, SESSION_MS } from './lucia.ts'
import { openSession } from './open-session.ts'
import { openBrowser, PASSWORD } from './testing.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }

/** The real app, one account, and as many browsers and API clients as a test wants. */
async function start(site?: string) {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/auth/register', ADA)
  const browser = async (userAgent = 'Firefox', address = '192.0.2.1') => {
    const open = openBrowser(heliox.stranger, site)
    const signedIn = await open.tell('auth.signIn', ADA, { 'user-agent': userAgent, 'cf-connecting-ip': address })
    expect(signedIn.status).toBe(200)
    return open
  }
  /** An API client: its tokens, and what its access token is answered. */
  const client = async () => {
    const headers = { 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' }
    const login = await heliox.stranger('/api/v1/auth/login', { method: 'POST', headers, body: JSON.stringify(ADA) })
    const tokens = (await login.json()) as { access_token: string; refresh_token: string }
    return { ...tokens, ...heliox.callerWith({ authorization: `Bearer ${tokens.access_token}` }) }
  }
  const outdate = () => heliox.db.update(sessions).set({ isOutdated: true })
  return { ...heliox, browser, client, outdate }
}

const refused = (code: string) => ({ data: { errorCode: code } })

test('the list says where I am signed in: this session first, then by last use, and whose it is not', async () => {
  const { browser, client, moveTo, as } = await start()
  const firefox = await browser(`Firefox ${'x'.repeat(300)}`)
  moveTo('2026-03-01T12:30:00Z')
  const curl = await client()
  moveTo('2026-03-01T12:45:00Z')
  const chrome = await browser('Chrome', '2001:db8::7')
  await as('viewer') // somebody else's session
  const { sessions: list, ...page } = await chrome.ask('sessions.list')
  expect(page).toEqual({ total: 3, skip: 0, limit: 50, hasMore: false, isPartial: false })
  expect(list).toEqual([
    {
      id: expect.stringMatching(/^[a-z2-7]{40}$/),
      ...{ kind: 'browser', userAgent: 'Chrome', address: '2001:db8::7', isCurrent: true },
      ...{ createdAt: '2026-03-01T12:45:00.000Z', usedAt: '2026-03-01T12:45:00.000Z' },
      expiresAt: '2026-03-31T12:45:00.000Z',
    },
    expect.objectContaining({ kind: 'token', userAgent: 'curl/8.5.0', isCurrent: false }),
    expect.objectContaining({ kind: 'browser', userAgent: `Firefox ${'x'.repeat(192)}`, isCurrent: false }),
  ])
  const viaRest = await curl.json<{ sessions: { is_current: boolean; user_agent: string }[] }>('/api/v1/auth/sessions')
  expect(viaRest.sessions[0]).toMatchObject({ is_current: true, user_agent: 'curl/8.5.0' })
  expect((await firefox.ask('sessions.list', { skip: 1, limit: 1 })).sessions).toHaveLength(1)
})

test('the last use is known to within ten minutes, and a refresh stays the sign-in that it came from', async () => {
  const { client, stranger, callerWith, moveTo, db } = await start()
  const { refresh_token, json } = await client()
  type List = { sessions: { used_at: string; created_at: string; expires_at: string; address: string }[] }
  const mine = async (call = json) => (await call<List>('/api/v1/auth/sessions')).sessions
  moveTo('2026-03-01T12:09:00Z')
  expect((await mine())[0]?.used_at).toBe('2026-03-01T12:09:00.000Z') // the first use is noted at once
  moveTo('2026-03-01T12:18:59Z')
  expect((await mine())[0]?.used_at).toBe('2026-03-01T12:09:00.000Z')
  moveTo('2026-03-01T12:19:00Z')
  expect((await mine())[0]?.used_at).toBe('2026-03-01T12:19:00.000Z')
  moveTo('2026-03-02T12:00:00Z')
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ refresh_token })
  const next = (await (await stranger('/api/v1/auth/refresh', { method: 'POST', headers, body })).json()) as {
    access_token: string
  }
  expect(await mine(callerWith({ authorization: `Bearer ${next.access_token}` }).json)).toMatchObject([
    {
      ...{ created_at: '2026-03-01T12:00:00.000Z', used_at: '2026-03-02T12:00:00.000Z' },
      expires_at: '2026-04-01T12:00:00.000Z',
    },
  ])
  expect((await db.select().from(sessions)).length).toBe(2) // the replaced one is kept to know a thief by
})

test('a session that I end is out at its next request, and nobody else can end it', async () => {
  const { browser, client, as, db } = await start()
  const [here, there, curl, other] = [await browser(), await browser('Chrome'), await client(), await as('admin')]
  const ids = async () => ((await here.ask('sessions.list')).sessions as { id: string }[]).map(({ id }) => id)
  const chrome = (await there.ask('sessions.list')).sessions[0].id
  const foreign = await other.write('DELETE', `/api/v1/auth/sessions/${chrome}`)
  expect([foreign.status, foreign.body.error]).toMatchObject([404, { code: 'sessions.not_found' }])
  expect((await here.tell('sessions.end', { id: chrome })).data).toEqual({ status: 'success' })
  expect(await there.whoAmI()).toBe(null)
  expect((await here.tell('sessions.end', { id: chrome })).error).toMatchObject(refused('sessions.not_found'))
  const [, token = ''] = await ids()
  expect((await here.send(`/api/v1/auth/sessions/${token}`, { method: 'DELETE' })).status).toBe(204)
  expect((await curl.fetch('/api/v1/auth/me')).status).toBe(401)
  const [own = ''] = await ids()
  const last = await here.send(`/api/v1/auth/sessions/${own}`, { method: 'DELETE' })
  expect([last.status, here.jar.has('heliox_session'), await here.whoAmI()]).toEqual([204, false, null])
  const notes = await db.select().from(auditLog).where(eq(auditLog.action, 'sessions.end'))
  expect(notes.map(({ actor, targetId }) => [actor, targetId])).toEqual(Array(3).fill(['ada@example.com', 'user_1']))
})

test('all the others end at once, this one stays, and a second time there is nothing to end', async () => {
  const { browser, client, as } = await start()
  const [here, there, curl, other] = [await browser(), await browser('Chrome'), await client(), await as('viewer')]
  expect((await here.tell('sessions.endOthers')).data).toEqual({ endedSessions: 2 })
  expect(await here.whoAmI()).toBe('ada@example.com')
  expect(await there.whoAmI()).toBe(null)
  expect((await curl.fetch('/api/v1/auth/me')).status).toBe(401)
  expect((await other.fetch('/api/v1/auth/me')).status).toBe(200)
  const again = await here.send('/api/v1/auth/sessions', { method: 'DELETE' })
  expect([again.status, await again.json()]).toEqual([200, { ended_sessions: 0 }])
})

test('a key has no sessions and no password', async () => {
  const { write, trpc } = await start()
  const password = { current_password: PASSWORD, new_password: 'another horse' }
  for (const [method, path, body] of [
    ['GET', '/sessions'],
    ['DELETE', '/sessions'],
    ['DELETE', '/sessions/x'],
    ['POST', '/password', password],
  ] as const) {
    const answer = await write(method, `/api/v1/auth${path}`, body)
    expect([path, answer.status, answer.body.error.code]).toEqual([path, 403, 'auth.people_only'])
  }
  await expect(trpc.sessions.list.query({})).rejects.toMatchObject({ data: { errorCode: 'auth.people_only' } })
})

test('a browser whose owner’s rights have changed gets a new id, and the old one works for a minute more', async () => {
  const { browser, outdate, moveTo, db } = await start()
  const ada = await browser()
  const old = ada.jar.get('heliox_session')
  await outdate()
  const [before] = await db.select().from(sessions)
  expect(await ada.whoAmI()).toBe('ada@example.com')
  const next = ada.jar.get('heliox_session')
  expect(next).not.toBe(old)
  const late = { headers: { cookie: `heliox_session=${old}` } }
  const whoIsLate = async () => {
    const response = await ada.send('/trpc/auth.me', late)
    const { result } = (await response.json()) as { result: { data: { user: { email: string } | null } } }
    return [result.data.user?.email ?? null, response.headers.getSetCookie()]
  }
  moveTo('2026-03-01T12:00:59Z')
  expect(await whoIsLate()).toEqual(['ada@example.com', []]) // and it takes no cookie from the newer one
  moveTo('2026-03-01T12:01:00Z')
  expect(await whoIsLate()).toEqual([null, []])
  expect(await ada.whoAmI()).toBe('ada@example.com')
  const [after] = await db.select().from(sessions).where(eq(sessions.isOutdated, false))
  const { family, createdAtMs, expiresAtMs, userAgent, address } = before ?? {}
  expect(after).toMatchObject({ family, createdAtMs, expiresAtMs, userAgent, address })
  expect((await ada.ask('sessions.list')).total).toBe(1) // one sign-in is one session
})

test('of many requests with an outdated id one gets the new one, and all are answered', async () => {
  const { browser, outdate, db } = await start()
  const ada = await browser()
  await outdate()
  const answers = await Promise.all(Array.from({ length: 8 }, () => ada.send('/api/v1/auth/me')))
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toHaveLength(1)
  expect((await db.select().from(sessions)).length).toBe(2)
})

test('ending a session ends what it was before its id changed', async () => {
  const { browser, outdate } = await start()
  const ada = await browser()
  const old = ada.jar.get('heliox_session') ?? ''
  await outdate()
  await ada.whoAmI()
  await ada.tell('auth.signOut')
  ada.jar.set('heliox_session', old)
  expect(await ada.whoAmI()).toBe(null)
})

test('an API client whose owner’s rights have changed is told to refresh, and goes on', async () => {
  const { client, outdate, write, callerWith } = await start()
  const curl = await client()
  await outdate()
  const told = await curl.write('GET', '/api/v1/auth/me')
  expect([told.status, told.body.error.code]).toEqual([401, 'auth.token_expired'])
  const { body } = await write('POST', '/api/v1/auth/refresh', { refresh_token: curl.refresh_token })
  const next = callerWith({ authorization: `Bearer ${body.access_token}` })
  expect((await next.fetch('/api/v1/auth/me')).status).toBe(200)
})

test('a disabled user’s outdated session gets no new id', async () => {
  const { browser, outdate, db } = await start()
  const ada = await browser()
  await outdate()
  await db.update(users).set({ isDisabled: true })
  expect((await ada.send('/api/v1/auth/me')).status).toBe(401)
  expect((await db.select().from(sessions)).length).toBe(1)
})

test('each sign-in is written down, with where from, and says when the person was last here', async () => {
  const { browser, db, moveTo } = await start()
  moveTo('2026-03-01T13:00:00Z')
  await browser('Firefox', '198.51.100.7')
  const [noted] = await db.select().from(auditLog).where(eq(auditLog.action, 'auth.sign_in'))
  expect(noted).toMatchObject({
    actorId: 'user_1',
    actor: 'ada@example.com',
    address: '198.51.100.7',
    targetId: 'user_1',
  })
  expect(JSON.parse(noted?.after ?? '')).toEqual({ kind: 'browser', userAgent: 'Firefox' })
  const [ada] = await db.select().from(users)
  expect(new Date(ada?.signedInAtMs ?? 0).toISOString()).toBe('2026-03-01T13:00:00.000Z')
})

test('through the app on https every cookie has the prefix that other hosts cannot set', async () => {
  const { browser } = await start('https://heliox.example')
  const ada = await browser()
  expect([...ada.jar.keys()].sort()).toEqual(['__Host-heliox_device', '__Host-heliox_session'])
  const answer = await ada.tell('auth.signIn', ADA)
  for (const line of answer.headers.getSetCookie())
    expect(line).toMatch(/^__Host-heliox_\w+=[\w.-]+; HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax; Secure$/)
  expect(await ada.whoAmI()).toBe('ada@example.com')
  const plain = ada.jar.get('__Host-heliox_session') ?? ''
  ada.jar.clear()
  ada.jar.set('heliox_session', plain)
  expect(await ada.whoAmI()).toBe(null) // a cookie that any host of the domain could have set
})

test('a session ends 30 days after it began or was renewed, to the millisecond, however slow the machine is', async () => {
  const { db, scope, now, moveTo, as } = await start()
  const { userId } = await as('viewer')
  let machineMs = Date.now()
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => {
    machineMs += 7 // every look at it is later than the one before
    return machineMs
  })
  onTestFinished(() => void clock.mockRestore())
  const { sessionId } = await openSession(scope, userId, { kind: 'browser', userAgent: '', address: '' })
  const ends = async () =>
    (await db.select({ at: sessions.expiresAtMs }).from(sessions).where(eq(sessions.kind, 'browser'))).map(
      ({ at }) => at,
    )
  expect(await ends()).toEqual([(now() + SESSION_MS) as EpochMs])
  moveTo('2026-03-17T12:00:00Z') // its second half
  const { session } = await luciaFor(scope, false).validateSession(sessionId)
  expect(session?.fresh).toBe(true)
  expect(await ends()).toEqual([(now() + SESSION_MS) as EpochMs])
})
