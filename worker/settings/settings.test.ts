import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const CUSTOM = { method: 'custom', shares: { gpu: '0.8', cpu: '0.15', memory: '0.05' } } as const

test('what nobody has decided has its default, what an administrator decides holds for everybody', async () => {
  const heliox = await startHeliox()
  const viewer = await heliox.as('viewer')
  const [before] = [await viewer.trpc.settings.get.query()]
  expect(before).toMatchObject({ nodeSplitMethod: { method: 'all-gpu', shares: null }, version: expect.any(String) })
  const admin = await heliox.as('admin')
  const changed = await admin.trpc.settings.update.mutate({ nodeSplitMethod: CUSTOM })
  expect(changed).toMatchObject({ nodeSplitMethod: CUSTOM })
  expect(await viewer.trpc.settings.get.query()).toEqual(changed)
  expect(await viewer.json('/api/v1/settings')).toMatchObject({ node_split_method: CUSTOM, version: changed.version })
})

test('what is absent stays, null goes back to the default, and each change is one line of the audit log', async () => {
  const heliox = await startHeliox()
  const admin = await heliox.as('admin')
  const put = (body: object) => admin.write('PUT', '/api/v1/settings', body)
  await put({ node_split_method: { method: 'opencost' } })
  expect((await put({})).body.node_split_method).toEqual({ method: 'opencost', shares: null })
  await put({ node_split_method: { method: 'opencost' } })
  expect((await put({ node_split_method: null })).body.node_split_method).toEqual({ method: 'all-gpu', shares: null })
  const { entries } = await heliox.trpc.audit.list.query({ action: 'settings' })
  expect(entries.map(({ actor, targetId, before, after }) => [actor, targetId, before, after])).toEqual([
    [
      ...[admin.email, 'nodeSplitMethod', { nodeSplitMethod: { method: 'opencost', shares: null } }],
      { nodeSplitMethod: { method: 'all-gpu', shares: null } },
    ],
    [
      ...[admin.email, 'nodeSplitMethod', { nodeSplitMethod: { method: 'all-gpu', shares: null } }],
      { nodeSplitMethod: { method: 'opencost', shares: null } },
    ],
  ])
})

test('whoever comes second with a version that is gone is told', async () => {
  const { fetch, write } = await startHeliox()
  const seen = (await fetch('/api/v1/settings')).headers.get('etag') ?? ''
  const change = (method: string) =>
    write('PUT', '/api/v1/settings', { node_split_method: { method } }, { 'if-match': seen })
  expect((await change('opencost')).status).toBe(200)
  expect((await change('datadog-95')).status).toBe(412)
  expect((await fetch('/api/v1/settings', { headers: { 'if-none-match': seen } })).status).toBe(200)
})

test.each([
  ['an unknown method', { method: 'best' }],
  ['custom without shares', { method: 'custom' }],
  ['shares with another method', { method: 'opencost', shares: CUSTOM.shares }],
  ['shares that are not all of it', { method: 'custom', shares: { ...CUSTOM.shares, memory: '0.06' } }],
  ['a share below zero', { method: 'custom', shares: { gpu: '1.1', cpu: '-0.1', memory: '0' } }],
])('%s is refused, and nothing changes', async (_what, nodeSplitMethod) => {
  const { write, json } = await startHeliox()
  const answer = await write('PUT', '/api/v1/settings', { node_split_method: nodeSplitMethod })
  expect([answer.status, answer.body.error.code]).toEqual([400, 'request.invalid'])
  expect(await json('/api/v1/settings')).toMatchObject({ node_split_method: { method: 'all-gpu' } })
})

test('only administrators decide, and keys with the scope admin', async () => {
  const heliox = await startHeliox()
  for (const role of ['finance', 'developer', 'viewer'] as const)
    expect((await (await heliox.as(role)).write('PUT', '/api/v1/settings', {})).status).toBe(403)
  const keyed = async (scopes: string[]) => {
    const { body } = await heliox.write('POST', '/api/v1/keys', { name: scopes.join(), scopes })
    return heliox.callerWith({ authorization: `Bearer ${body.key}` })
  }
  const reader = await keyed(['usage:read'])
  expect([
    (await reader.fetch('/api/v1/settings')).status,
    (await reader.write('PUT', '/api/v1/settings', {})).status,
  ]).toEqual([...[200, 403]])
  expect((await (await keyed(['admin'])).write('PUT', '/api/v1/settings', {})).status).toBe(200)
})

test('what is stored and not understood any more counts as not decided', async () => {
  const { db, trpc } = await startHeliox()
  await db.run(sql`insert into company_settings (name, value, changed_at_ms)
    values ('nodeSplitMethod', '{"method":"gone"}', 1), ('elsewhere', '{}', 1)`)
  expect(await trpc.settings.get.query()).toMatchObject({ nodeSplitMethod: { method: 'all-gpu' } })
})
