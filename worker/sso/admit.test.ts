import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { identities, passwordLinks, sessions, users } from '../../db/schema/users.ts'
import type { Role } from '../scope.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { type Account, signInAs, startProvider, type TestProvider } from './testing.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
  provider.register()
})
afterAll(() => provider.close())

const VERIFIED = { email: 'ada@example.com', email_verified: true, name: 'Ada' }

/** A deployment and, at the provider, Ada with these claims. */
async function start(account: Account = VERIFIED, more: Record<string, string> = {}) {
  provider.accounts.set('ada', account)
  return startHeliox({
    now: new Date().toISOString(),
    settings: { ...provider.settings, ALLOW_REGISTRATION: 'false', SSO_DOMAINS: '["example.com"]', ...more },
  })
}

const BY_GROUP = {
  OIDC_ROLE_CLAIM: 'groups',
  OIDC_ROLES: '{"gpu-admins":"admin","gpu-money":"finance","gpu-builders":"developer","everyone":"viewer"}',
}

type NewUser = Partial<typeof users.$inferInsert>
async function addUser({ db, now }: TestHeliox, more: NewUser = {}) {
  const person = { email: 'ada@example.com', role: 'developer', passwordHash: '', createdAtMs: now(), ...more } as const
  const [user] = await db.insert(users).values(person).returning()
  if (!user) throw new Error('no user')
  return user
}
const userRows = ({ db }: TestHeliox) => db.select().from(users).orderBy(asc(users.id))
const noteRows = async ({ db }: TestHeliox) =>
  (await db.select().from(auditLog).orderBy(asc(auditLog.id))).map(({ action, actorId, targetId, before, after }) => {
    return { action, actorId, targetId, before: JSON.parse(before ?? 'null'), after: JSON.parse(after ?? 'null') }
  })
const roleOf = async (heliox: TestHeliox) => {
  const [ada] = await heliox.db.select().from(users).where(eq(users.email, 'ada@example.com'))
  return ada?.role
}

test('who comes from an open domain gets a viewer’s account without a password, and the log says so', async () => {
  const heliox = await start()
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await userRows(heliox)).toMatchObject([
    { email: 'ada@example.com', name: 'Ada', role: 'viewer', passwordHash: '', signedInAtMs: heliox.now() },
  ])
  expect(await heliox.db.select().from(identities)).toMatchObject([
    { issuer: provider.issuer, subject: 'ada', userId: 'user_1' },
  ])
  expect(await noteRows(heliox)).toEqual([
    {
      ...{ action: 'users.create', actorId: 'user_1', targetId: 'user_1', before: null },
      after: { email: 'ada@example.com', name: 'Ada', role: 'viewer', provider: 'oidc' },
    },
    {
      ...{ action: 'identities.link', actorId: 'user_1', targetId: 'user_1', before: null },
      after: { provider: 'oidc', issuer: provider.issuer, subject: 'ada' },
    },
  ])
})

test('the second time it is the same user, whatever the address has become', async () => {
  const heliox = await start()
  await signInAs(heliox, 'ada')
  provider.accounts.set('ada', { email: 'ada@elsewhere.example', email_verified: false })
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await userRows(heliox)).toMatchObject([{ email: 'ada@example.com', name: 'Ada' }])
  expect((await noteRows(heliox)).length).toBe(2)
})

test('an address that the provider has not verified makes no account and links to none', async () => {
  for (const flag of [{ email_verified: false }, {}, { email_verified: 'yes' }, { xms_edov: true }]) {
    const heliox = await start({ email: 'ada@example.com', ...flag })
    expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.unverified_email', session: '' })
    expect(await userRows(heliox)).toEqual([])
    await addUser(heliox, { role: 'admin' })
    expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.unverified_email', session: '' })
    expect(await heliox.db.select().from(identities)).toEqual([])
  }
})

test('without an address nobody gets in', async () => {
  const heliox = await start({ name: 'Ada' })
  expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.no_email', session: '' })
})

test('an address outside the open domains is refused, a subdomain and a look-alike too', async () => {
  for (const email of ['ada@evil.example', 'ada@mail.example.com', 'ada@notexample.com', 'example.com@evil.example']) {
    const heliox = await start({ email, email_verified: true })
    expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.foreign_domain', session: '' })
    expect(await userRows(heliox)).toEqual([])
  }
})

test('where no domain is open, only those come in who are known here', async () => {
  const heliox = await start(VERIFIED, { SSO_DOMAINS: '' })
  expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.registration_closed', session: '' })
  await addUser(heliox)
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await userRows(heliox)).toMatchObject([{ id: 'user_1', role: 'developer', signedInAtMs: heliox.now() }])
})

test('who was invited joins by signing in, and the invitation’s link is dead', async () => {
  const heliox = await start({ ...VERIFIED, email: 'ADA@example.com' }, { SSO_DOMAINS: '' })
  const { id } = await addUser(heliox)
  const link = { userId: id, purpose: 'invite', createdAtMs: heliox.now(), expiresAtMs: heliox.now() } as const
  await heliox.db.insert(passwordLinks).values({ ...link, secretHash: 'a-hash' })
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await heliox.db.select().from(passwordLinks)).toEqual([])
  expect(await heliox.db.select().from(identities)).toMatchObject([{ userId: id, subject: 'ada' }])
})

