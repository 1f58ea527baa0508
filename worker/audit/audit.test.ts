import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { sha256Hex } from '../auth/digest.ts'
import { startHeliox } from '../testing.ts'
import { LONGEST_EXPORT } from './list-audit.ts'
import { note } from './note.ts'

type Entry = {
  id: string
  at: string
  actor: string
  action: string
  target_id: string
  before: unknown
  after: unknown
}
type Page = { entries: Entry[]; total: number; has_more: boolean }

/** Five notes, one an hour from 2026-03-01 10:00 on: two of keys, two of teams, one of users. */
async function startWithNotes() {
  const heliox = await startHeliox()
  const ada = { ...heliox.scope.actor, userId: 'user_7' as const, label: 'Ada@example.com' }
  const from = (address: string, requestId: string) => ({ origin: { address, requestId } })
  const notes = [
    { ...from('192.0.2.1', 'req-a'), action: 'keys.create', targetId: 'key_1', target: 'nightly' },
    { ...from('192.0.2.1', 'req-b'), action: 'keys.revoke', targetId: 'key_1', target: 'nightly' },
    { ...from('192.0.2.2', 'req-c'), action: 'teams.create', targetId: 'team_1', target: '100%_red' },
    { ...from('192.0.2.2', 'req-d'), action: 'teams.update', targetId: 'team_1', target: '100%_red' },
    { ...from('', 'req-e'), action: 'users.disable', targetId: 'user_9', target: 'bob@example.com' },
  ]
  for (const [index, { origin, ...noted }] of notes.entries()) {
    heliox.moveTo(`2026-03-0${index < 3 ? 1 : 2}T1${index}:00:00Z`)
    await note(heliox.db, { ...heliox.scope, origin, ...(index === 3 ? { actor: ada } : {}) }, noted)
  }
  const ids = async (query: string) =>
    (await heliox.json<Page>(`/api/v1/audit?${query}`)).entries.map(({ target_id, action }) => `${action} ${target_id}`)
  return { ...heliox, ids }
}

test('the log says who did what to which thing, when and from where, the newest first', async () => {
  const { json } = await startWithNotes()
  const page = await json<Page>('/api/v1/audit?limit=2')
  expect(page).toMatchObject({ total: 5, skip: 0, limit: 2, has_more: true, is_partial: false })
  expect(page.entries.map(({ action }) => action)).toEqual(['users.disable', 'teams.update'])
  expect(page.entries[1]).toEqual({
    ...{ id: 'audit_4', created_at: '2026-03-02T13:00:00.000Z', actor_id: 'user_7', actor: 'Ada@example.com' },
    ...{ address: '192.0.2.2', request_id: 'req-d', action: 'teams.update', target_id: 'team_1', target: '100%_red' },
    ...{ before: null, after: null },
  })
  expect((await json<Page>('/api/v1/audit?skip=4')).entries.map(({ action }) => action)).toEqual(['keys.create'])
})

test('every filter narrows, and they narrow together', async () => {
  const { ids, fetch } = await startWithNotes()
  expect(await ids('action=keys')).toEqual(['keys.revoke key_1', 'keys.create key_1'])
  expect(await ids('action=keys.create')).toEqual(['keys.create key_1'])
  expect(await ids('action=key')).toEqual([])
  expect(await ids('actor=ada@')).toEqual(['teams.update team_1'])
  expect(await ids('actor=user_7')).toEqual(['teams.update team_1'])
  expect(await ids('target_id=user_9')).toEqual(['users.disable user_9'])
  expect(await ids('search=192.0.2.2')).toEqual(['teams.update team_1', 'teams.create team_1'])
  expect(await ids('search=REQ-A')).toEqual(['keys.create key_1'])
  expect(await ids(`search=${encodeURIComponent('0%_R')}`)).toHaveLength(2) // no wildcards
  expect(await ids('search=%25nightly')).toEqual([])
  expect(await ids('start=2026-03-02')).toEqual(['users.disable user_9', 'teams.update team_1'])
  expect(await ids('end=2026-03-01')).toHaveLength(3) // the last day is inside
  expect(await ids('start=2026-03-01&end=2026-03-01&action=teams&search=red')).toEqual(['teams.create team_1'])
  expect((await fetch('/api/v1/audit?start=2026-03-02&end=2026-03-01')).status).toBe(400)
})

test('amounts and instants in it are written as everywhere', async () => {
  const { db, scope, json, trpc } = await startHeliox()
  const after = { budgetNanoUsd: nanoUsd(50_000_000_000_000n), expiresAtMs: scope.now(), name: '12' }
  const before = { budgetNanoUsd: null }
  await note(db, scope, { action: 'teams.update', targetId: 'team_1', target: 'red', before, after })
  const [rest] = (await json<Page>('/api/v1/audit')).entries
  expect(rest).toMatchObject({
    before: { budget_usd: null },
    after: { budget_usd: '50000.00', expires_at: '2026-03-01T12:00:00.000Z', name: '12' },
  })
  const { entries } = await trpc.audit.list.query({})
  expect(entries[0]?.after).toEqual({ budgetUsd: '50000.00', expiresAt: '2026-03-01T12:00:00.000Z', name: '12' })
})

test('only those who answer for the whole company read it', async () => {
  const heliox = await startHeliox()
  const statuses = await Promise.all(
    (['admin', 'finance', 'developer', 'viewer'] as const).map(async (role) => {
      const person = await heliox.as(role)
      const file = await person.fetch('/api/v1/audit', { headers: { accept: 'text/csv' } })
      return [(await person.fetch('/api/v1/audit')).status, file.status]
    }),
  )
  expect(statuses).toEqual([
    [200, 200],
    [200, 200],
    [403, 403],
    [403, 403],
  ])
})

