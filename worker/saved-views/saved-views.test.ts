import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const IDLE = { name: 'Idle', address: '/utilization?range=last-month' }

test('a person keeps a view, finds it by name, changes what they give and forgets it', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('viewer')
  const made = await ada.write('POST', '/api/v1/saved-views', IDLE)
  expect([made.status, made.body]).toMatchObject([201, { ...IDLE, is_shared: false, is_mine: true }])
  await ada.trpc.savedViews.create.mutate({ name: 'by team', address: '/explore?group_by=team' })
  const names = async () => (await ada.trpc.savedViews.list.query({})).savedViews.map(({ name }) => name)
  expect(await names()).toEqual(['by team', 'Idle'])
  heliox.moveTo('2026-03-01T12:05:00Z')
  const changed = await ada.trpc.savedViews.update.mutate({ id: made.body.id, name: 'A waste' })
  expect(changed).toMatchObject({ name: 'A waste', address: IDLE.address, changedAt: '2026-03-01T12:05:00.000Z' })
  expect(await names()).toEqual(['A waste', 'by team'])
  expect((await ada.write('DELETE', `/api/v1/saved-views/${made.body.id}`)).status).toBe(204)
  expect(await names()).toEqual(['by team'])
  const { entries } = await heliox.trpc.audit.list.query({ action: 'saved_views' })
  expect(entries.map(({ action, actor, target }) => [action, actor, target])).toEqual([
    ['saved_views.remove', ada.email, 'A waste'],
    ['saved_views.update', ada.email, 'A waste'],
    ['saved_views.create', ada.email, 'by team'],
    ['saved_views.create', ada.email, 'Idle'],
  ])
})

test('another’s view is not there until it is shared, and then only its maker or an administrator changes it', async () => {
  const heliox = await startHeliox()
  const [ada, bob, admin] = [await heliox.as('developer'), await heliox.as('finance'), await heliox.as('admin')]
  const { body } = await ada.write('POST', '/api/v1/saved-views', IDLE)
  const path = `/api/v1/saved-views/${body.id}`
  for (const other of [bob, admin]) {
    expect((await other.fetch(path)).status).toBe(404)
    expect((await other.write('PUT', path, { name: 'mine' })).status).toBe(404)
    expect((await other.trpc.savedViews.list.query({})).total).toBe(0)
  }
  await ada.write('PUT', path, { is_shared: true })
  expect((await bob.trpc.savedViews.list.query({})).savedViews).toMatchObject([{ name: 'Idle', isMine: false }])
  expect((await bob.write('PUT', path, { name: 'mine' })).body.error.code).toBe('saved_views.not_yours')
  expect((await bob.write('DELETE', path)).status).toBe(403)
  expect((await admin.write('DELETE', path)).status).toBe(204)
})

test('own views come before shared ones, and a machine finds the shared ones alone', async () => {
  const heliox = await startHeliox()
  const [ada, bob] = [await heliox.as('developer'), await heliox.as('viewer')]
  await ada.write('POST', '/api/v1/saved-views', { name: 'a shared', address: '/', is_shared: true })
  await bob.write('POST', '/api/v1/saved-views', { name: 'z own', address: '/' })
  const { savedViews, total } = await bob.trpc.savedViews.list.query({})
  expect([total, savedViews.map(({ name }) => name)]).toEqual([2, ['z own', 'a shared']])
  expect((await heliox.trpc.savedViews.list.query({})).savedViews.map(({ name }) => name)).toEqual(['a shared'])
  const refused = await heliox.write('POST', '/api/v1/saved-views', IDLE)
  expect([refused.status, refused.body.error.code]).toEqual([403, 'auth.people_only'])
})