test('where registration is closed, a user keeps the password beside the provider', async () => {
  const heliox = await start()
  await addUser(heliox, { passwordHash: 'scrypt$a-hash' })
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await userRows(heliox)).toMatchObject([{ passwordHash: 'scrypt$a-hash' }])
})

test('where anybody may register, a password set before the address was proven opens the account no more', async () => {
  const heliox = await start(VERIFIED, { ALLOW_REGISTRATION: 'true' })
  const thief = { email: 'ada@example.com', password: 'known to the thief' }
  const registered = await heliox.stranger('/trpc/auth.register', {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(thief) },
  })
  const stolen = heliox.callerWith({ cookie: registered.headers.getSetCookie()[0]?.split(';')[0] ?? '' })
  expect((await stolen.trpc.auth.me.query()).user).toMatchObject({ email: thief.email })
  const { session } = await signInAs(heliox, 'ada')
  expect((await stolen.trpc.auth.me.query()).user).toBe(null)
  expect((await heliox.callerWith({ cookie: session }).trpc.auth.me.query()).user).toMatchObject({ id: 'user_1' })
  expect(await userRows(heliox)).toMatchObject([{ passwordHash: '' }])
  expect((await noteRows(heliox)).at(-1)?.after).toMatchObject({ passwordRemoved: true })
})

test('the administrator of the settings keeps the password, whoever may register', async () => {
  const admin = { ADMIN_EMAIL: ' Ada@example.com', ADMIN_PASSWORD: 'first password' }
  const heliox = await start(VERIFIED, { ALLOW_REGISTRATION: 'true', ...admin })
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await userRows(heliox)).toMatchObject([{ role: 'admin', passwordHash: expect.stringMatching(/^scrypt\$/) }])
})

test('a disabled user is refused, linked or not', async () => {
  const heliox = await start()
  await addUser(heliox, { isDisabled: true })
  expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'auth.disabled', session: '' })
  expect(await heliox.db.select().from(identities)).toEqual([])
  await heliox.db.update(users).set({ isDisabled: false })
  await signInAs(heliox, 'ada')
  await heliox.db.update(users).set({ isDisabled: true })
  expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'auth.disabled', session: '' })
})

test('two first sign-ins at once make one user', async () => {
  const heliox = await start()
  const both = await Promise.all([signInAs(heliox, 'ada'), signInAs(heliox, 'ada')])
  expect(both.map(({ error }) => error)).toEqual([null, null])
  expect((await userRows(heliox)).length).toBe(1)
})

test('a new user’s role is the highest that the claim gives', async () => {
  const heliox = await start({ ...VERIFIED, groups: ['everyone', 'gpu-builders', 'chess', 'gpu-money'] }, BY_GROUP)
  await signInAs(heliox, 'ada')
  expect(await roleOf(heliox)).toBe('finance')
})

test('the role follows the claim at each sign-in; the other sessions are outdated, and the log says why', async () => {
  const heliox = await start({ ...VERIFIED, groups: ['gpu-builders'] }, BY_GROUP)
  await signInAs(heliox, 'ada')
  provider.accounts.set('ada', { ...VERIFIED, groups: ['everyone'] })
  await signInAs(heliox, 'ada')
  expect(await roleOf(heliox)).toBe('viewer')
  const rows = await heliox.db.select().from(sessions).orderBy(sessions.createdAtMs)
  expect(rows.map(({ isOutdated }) => isOutdated).sort()).toEqual([false, true])
  expect((await noteRows(heliox)).at(-1)).toEqual({
    ...{ action: 'users.update', actorId: 'user_1', targetId: 'user_1' },
    ...{ before: { role: 'developer' }, after: { role: 'viewer', provider: 'oidc' } },
  })
})

test('a claim that says nothing about roles changes none', async () => {
  for (const groups of [undefined, [], ['chess'], 'chess', { everyone: true }, ['toString']]) {
    const heliox = await start({ ...VERIFIED, ...(groups === undefined ? {} : { groups }) }, BY_GROUP)
    await addUser(heliox, { role: 'finance' })
    await signInAs(heliox, 'ada')
    expect([groups, await roleOf(heliox)]).toEqual([groups, 'finance'])
  }
})

test('the last enabled administrator stays one, whatever the claim says; one of two follows it', async () => {
  const heliox = await start({ ...VERIFIED, groups: ['everyone'] }, BY_GROUP)
  await addUser(heliox, { role: 'admin' })
  const { id } = await addUser(heliox, { role: 'admin', email: 'bob@example.com', isDisabled: true })
  await signInAs(heliox, 'ada')
  expect(await roleOf(heliox)).toBe('admin')
  await heliox.db.update(users).set({ isDisabled: false }).where(eq(users.id, id))
  await signInAs(heliox, 'ada')
  expect(await roleOf(heliox)).toBe('viewer' satisfies Role)
})

test('a claim may be a path', async () => {
  const account = { ...VERIFIED, realm_access: { roles: ['everyone', 'gpu-admins'] } }
  const heliox = await start(account, { ...BY_GROUP, OIDC_ROLE_CLAIM: 'realm_access.roles' })
  await signInAs(heliox, 'ada')
  expect(await roleOf(heliox)).toBe('admin')
})
