import { expect, test } from 'vitest'
import { apiKeys } from '../../db/schema/keys.ts'
import { startWithTeams } from './testing.ts'

const IMPORTER = { name: 'nightly import', scopes: ['ingest'] }
const refusal = (status: number, code: string) => ({ status, body: { error: { code } } })

test('a key is shown once, and the database holds only its hash and its first ten characters', async () => {
  const heliox = await startWithTeams()
  const made = await heliox.write('POST', '/api/v1/keys', { ...IMPORTER, team_id: heliox.red })
  expect(made.status).toBe(201)
  expect(made.headers.get('cache-control')).toBe('no-store')
  const { key, ...shown } = made.body
  expect(key).toMatch(/^hlx_[a-z2-7]{56}$/)
  expect(shown).toMatchObject({
    ...{ name: 'nightly import', prefix: key.slice(0, 10), team_id: heliox.red, team_name: 'red', scopes: ['ingest'] },
    ...{ models: null, rpm: null, monthly_limit_usd: null, expires_at: null, revoked_at: null, used_at: null },
    ...{ created_at: '2026-03-01T12:00:00.000Z', created_by: null, status: 'active' },
  })
  const later = await heliox.fetch(`/api/v1/keys/${shown.id}`)
  expect(await later.json()).toEqual(shown)
  expect(later.headers.get('etag')).toBe(`"${shown.version}"`)
  const dump = JSON.stringify(await heliox.db.select().from(apiKeys))
  expect(dump).not.toContain(key.slice(10))
  expect(dump).toContain(key.slice(0, 10))
})

test('two keys differ, and the newest stands first', async () => {
  const { key, json } = await startWithTeams()
  const [first, second] = [await key(IMPORTER), await key(IMPORTER)]
  expect(first.text).not.toBe(second.text)
  const page = await json<{ keys: { id: string }[]; total: number; has_more: boolean }>('/api/v1/keys?limit=1')
  expect(page).toMatchObject({ keys: [{ id: second.id }], total: 2, has_more: true, is_partial: false })
  expect((await json<typeof page>('/api/v1/keys?limit=1&skip=1')).keys).toMatchObject([{ id: first.id }])
})

test('a field that makes no sense is named', async () => {
  const { write, red } = await startWithTeams()
  const wrong: [fields: object, detail: RegExp][] = [
    [{ name: '' }, /name: is missing/],
    [{ name: 'x'.repeat(101) }, /name: must have at most 100/],
    [{ scopes: [] }, /scopes: must name at least one/],
    [{ scopes: ['everything'] }, /scopes -> 0/],
    [{ rpm: 0 }, /rpm/],
    [{ monthly_limit_usd: '-1' }, /monthly_limit_usd: must not be below 0/],
    [{ models: [] }, /models: must name a model/],
    [{ expires_at: 'tomorrow' }, /expires_at: expected an instant/],
    [{ expires_at: '2026-03-01T12:00:00Z' }, /expires_at: must be in the future/],
    [{ scopes: ['admin'], team_id: red }, /scopes: The scope admin is for keys of the whole company/],
  ]
  for (const [fields, detail] of wrong) {
    const { status, body } = await write('POST', '/api/v1/keys', { ...IMPORTER, ...fields })
    expect([fields, status]).toEqual([fields, 400])
    expect(body.error.details.join()).toMatch(detail)
  }
  const nobody = { ...IMPORTER, team_id: 'team_99' }
  expect(await write('POST', '/api/v1/keys', nobody)).toMatchObject(refusal(404, 'teams.no_team'))
})

test('an update changes what is given, clears what is null, and two editors do not overwrite each other', async () => {
  const { key, write, moveTo } = await startWithTeams()
  const { id, body, fetch } = await key({ ...IMPORTER, rpm: 50, models: ['bert'], monthly_limit_usd: '12.50' })
  moveTo('2026-03-01T13:00:00Z')
  await fetch('/api/v1/auth/me') // that a key is used does not change its version
  const match = { 'if-match': `"${body.version}"` }
  const first = await write('PUT', `/api/v1/keys/${id}`, { rpm: null, scopes: ['usage:read', 'ingest'] }, match)
  expect(first).toMatchObject({
    status: 200,
    body: { rpm: null, scopes: ['usage:read', 'ingest'], models: ['bert'], monthly_limit_usd: '12.50' },
  })
  expect(first.body.used_at).toBe('2026-03-01T13:00:00.000Z')
  const second = await write('PUT', `/api/v1/keys/${id}`, { name: 'mine' }, match)
  expect(second).toMatchObject(refusal(412, 'request.version_changed'))
  const third = await write('PUT', `/api/v1/keys/${id}`, first.body) // what was read may be sent back
  expect(third.body).toEqual(first.body)
  expect(await write('PUT', '/api/v1/keys/key_99', { name: 'x' })).toMatchObject(refusal(404, 'keys.no_key'))
})

