import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { teams } from '../../db/schema/teams.ts'
import { startAuth } from '../auth/testing.ts'
import { mayI, PERMISSIONS, type Permission, requireTeam, requireWholeCompany, visibleTeams } from '../permissions.ts'
import type { Actor } from '../scope.ts'
import { ADMIN_KEY } from '../testing.ts'
import { keyActor } from './key-actor.ts'
import { startWithTeams } from './testing.ts'

const INGEST = { name: 'importer', scopes: ['ingest'] }
const refusal = (status: number, code: string) => ({ status, body: { error: { code } } })

/** The actor behind a key, as verbs see it. */
async function actorBehind(heliox: Awaited<ReturnType<typeof startWithTeams>>, text: string): Promise<Actor> {
  return keyActor({ ...startAuth(heliox.db, { adminApiKey: ADMIN_KEY }).ask(), now: heliox.now }, text)
}

test('developers make, see and manage the keys of their teams, and no others', async () => {
  const heliox = await startWithTeams()
  const { red, blue } = heliox
  const dev = await heliox.as('developer', [red])
  const own = await dev.write('POST', '/api/v1/keys', { ...INGEST, team_id: red })
  expect(own.body).toMatchObject({ team_id: red, created_by: { id: dev.userId, email: dev.email } })
  const [other, company] = [await heliox.key({ ...INGEST, team_id: blue }), await heliox.key(INGEST)]
  const page = await dev.json<{ keys: object[] }>('/api/v1/keys')
  expect(page).toMatchObject({ keys: [{ id: own.body.id }], total: 1, is_partial: true })
  expect((await dev.fetch(`/api/v1/keys?team_id=${blue}`)).status).toBe(403)

  const make = (fields: object) => dev.write('POST', '/api/v1/keys', { ...INGEST, ...fields })
  expect(await make({ team_id: blue })).toMatchObject(refusal(403, 'auth.other_team'))
  expect(await make({ team_id: 'team_99' })).toMatchObject(refusal(403, 'auth.other_team'))
  expect(await make({})).toMatchObject(refusal(403, 'auth.whole_company'))
  expect(await make({ team_id: red, scopes: ['admin'] })).toMatchObject(refusal(400, 'keys.admin_of_a_team'))

  for (const id of [other.id, company.id, 'key_99'])
    for (const [method, path, body] of [
      ['GET', `/api/v1/keys/${id}`],
      ['PUT', `/api/v1/keys/${id}`, { name: 'mine now' }],
      ['DELETE', `/api/v1/keys/${id}`],
      ['POST', `/api/v1/keys/${id}/rotate`, {}],
    ] as const) {
      const answer = await dev.write(method, path, body)
      expect(answer).toMatchObject(refusal(404, 'keys.no_key'))
      expect(answer.body.detail).toBe(`There is no key ${id}`)
    }
  expect((await dev.write('PUT', `/api/v1/keys/${own.body.id}`, { rpm: 5 })).status).toBe(200)
  expect((await dev.write('POST', `/api/v1/keys/${own.body.id}/rotate`)).status).toBe(200)
  expect((await dev.write('DELETE', `/api/v1/keys/${own.body.id}`)).status).toBe(204)
})

test('finance reads every key and changes none; viewers and developers without a team see none', async () => {
  const heliox = await startWithTeams()
  const { id } = await heliox.key({ ...INGEST, team_id: heliox.red })
  const finance = await heliox.as('finance')
  expect(await finance.json('/api/v1/keys')).toMatchObject({ keys: [{ id }], is_partial: false })
  const asked = [
    await finance.write('POST', '/api/v1/keys', { ...INGEST, team_id: heliox.red }),
    await finance.write('PUT', `/api/v1/keys/${id}`, { name: 'x' }),
    await finance.write('POST', `/api/v1/keys/${id}/rotate`),
    await finance.write('DELETE', `/api/v1/keys/${id}`),
    await (await heliox.as('viewer', [heliox.red])).write('GET', '/api/v1/keys'),
  ]
  for (const answer of asked) expect(answer).toMatchObject(refusal(403, 'auth.role'))
  const teamless = await heliox.as('developer')
  expect(await teamless.json('/api/v1/keys')).toMatchObject({ keys: [], total: 0, is_partial: true })
})

/** What each scope opens on its own. Whoever adds a permission decides here whether a key may have it. */
const OPENS: Record<string, Permission[]> = {
  inference: ['models:call'],
  'models:read': ['backends:read', 'prices:read'],
  'usage:read': ['ledger:read', 'imports:read', 'views:read', 'requests:read', 'prices:read', 'alerts:read'],
  ingest: ['jobs:write', 'bills:write', 'imports:read', 'imports:write'],
  // A key that made people would outlive its own expiry.
  // People, and sources with their secrets, are a person's to manage.
  admin: (Object.keys(PERMISSIONS) as Permission[]).filter(
    (permission) =>
      !['people:write', 'sources:write', 'channels:write', 'views:write', 'views:share'].includes(permission),
  ),
}