test.each([
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  ...['/.//evil.example', '/x/..//evil.example', '/foo//bar', '/%2f/evil.example', '/%5C%5Cevil.example', '/%E0%A4%A'],
  ...['/api/v1/exports/costs.csv', '/health', '/a/../b'],
  'javascript:alert(1)',
  'explore',
  '',
  `/${'x'.repeat(2_000)}`,
])('%j is no address of the dashboard', async (address) => {
  const heliox = await startHeliox()
  const ada = await heliox.as('viewer')
  const refused = await ada.write('POST', '/api/v1/saved-views', { name: 'x', address })
  expect([refused.status, refused.body.error.details[0]]).toEqual([400, expect.stringContaining('address')])
})

test('a name is one view of a person, in any case, and another may have it too', async () => {
  const heliox = await startHeliox()
  const [ada, bob] = [await heliox.as('viewer'), await heliox.as('viewer')]
  const send = (person: typeof ada, name: string) => person.write('POST', '/api/v1/saved-views', { ...IDLE, name })
  expect((await send(ada, 'Idle')).status).toBe(201)
  expect((await send(ada, ' IDLE ')).body.error.code).toBe('saved_views.name_taken')
  expect((await send(bob, 'Idle')).status).toBe(201)
  const other = await send(ada, 'Other')
  const renamed = await ada.write('PUT', `/api/v1/saved-views/${other.body.id}`, { name: 'idle' })
  expect(renamed.body.error.code).toBe('saved_views.name_taken')
  expect((await ada.write('PUT', `/api/v1/saved-views/${other.body.id}`, { name: 'OTHER' })).status).toBe(200)
})

test('of two who change a view the second is told', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('viewer')
  const { body } = await ada.write('POST', '/api/v1/saved-views', IDLE)
  const change = (name: string) =>
    ada.write('PUT', `/api/v1/saved-views/${body.id}`, { name }, { 'if-match': `"${body.version}"` })
  expect((await change('one')).status).toBe(200)
  expect((await change('two')).status).toBe(412)
})

test('a viewer keeps views and shares none; what was shared before may be taken back', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('viewer')
  const shared = await ada.write('POST', '/api/v1/saved-views', { ...IDLE, is_shared: true })
  expect([shared.status, shared.body.error.code]).toEqual([403, 'auth.role'])
  const { body } = await ada.write('POST', '/api/v1/saved-views', IDLE)
  const path = `/api/v1/saved-views/${body.id}`
  expect((await ada.write('PUT', path, { is_shared: true })).body.error.code).toBe('auth.role')
  await heliox.db.$client.execute('update saved_views set is_shared = 1')
  expect((await ada.write('PUT', path, { name: 'Renamed' })).body).toMatchObject({ is_shared: true })
  expect((await ada.write('PUT', path, { is_shared: false })).body).toMatchObject({ is_shared: false })
})

test('a person shares 20 views at most, and keeps others beside them', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('developer')
  const send = (at: number, is_shared: boolean) =>
    ada.write('POST', '/api/v1/saved-views', { ...IDLE, name: `view ${at}`, is_shared })
  for (let at = 0; at < 20; at += 1) expect((await send(at, true)).status).toBe(201)
  const refused = await send(20, true)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'saved_views.too_many_shared'])
  const own = await send(20, false)
  const path = `/api/v1/saved-views/${own.body.id}`
  expect((await ada.write('PUT', path, { is_shared: true })).body.error.code).toBe('saved_views.too_many_shared')
  const { savedViews } = await ada.trpc.savedViews.list.query({ limit: 1 })
  await ada.trpc.savedViews.update.mutate({ id: savedViews[0]?.id ?? 'view_0', isShared: false })
  expect((await ada.write('PUT', path, { is_shared: true })).status).toBe(200)
})

test('views go with their person', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('developer')
  await ada.write('POST', '/api/v1/saved-views', { ...IDLE, is_shared: true })
  expect((await heliox.write('DELETE', `/api/v1/users/${ada.userId}`)).status).toBe(204)
  expect((await heliox.trpc.savedViews.list.query({})).total).toBe(0)
})
