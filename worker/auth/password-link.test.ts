import { eq } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { passwordLinks, sessions, users } from '../../db/schema/users.ts'
import { startHeliox } from '../testing.ts'

const NEW = 'a tall ship and a star'
const DEAD = [404, 'auth.link_dead', 'This link has been used or has expired: ask an administrator for a new one']

/** A developer who is invited, and the secret of the link. */
async function startInvited() {
  const heliox = await startHeliox()
  const { id, link } = await heliox.trpc.users.invite.mutate({ email: 'ada@example.com', role: 'developer' })
  const open = (secret: string) => heliox.callerWith({}).write('POST', '/api/v1/auth/link', { secret })
  const use = (secret: string, password = NEW, more: object = {}) =>
    heliox.callerWith({}).write('POST', '/api/v1/auth/password-link', { secret, password, ...more })
  const login = (password: string) =>
    heliox.callerWith({}).write('POST', '/api/v1/auth/login', { email: 'ada@example.com', password })
  const newLink = async () => secretOf((await heliox.trpc.users.resetLink.mutate({ id })).link)
  return { ...heliox, id, secret: secretOf(link), open, use, login, newLink }
}

const secretOf = ({ path }: { path: string }) => path.split('#')[1] ?? ''
const refusalIn = ({ status, body }: Awaited<ReturnType<Awaited<ReturnType<typeof startInvited>>['open']>>) => [
  status,
  body.error.code,
  body.detail,
]

test('an invitation says who it is for, sets the password and the name once, and signs in', async () => {
  const heliox = await startInvited()
  const { status, body } = await heliox.open(heliox.secret)
  const expiresAt = '2026-03-08T12:00:00.000Z' // 7 days
  expect([status, body]).toEqual([
    200,
    { email: 'ada@example.com', name: '', purpose: 'invite', expires_at: expiresAt },
  ])
  expect((await heliox.login(NEW)).status).toBe(401) // nobody can sign in yet

  const used = await heliox.use(heliox.secret, NEW, { name: ' Ada ' })
  expect([used.status, used.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const ada = heliox.callerWith({ authorization: `Bearer ${used.body.access_token}` })
  expect((await ada.trpc.auth.me.query()).user).toMatchObject({ id: heliox.id, name: 'Ada', role: 'developer' })
  expect((await heliox.login(NEW)).status).toBe(200)
  const seen = await heliox.trpc.users.get.query({ id: heliox.id })
  expect(seen).toMatchObject({ status: 'active', hasPassword: true, signedInAt: '2026-03-01T12:00:00.000Z' })

  for (const again of [await heliox.open(heliox.secret), await heliox.use(heliox.secret, 'another password of mine')])
    expect(refusalIn(again)).toEqual(DEAD)
  const [, joined] = await heliox.db.select().from(auditLog)
  expect(joined).toMatchObject({ action: 'auth.join', actorId: heliox.id, actor: 'ada@example.com' })
  expect(JSON.stringify(joined)).not.toMatch(/scrypt|tall ship/)
})

test('in the browser a link sets the cookie of a session, as signing in does', async () => {
  const { stranger, secret } = await startInvited()
  const post = (path: string, body: object) =>
    stranger(`/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect(await (await post('auth.link', { secret })).json()).toMatchObject({
    result: { data: { email: 'ada@example.com', purpose: 'invite' } },
  })
  const used = await post('auth.usePasswordLink', { secret, password: NEW })
  expect(used.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^heliox_session=\w{40}; HttpOnly/))
  expect(await used.text()).not.toContain(secret)
})

test('an unknown, a replaced, an expired and a disabled person’s link get the same words', async () => {
  const heliox = await startInvited()
  const replaced = heliox.secret
  const secret = await heliox.newLink()
  for (const dead of ['nonsense', replaced]) {
    expect(refusalIn(await heliox.open(dead))).toEqual(DEAD)
    expect(refusalIn(await heliox.use(dead))).toEqual(DEAD)
  }
  heliox.moveTo('2026-03-08T11:59:59Z')
  expect((await heliox.open(secret)).status).toBe(200)
  heliox.moveTo('2026-03-08T12:00:00Z')
  expect(refusalIn(await heliox.open(secret))).toEqual(DEAD)
  expect(refusalIn(await heliox.use(secret))).toEqual(DEAD)

  const last = await heliox.newLink()
  await heliox.db.update(users).set({ isDisabled: true }) // by another hand: disabling here removes the link too
  expect(refusalIn(await heliox.open(last))).toEqual(DEAD)
  expect(refusalIn(await heliox.use(last))).toEqual(DEAD)
})

test('a reset lasts 24 hours, and its use ends the person’s sessions and other links, nobody else’s', async () => {
  const heliox = await startInvited()
  const ada = heliox.callerWith({ authorization: `Bearer ${(await heliox.use(heliox.secret)).body.access_token}` })
  const bob = await heliox.as('viewer')
  const secret = await heliox.newLink()
  expect((await heliox.open(secret)).body).toMatchObject({ purpose: 'reset', expires_at: '2026-03-02T12:00:00.000Z' })
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(200) // asking for a link ends nothing yet
  const other = { secretHash: 'x', userId: heliox.id, purpose: 'reset', createdAtMs: heliox.now() } as const
  await heliox.db.insert(passwordLinks).values({ ...other, expiresAtMs: heliox.now() })

  expect((await heliox.use(secret, 'another password of mine')).status).toBe(200)
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(401)
  expect((await bob.fetch('/api/v1/auth/me')).status).toBe(200)
  expect((await heliox.db.select().from(sessions).where(eq(sessions.userId, heliox.id))).length).toBe(1)
  expect(await heliox.db.select().from(passwordLinks)).toEqual([])
  expect([(await heliox.login(NEW)).status, (await heliox.login('another password of mine')).status]).toEqual([
    401, 200,
  ])
  const noted = (await heliox.db.select().from(auditLog)).map(({ action }) => action)
  expect(noted).toContain('auth.reset_password')
})

test('a password that is too weak is refused at its field and leaves the link as it was', async () => {
  const { use, open, secret } = await startInvited()
  const detailOf = async (password: string) => (await use(secret, password)).body.error.details
  expect(await detailOf('short')).toEqual(['password: must have at least 8 characters'])
  expect(await detailOf('iloveyou')).toEqual(['password: is one of those that are guessed first: choose another'])
  expect(await detailOf('ada@example.com')).toEqual(['password: must not be your e-mail or a part of it'])
  expect((await open(secret)).status).toBe(200)
})

test('the secret is in no line of the log, whichever way it is used', async () => {
  const lines = vi.spyOn(console, 'log').mockReturnValue()
  try {
    const heliox = await startHeliox({ settings: { LOG_LEVEL: 'debug' } })
    const { link } = await heliox.trpc.users.invite.mutate({ email: 'ada@example.com', role: 'viewer' })
    const secret = secretOf(link)
    const { trpc, write } = heliox.callerWith({})
    await trpc.auth.link.mutate({ secret })
    await write('POST', '/api/v1/auth/link', { secret })
    await trpc.auth.usePasswordLink.mutate({ secret, password: NEW })
    await write('POST', '/api/v1/auth/password-link', { secret, password: NEW })
    const log = lines.mock.calls.join('\n')
    expect(log).toContain('auth.link_used')
    expect(log).not.toContain(secret)
    expect(log).not.toContain(NEW)
  } finally {
    lines.mockRestore()
  }
})