test.each(Object.entries(OPENS))('the scope %s opens exactly what it should', async (name, opens) => {
  const heliox = await startWithTeams()
  const opened = (actor: Actor) =>
    (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayI({ actor }, permission))
  const company = await actorBehind(heliox, (await heliox.key({ name, scopes: [name] })).text)
  expect(company).toMatchObject({ role: 'admin', teamIds: null, keyScopes: [name], userId: null })
  expect(opened(company).sort()).toEqual([...opens].sort())
  if (name === 'admin') return
  const ofTeam = await actorBehind(heliox, (await heliox.key({ name, scopes: [name], team_id: heliox.red })).text)
  expect(ofTeam).toMatchObject({ role: 'developer', teamIds: [heliox.red], keyScopes: [name] })
  // The bill is the company's: a team's key does not write it.
  expect(opened(ofTeam).sort()).toEqual(opens.filter((permission) => permission !== 'bills:write').sort())
})

test('a team’s key reaches its team only', async () => {
  const heliox = await startWithTeams()
  const actor = await actorBehind(heliox, (await heliox.key({ ...INGEST, team_id: heliox.red })).text)
  expect(visibleTeams({ actor })).toEqual([heliox.red])
  expect(() => requireTeam({ actor }, heliox.red)).not.toThrow()
  expect(() => requireTeam({ actor }, heliox.blue)).toThrow(`${heliox.blue} is not one of your teams`)
  expect(() => requireWholeCompany({ actor }, 'This')).toThrow('whole company')
})

test('a key without the scope admin manages no keys, whatever else it may', async () => {
  const heliox = await startWithTeams()
  const scopes = ['inference', 'models:read', 'usage:read', 'ingest']
  for (const fields of [{ scopes }, { scopes, team_id: heliox.red }]) {
    const { write, id } = await heliox.key({ name: 'all but admin', ...fields })
    for (const [method, path] of [
      ['POST', '/api/v1/keys'],
      ['GET', '/api/v1/keys'],
      ['DELETE', `/api/v1/keys/${id}`],
    ] as const) {
      const answer = await write(method, path, method === 'POST' ? { ...INGEST, team_id: heliox.red } : undefined)
      expect(answer).toMatchObject(refusal(403, 'auth.key_scope'))
    }
  }
})

test('a key with the scope admin manages keys, but hands out no more than it has itself', async () => {
  const heliox = await startWithTeams()
  const forever = await heliox.key({ name: 'forever', scopes: ['admin'] })
  expect((await forever.write('POST', '/api/v1/keys', { ...INGEST, scopes: ['admin'] })).status).toBe(201)
  const limits = { expires_at: '2026-04-01T00:00:00Z', models: ['bert', 'gpt'], rpm: 60, monthly_limit_usd: '10' }
  const limited = await heliox.key({ name: 'limited', scopes: ['admin'], ...limits })
  const make = (fields: object) => limited.write('POST', '/api/v1/keys', { ...INGEST, ...limits, ...fields })
  expect((await make({ models: ['bert'] })).status).toBe(201)
  for (const more of [
    { expires_at: null },
    { expires_at: '2026-04-01T00:00:01Z' },
    { models: null },
    { models: ['bert', 'llama'] },
    { rpm: 61 },
    { rpm: null },
    { monthly_limit_usd: '10.01' },
    { monthly_limit_usd: null },
  ]) {
    expect(await make(more)).toMatchObject(refusal(403, 'keys.outranks'))
    expect(await limited.write('PUT', `/api/v1/keys/${limited.id}`, more)).toMatchObject(refusal(403, 'keys.outranks'))
  }
  // Nor does it come by a stronger key: the answer of a rotation would show it.
  expect(await limited.write('POST', `/api/v1/keys/${forever.id}/rotate`)).toMatchObject(refusal(403, 'keys.outranks'))
  expect((await limited.write('POST', `/api/v1/keys/${limited.id}/rotate`)).status).toBe(200)
})

