import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { imports } from '../../db/schema/ingest.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import { identities, passwordLinks, sessions, teamMembers, users } from '../../db/schema/users.ts'
import type { TeamId, UserId } from '../../db/units/ids.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

const REFUSED = expect.objectContaining({ data: expect.objectContaining({ errorCode: 'users.last_admin' }) })

/** Heliox with the teams team_1 (Research), team_2 (Serving). */
async function startWithTeams() {
  const heliox = await startHeliox()
  const named = ['Research', 'Serving'].map((name) => ({ name, createdAtMs: heliox.now() }))
  await heliox.db.insert(teams).values(named)
  return heliox
}

/** As if the person had joined. */
async function join({ db }: TestHeliox, id: UserId): Promise<void> {
  await db.update(users).set({ passwordHash: 'scrypt$…' }).where(eq(users.id, id))
}

/** Somebody of that role who can sign in, and does. */
async function joined(heliox: TestHeliox, role: 'admin' | 'developer', teamIds: TeamId[] = []) {
  const person = await heliox.as(role, teamIds)
  await join(heliox, person.userId)
  return person
}

const notes = async ({ db }: TestHeliox) =>
  (await db.select().from(auditLog)).map(({ action, actor, target, before, after }) => ({
    ...{ action, actor, target },
    before: before && JSON.parse(before),
    after: after && JSON.parse(after),
  }))