test('a file holds every line that the filters let through, and runs nothing in a spreadsheet', async () => {
  const { db, scope, fetch, moveTo } = await startHeliox()
  const many = 2_345 // more than two steps
  await db.run(sql`insert into audit_log (at_ms, actor_id, actor, address, request_id, action, target_id, target)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${BigInt(many)})
    select 1000000000000 + i / 10, '', 'x', '', '', 'teams.update', 'team_' || i, 'red' from n`)
  moveTo('2026-03-03T00:00:00Z')
  await note(
    db,
    { ...scope, now: () => 1_100_000_000_000 as never },
    {
      ...{ action: 'teams.create', targetId: 'team_0', target: '=HYPERLINK("http://evil.example")' },
      after: { name: '@SUM(A1)' },
    },
  )
  const csv = async (query: string) => {
    const response = await fetch(`/api/v1/audit?${query}`, { headers: { accept: 'text/csv' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    return (await response.text()).trimEnd().split('\r\n')
  }
  const lines = await csv('limit=10')
  expect(lines[0]).toBe('id,created_at,actor_id,actor,address,request_id,action,target_id,target,before,after')
  expect(lines).toHaveLength(1 + many + 1)
  expect(new Set(lines).size).toBe(lines.length)
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")",,"{""name"":""@SUM(A1)""}"`)
  expect(await csv('action=teams.create')).toHaveLength(2)
})

test('a file that would be too long is refused with a remedy, not cut off', async () => {
  const { db, write } = await startHeliox()
  await db.run(sql`insert into audit_log (at_ms, actor_id, actor, address, request_id, action, target_id, target)
    with recursive n(i) as (select 1 union all select i + 1 from n where i <= ${BigInt(LONGEST_EXPORT)})
    select i, '', 'x', '', '', 'teams.update', 'team_1', 'red' from n`)
  const refused = await write('GET', '/api/v1/audit', undefined, { accept: 'text/csv' })
  expect(refused).toMatchObject({ status: 413, body: { error: { code: 'audit.export_too_large' } } })
  expect(refused.body.detail).toContain('choose fewer days')
})

test('no line can be changed or taken away', async () => {
  const { db, json } = await startWithNotes()
  for (const attempt of [
    "update audit_log set actor = 'nobody'",
    "update audit_log set action = 'x' where id = 1",
    'delete from audit_log where id = 1',
    'delete from audit_log',
  ])
    await expect(db.$client.execute(attempt)).rejects.toThrow('append-only')
  expect((await json<Page>('/api/v1/audit')).total).toBe(5)
})

test('every change to a key is noted, and nothing noted or logged opens anything', async () => {
  const heliox = await startHeliox()
  const made = (await heliox.write('POST', '/api/v1/keys', { name: 'nightly', scopes: ['ingest'], rpm: 5 })).body
  const at = `/api/v1/keys/${made.id}`
  await heliox.write('PUT', at, { rpm: 9, monthly_limit_usd: '7.5', name: 'nightly' })
  await heliox.write('PUT', at, { rpm: 9 }) // changes nothing
  await heliox.write('PUT', at, { rpm: 0 }) // refused
  const rotated = (await heliox.write('POST', `${at}/rotate`, { grace_seconds: 60 })).body
  await heliox.write('DELETE', at)
  await heliox.write('DELETE', at) // changes nothing
  const { entries } = await heliox.json<Page>(`/api/v1/audit?target_id=${made.id}`)
  expect(entries.map(({ action, actor, before, after }) => ({ action, actor, before, after }))).toMatchObject([
    { action: 'keys.revoke', before: { revoked_at: null }, after: { revoked_at: '2026-03-01T12:00:00.000Z' } },
    {
      action: 'keys.rotate',
      before: { prefix: made.prefix, previous_expires_at: null },
      after: { prefix: rotated.prefix, previous_expires_at: '2026-03-01T12:01:00.000Z' },
    },
    {
      ...{ action: 'keys.update', actor: 'admin key' },
      before: { rpm: 5, monthly_limit_usd: null },
      after: { rpm: 9, monthly_limit_usd: '7.50' },
    },
    { action: 'keys.create', before: null, after: { name: 'nightly', scopes: ['ingest'], rpm: 5, team_name: null } },
  ])
  expect(Object.keys(entries[2]?.after as object)).toEqual(['rpm', 'monthly_limit_usd'])

  const password = 'a password of this test'
  const account = { email: 'ada@example.com', password }
  await heliox.write('POST', '/api/v1/auth/register', account)
  const tokens = (await heliox.write('POST', '/api/v1/auth/login', account)).body
  expect(tokens.access_token).toBeTypeOf('string')
  const own = heliox.callerWith({ authorization: `Bearer ${made.key}` })
  expect((await own.write('PUT', at, { name: 'x' })).status).toBe(401)
  const dump = JSON.stringify(await heliox.db.select().from(auditLog), (_name, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(dump).toContain('keys.rotate')
  const { rows } = await heliox.db.$client.execute('select key_hash, previous_key_hash from api_keys')
  const hashes = rows.flatMap(({ key_hash, previous_key_hash }) => [String(key_hash), String(previous_key_hash)])
  expect(hashes).toContain(sha256Hex(rotated.key))
  const secrets = [made.key, rotated.key, made.key.slice(10), rotated.key.slice(10), ...hashes, password]
  for (const secret of [...secrets, tokens.access_token, tokens.refresh_token]) expect(dump).not.toContain(secret)
})