test('a key is good in either header; unknown, damaged, revoked and expired ones hear the same words', async () => {
  const heliox = await startWithTeams()
  const { id, text } = await heliox.key({ ...INGEST, team_id: heliox.red })
  const callers = (key: string) => [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }].map(heliox.callerWith)
  const me = { id: null, name: 'importer', role: 'developer', team_id: heliox.red, team_name: 'red' }
  for (const caller of callers(text)) expect(await caller.json('/api/v1/auth/me')).toMatchObject(me)
  const [trpc] = callers(text)
  expect((await trpc?.trpc.auth.me.query())?.user).toMatchObject({ name: 'importer', seesWholeCompany: false })

  const expired = await heliox.key({ ...INGEST, expires_at: '2026-03-01T12:00:01Z' })
  heliox.moveTo('2026-03-01T12:01:00Z')
  await heliox.write('DELETE', `/api/v1/keys/${id}`)
  for (const wrong of [text, expired.text, `hlx_${'a'.repeat(56)}`, 'hlx_', `${text}x`, text.slice(0, 10)])
    for (const caller of callers(wrong)) {
      const { status, body } = await caller.write('GET', '/api/v1/auth/me')
      expect([status, body.error]).toEqual([
        401,
        { code: 'auth.invalid_api_key', message: 'Invalid API key', details: [] },
      ])
    }
})

test('the documented admin paths take a key with the scope admin, and no other', async () => {
  const heliox = await startWithTeams()
  const [admin, ingest] = [await heliox.key({ name: 'ops', scopes: ['admin'] }), await heliox.key(INGEST)]
  const health = (key: string) => heliox.callerWith({ 'x-api-key': key }).write('GET', '/api/v1/admin/health')
  expect((await health(admin.text)).status).toBe(200)
  expect(await health(ingest.text)).toMatchObject(refusal(403, 'auth.key_scope'))
  const elsewhere = await admin.write('GET', '/api/v1/admin/health') // Authorization is not where they look
  expect(elsewhere.body.detail).toBe('Missing X-API-Key header')
})

test('a key ends with its team', async () => {
  const heliox = await startWithTeams()
  const { fetch } = await heliox.key({ ...INGEST, team_id: heliox.red })
  expect((await fetch('/api/v1/auth/me')).status).toBe(200)
  await heliox.db.delete(teams).where(sql`name = 'red'`)
  expect((await fetch('/api/v1/auth/me')).status).toBe(401)
})

test('a key is found by its hash, and by the one before, without a walk through the table', async () => {
  const { db } = await startWithTeams()
  const { rows } = await db.$client.execute(`explain query plan select id from api_keys
    where (key_hash = 'x' or (previous_key_hash = 'x' and previous_expires_at_ms > 1)) and revoked_at_ms is null`)
  const plan = rows.map(({ detail }) => String(detail)).join('\n')
  expect(plan).not.toMatch(/SCAN/)
  expect(plan).toMatch(/api_keys_hash_key[\s\S]*api_keys_previous_hash_key/)
})

test('a key with the default rate hands out no higher one', async () => {
  const heliox = await startWithTeams()
  const { id, text } = await heliox.key({ name: 'ops', scopes: ['admin'] })
  const keyed = heliox.callerWith({ authorization: `Bearer ${text}` })
  expect(await keyed.write('PUT', `/api/v1/keys/${id}`, { rpm: 101 })).toMatchObject(refusal(403, 'keys.outranks'))
  expect(await keyed.write('POST', '/api/v1/keys', { ...INGEST, rpm: 101 })).toMatchObject(
    refusal(403, 'keys.outranks'),
  )
  expect((await keyed.write('PUT', `/api/v1/keys/${id}`, { rpm: 100 })).status).toBe(200)
})

test('no API key makes people or links for them, whatever its scopes', async () => {
  const heliox = await startWithTeams()
  const { text } = await heliox.key({ name: 'ops', scopes: ['admin'], expires_at: '2026-03-02T00:00:00Z' })
  const keyed = heliox.callerWith({ authorization: `Bearer ${text}` })
  const ada = await heliox.as('finance')
  const person = { email: 'eve@example.com', role: 'admin' }
  expect(await keyed.write('POST', '/api/v1/users', person)).toMatchObject(refusal(403, 'auth.people_only'))
  const link = await keyed.write('POST', `/api/v1/users/${ada.userId}/reset-link`)
  expect(link).toMatchObject(refusal(403, 'auth.people_only'))
  expect((await keyed.write('GET', '/api/v1/users')).status).toBe(200)
})

test('a developer tightens a key that an administrator made, and does not loosen it', async () => {
  const heliox = await startWithTeams()
  const limits = { rpm: 10, monthly_limit_usd: '10', models: ['llama'], expires_at: '2026-04-01T00:00:00Z' }
  const { id } = await heliox.key({ ...INGEST, team_id: heliox.red, ...limits })
  const dev = await heliox.as('developer', [heliox.red])
  const change = (fields: object) => dev.write('PUT', `/api/v1/keys/${id}`, fields)
  for (const wider of [
    { rpm: 11 },
    { rpm: null },
    { monthly_limit_usd: null },
    { models: null },
    { expires_at: null },
    { scopes: ['ingest', 'usage:read'] },
  ])
    expect(await change(wider)).toMatchObject(refusal(403, 'keys.not_yours'))
  expect((await change({ rpm: 5, monthly_limit_usd: '1' })).status).toBe(200)
})