test('an invitation makes a person who has yet to join, and a link of which only the hash is stored', async () => {
  const heliox = await startWithTeams()
  const asked = { email: ' Ada@Example.com', name: 'Ada', role: 'developer', team_ids: ['team_2', 'team_1', 'team_2'] }
  const { status, headers, body } = await heliox.write('POST', '/api/v1/users', asked)
  expect([status, headers.get('etag')]).toEqual([201, `"${body.version}"`])
  expect(body).toEqual({
    ...{ id: 'user_1', email: 'ada@example.com', name: 'Ada', role: 'developer', status: 'invited' },
    teams: [
      { id: 'team_1', name: 'Research' },
      { id: 'team_2', name: 'Serving' },
    ],
    ...{ has_password: false, created_at: '2026-03-01T12:00:00.000Z', signed_in_at: null },
    version: expect.any(String),
    link: {
      path: expect.stringMatching(/^\/join#[\w-]{32}$/),
      url: `http://localhost${body.link.path}`,
      expires_at: '2026-03-08T12:00:00.000Z', // 7 days
    },
  })
  const secret = body.link.path.split('#')[1]
  const stored = JSON.stringify([
    await heliox.db.select().from(passwordLinks),
    await heliox.db.select().from(users),
    await heliox.db.select().from(auditLog),
  ])
  expect(stored).toContain('"purpose":"invite"')
  expect(stored).not.toContain(secret)
})

test('an e-mail that is known, an address that is none and a team that is none are refused by name', async () => {
  const heliox = await startWithTeams()
  const invite = (body: object) => heliox.write('POST', '/api/v1/users', body)
  await invite({ email: 'ada@example.com', role: 'viewer' })
  const again = await invite({ email: 'ADA@example.com', role: 'viewer' })
  expect([again.status, again.body.error.code]).toEqual([409, 'users.email_taken'])
  const bad = await invite({ email: 'ada', role: 'boss' })
  expect([bad.status, bad.body.error.details.map((line: string) => line.split(':')[0])]).toEqual([
    400,
    ['email', 'role'],
  ])
  const noTeam = await invite({ email: 'bob@example.com', role: 'viewer', team_ids: ['team_1', 'team_9'] })
  expect([noTeam.status, noTeam.body.error.details]).toEqual([400, ['team_ids -> 1: there is no team team_9']])
  expect((await heliox.trpc.users.list.query({})).total).toBe(1) // bob was not half invited
})

test('people are listed by e-mail, page by page, and found by a part of name or e-mail', async () => {
  const { trpc, json } = await startWithTeams()
  for (const [email, name] of [
    ['zoe@example.com', 'Zoe %'],
    ['ada@example.com', 'Ada'],
    ['bob@example.com', 'ZOEtrope'],
  ] as const)
    await trpc.users.invite.mutate({ email, name, role: 'viewer' })
  const found = async (search: string) => (await trpc.users.list.query({ search })).users.map(({ email }) => email)
  expect(await found('')).toEqual(['ada@example.com', 'bob@example.com', 'zoe@example.com'])
  expect(await found('zOe')).toEqual(['bob@example.com', 'zoe@example.com'])
  expect(await found('%')).toEqual(['zoe@example.com'])
  expect(await json('/api/v1/users?skip=1&limit=1&search=example')).toMatchObject({
    users: [{ id: 'user_3', email: 'bob@example.com' }],
    ...{ total: 3, skip: 1, limit: 1, has_more: true, is_partial: false },
  })
})

test('finance reads people and changes nothing; developers and viewers see nobody', async () => {
  const heliox = await startWithTeams()
  const admin = await heliox.as('admin')
  const finance = await heliox.as('finance')
  expect((await finance.trpc.users.get.query({ id: admin.userId })).email).toBe(admin.email)
  const writes = (who: typeof admin) => [
    who.write('POST', '/api/v1/users', { email: 'x@example.com', role: 'viewer' }),
    who.write('PUT', `/api/v1/users/${admin.userId}`, { name: 'x' }),
    who.write('DELETE', `/api/v1/users/${admin.userId}`),
    who.write('POST', `/api/v1/users/${admin.userId}/reset-link`),
  ]
  for (const answer of await Promise.all(writes(finance))) expect(answer.body.error.code).toBe('auth.role')
  for (const role of ['developer', 'viewer'] as const) {
    const person = await heliox.as(role, ['team_1'])
    const answers = [
      ...writes(person),
      person.write('GET', '/api/v1/users'),
      person.write('GET', `/api/v1/users/${person.userId}`),
    ]
    for (const answer of await Promise.all(answers)) expect([role, answer.status]).toEqual([role, 403])
  }
})

test('a new role and other teams hold from the next call on, and mark the sessions as outdated', async () => {
  const heliox = await startWithTeams()
  const ada = await heliox.as('developer', ['team_1'])
  const rename = { name: 'Ada L.' }
  expect((await heliox.write('PUT', `/api/v1/users/${ada.userId}`, rename)).body).toMatchObject(rename)
  const outdated = async () => (await heliox.db.select().from(sessions)).map(({ isOutdated }) => isOutdated)
  expect(await outdated()).toEqual([false]) // a name is no right
  await heliox.trpc.users.update.mutate({ id: ada.userId, role: 'viewer', teamIds: ['team_2'] })
  expect((await ada.trpc.auth.me.query()).user).toMatchObject({ name: 'Ada L.', role: 'viewer', teamId: 'team_2' })
  expect(await outdated()).toEqual([true])
  const moved = { role: 'viewer', teams: [{ id: 'team_2', name: 'Serving' }], status: 'invited' }
  const before = { role: 'developer', teams: [{ id: 'team_1', name: 'Research' }], status: 'invited' }
  expect(await notes(heliox)).toMatchObject([
    { action: 'users.update', before: { name: '' }, after: rename },
    { action: 'users.update', actor: 'admin key', target: ada.email, before, after: moved },
  ])
})

test('a change that changes nothing is no change: no note, and sessions stay as they are', async () => {
  const heliox = await startWithTeams()
  const ada = await heliox.as('developer', ['team_1'])
  await heliox.trpc.users.update.mutate({ id: ada.userId, role: 'developer', teamIds: ['team_1'], isDisabled: false })
  expect(await notes(heliox)).toEqual([])
  expect((await heliox.db.select().from(sessions))[0]?.isOutdated).toBe(false)
})

test('whoever is disabled is refused at the next call, and their sessions and links are gone at once', async () => {
  const heliox = await startWithTeams()
  const ada = await joined(heliox, 'developer', ['team_1'])
  const bob = await joined(heliox, 'developer', ['team_1'])
  await heliox.trpc.users.resetLink.mutate({ id: ada.userId })
  const { status, body } = await heliox.write('PUT', `/api/v1/users/${ada.userId}`, { is_disabled: true })
  expect([status, body.status]).toEqual([200, 'disabled'])
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(401)
  expect((await bob.fetch('/api/v1/auth/me')).status).toBe(200)
  expect((await heliox.db.select().from(sessions)).map(({ userId }) => userId)).toEqual([bob.userId])
  expect(await heliox.db.select().from(passwordLinks)).toEqual([])
  const noLink = await heliox.write('POST', `/api/v1/users/${ada.userId}/reset-link`)
  expect([noLink.status, noLink.body.error.code]).toEqual([409, 'users.disabled'])
  await heliox.trpc.users.update.mutate({ id: ada.userId, isDisabled: false })
  expect((await heliox.trpc.users.get.query({ id: ada.userId })).status).toBe('active')
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(401) // the ended session stays ended
})

test('two editors do not overwrite each other, and a sign-in is no edit', async () => {
  const heliox = await startWithTeams()
  const { userId } = await heliox.as('viewer')
  const path = `/api/v1/users/${userId}`
  const tag = (await heliox.fetch(path)).headers.get('etag') ?? ''
  await heliox.db.update(users).set({ signedInAtMs: heliox.now() })
  const first = await heliox.write('PUT', path, { name: 'First' }, { 'if-match': tag })
  const second = await heliox.write('PUT', path, { name: 'Second' }, { 'if-match': tag })
  expect([first.status, second.status, second.body.error.code]).toEqual([200, 412, 'request.version_changed'])
  expect((await heliox.write('DELETE', path, undefined, { 'if-match': tag })).status).toBe(412)
  expect((await heliox.write('GET', path)).body).toMatchObject({
    name: 'First',
    signed_in_at: '2026-03-01T12:00:00.000Z',
  })
})

test('the last administrator who can sign in is not removed, disabled or demoted', async () => {
  const heliox = await startWithTeams()
  const ada = await joined(heliox, 'admin')
  const id = ada.userId
  await heliox.trpc.users.invite.mutate({ email: 'invited@example.com', role: 'admin' }) // cannot sign in yet
  const disabled = await joined(heliox, 'admin')
  await heliox.trpc.users.update.mutate({ id: disabled.userId, isDisabled: true })
  const { trpc } = heliox
  await expect(trpc.users.update.mutate({ id, isDisabled: true })).rejects.toEqual(REFUSED)
  await expect(trpc.users.update.mutate({ id, role: 'finance' })).rejects.toEqual(REFUSED)
  await expect(trpc.users.remove.mutate({ id })).rejects.toEqual(REFUSED)
  await expect(ada.trpc.users.remove.mutate({ id })).rejects.toEqual(REFUSED)
  expect((await ada.trpc.auth.me.query()).user?.role).toBe('admin') // nothing of it was half done

  await trpc.users.update.mutate({ id: disabled.userId, isDisabled: false })
  const removed = await ada.write('DELETE', `/api/v1/users/${id}`) // another one is left
  expect(removed.status).toBe(204)
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(401)
})

test('an administrator who signs in elsewhere counts as one who can sign in', async () => {
  const heliox = await startWithTeams()
  const ada = await joined(heliox, 'admin')
  const bob = await heliox.as('admin')
  const linked = { issuer: 'https://id.example', subject: 'bob', userId: bob.userId, createdAtMs: heliox.now() }
  await heliox.db.insert(identities).values(linked)
  const seen = await heliox.trpc.users.get.query({ id: bob.userId })
  expect(seen).toMatchObject({ status: 'active', hasPassword: false })
  expect((await heliox.trpc.users.update.mutate({ id: ada.userId, role: 'viewer' })).role).toBe('viewer')
  await expect(heliox.trpc.users.remove.mutate({ id: bob.userId })).rejects.toEqual(REFUSED)
})

test('whoever is removed is gone with sessions, links and memberships; imports and keys stay', async () => {
  const heliox = await startWithTeams()
  const ada = await joined(heliox, 'developer', ['team_1'])
  const { db } = heliox
  const createdAtMs = heliox.now()
  await heliox.trpc.users.resetLink.mutate({ id: ada.userId })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,h100,12.5\n')
  await db.update(imports).set({ userId: ada.userId, actor: ada.email })
  const key = { name: 'ci', prefix: 'hlx_a', keyHash: 'x', scopes: '["ingest"]', createdAtMs, createdBy: ada.userId }
  await db.insert(apiKeys).values(key)
  const path = `/api/v1/users/${ada.userId}`
  expect((await heliox.write('DELETE', path)).status).toBe(204)
  expect((await heliox.write('DELETE', path)).body.error.code).toBe('users.no_user')
  expect((await heliox.write('GET', path)).status).toBe(404)
  expect((await ada.fetch('/api/v1/auth/me')).status).toBe(401)
  for (const table of [users, sessions, passwordLinks, teamMembers]) expect(await db.select().from(table)).toEqual([])
  expect(await db.select().from(imports)).toMatchObject([{ userId: null, actor: ada.email }])
  expect(await db.select().from(apiKeys)).toMatchObject([{ name: 'ci', createdBy: null }])
  expect((await notes(heliox)).at(-1)).toMatchObject({
    ...{ action: 'users.remove', target: ada.email, after: null },
    before: { role: 'developer', teams: [{ name: 'Research' }], status: 'active' },
  })
})