test('a rotated key works until its grace is over, and rotating again ends the older at once', async () => {
  const { key, write, callerWith, moveTo } = await startWithTeams()
  const first = await key(IMPORTER)
  const worksWith = async (text: string) =>
    (await callerWith({ 'x-api-key': text }).fetch('/api/v1/auth/me')).status === 200
  const rotated = await write('POST', `/api/v1/keys/${first.id}/rotate`, { grace_seconds: 3600 })
  expect(rotated).toMatchObject({
    status: 200,
    body: { id: first.id, previous_expires_at: '2026-03-01T13:00:00.000Z' },
  })
  expect(rotated.headers.get('cache-control')).toBe('no-store')
  const second = rotated.body.key as string
  expect([await worksWith(first.text), await worksWith(second)]).toEqual([true, true])
  moveTo('2026-03-01T13:00:00Z')
  expect([await worksWith(first.text), await worksWith(second)]).toEqual([false, true])

  const third = (await write('POST', `/api/v1/keys/${first.id}/rotate`)).body
  expect(third.previous_expires_at).toBe('2026-03-02T13:00:00.000Z') // a day, unless said otherwise
  const fourth = (await write('POST', `/api/v1/keys/${first.id}/rotate`)).body.key as string
  expect([await worksWith(second), await worksWith(third.key), await worksWith(fourth)]).toEqual([false, true, true])
  const fifth = (await write('POST', `/api/v1/keys/${first.id}/rotate`, { grace_seconds: 0 })).body.key as string
  expect([await worksWith(third.key), await worksWith(fourth), await worksWith(fifth)]).toEqual([false, false, true])
  const long = await write('POST', `/api/v1/keys/${first.id}/rotate`, { grace_seconds: 30 * 86_400 + 1 })
  expect(long.status).toBe(400)
})

test('a revoked key is refused at once, with what a rotation left of it, and stays listed as revoked', async () => {
  const { key, write, callerWith, json, fetch } = await startWithTeams()
  const { id, text } = await key(IMPORTER)
  const rotated = (await write('POST', `/api/v1/keys/${id}/rotate`)).body.key as string
  expect(await write('DELETE', `/api/v1/keys/${id}`)).toMatchObject({ status: 204, body: null })
  for (const gone of [text, rotated])
    expect((await callerWith({ authorization: `Bearer ${gone}` }).fetch('/api/v1/auth/me')).status).toBe(401)
  expect(await json('/api/v1/keys')).toMatchObject({ keys: [], total: 0 })
  const all = await json<{ keys: object[] }>('/api/v1/keys?include_revoked=true')
  expect(all.keys).toMatchObject([{ id, status: 'revoked', revoked_at: '2026-03-01T12:00:00.000Z' }])
  expect((await fetch(`/api/v1/keys/${id}`)).status).toBe(200)
  expect((await write('DELETE', `/api/v1/keys/${id}`)).status).toBe(204)
  expect(await write('PUT', `/api/v1/keys/${id}`, { name: 'x' })).toMatchObject(refusal(409, 'keys.revoked'))
  expect(await write('POST', `/api/v1/keys/${id}/rotate`)).toMatchObject(refusal(409, 'keys.revoked'))
  expect(await write('DELETE', '/api/v1/keys/key_99')).toMatchObject(refusal(404, 'keys.no_key'))
})

test('an expired key is refused until its expiry is moved, and is not rotated meanwhile', async () => {
  const { key, write, json, moveTo } = await startWithTeams()
  const { id, fetch } = await key({ ...IMPORTER, expires_at: '2026-03-02T00:00:00Z' })
  expect((await fetch('/api/v1/auth/me')).status).toBe(200)
  moveTo('2026-03-02T00:00:00Z')
  expect((await fetch('/api/v1/auth/me')).status).toBe(401)
  expect(await json(`/api/v1/keys/${id}`)).toMatchObject({ status: 'expired' })
  expect(await write('POST', `/api/v1/keys/${id}/rotate`)).toMatchObject(refusal(409, 'keys.expired'))
  const named = await write('PUT', `/api/v1/keys/${id}`, { name: 'old', expires_at: '2026-03-02T00:00:00Z' })
  expect(named.status).toBe(200) // an expiry that stays as it was is no new one
  await write('PUT', `/api/v1/keys/${id}`, { expires_at: null })
  expect((await fetch('/api/v1/auth/me')).status).toBe(200)
})

test('both wires answer the same', async () => {
  const { trpc, json } = await startWithTeams()
  const made = await trpc.keys.create.mutate({ name: 'typed', scopes: ['usage:read'], monthlyLimitUsd: '3' })
  expect(made).toMatchObject({ monthlyLimitUsd: '3.00', status: 'active' })
  const { keys } = await trpc.keys.list.query({ includeRevoked: true })
  const rest = await json<{ keys: Record<string, unknown>[] }>('/api/v1/keys')
  expect(Object.values(rest.keys[0] ?? {})).toEqual(Object.values(keys[0] ?? {}))
  const { key, ...same } = await trpc.keys.rotate.mutate({ id: made.id, graceSeconds: 0, version: made.version })
  expect(key).not.toBe(made.key)
  expect(await trpc.keys.get.query({ id: made.id })).toEqual(same)
  const { version } = await trpc.keys.update.mutate({ id: made.id, name: 'renamed' })
  expect(await trpc.keys.revoke.mutate({ id: made.id, version })).toEqual({ status: 'success' })
})
