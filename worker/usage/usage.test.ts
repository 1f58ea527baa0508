import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const USAGE = { date: '2026-01-13', provider: 'AWS', gpu_type: ' H100', gpu_hours: 24.5 }

test('measured GPU-hours are entered, read, changed and removed, and the total has them', async () => {
  const { write, trpc } = await startHeliox()
  const made = await write('POST', '/api/v1/usage', USAGE)
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    ...{ id: 'usage_1', date: '2026-01-13', provider: 'aws', gpu_type: 'h100', gpu_hours: '24.5' },
    source: 'measured',
    version: made.body.version,
  })
  await write('POST', '/api/v1/usage', { ...USAGE, entry_date: USAGE.date, gpu_type: 'a100', gpu_hours: '0.5' })
  expect((await write('GET', '/api/v1/usage/total')).body).toEqual({ gpu_hours: '25', count: 2, is_partial: false })
  expect((await write('GET', '/api/v1/usage/total?gpu_type=H100')).body).toMatchObject({ gpu_hours: '24.5', count: 1 })
  expect((await write('GET', '/api/v1/usage/total?start=2026-02-01')).body).toMatchObject({ gpu_hours: '0', count: 0 })
  const moved = await trpc.usage.update.mutate({ id: 'usage_1', gpuHours: '1', date: '2026-01-14' })
  expect(moved).toMatchObject({ gpuHours: '1', date: '2026-01-14', gpuType: 'h100' })
  const page = (await write('GET', '/api/v1/usage?limit=1')).body
  expect(page).toMatchObject({ total: 2, skip: 0, limit: 1, has_more: true, usage: [{ id: 'usage_1' }] })
  expect((await write('GET', '/api/v1/usage?date=2026-01-13&provider=aws')).body.usage).toMatchObject([
    { id: 'usage_2' },
  ])
  expect((await write('DELETE', '/api/v1/usage/usage_1')).status).toBe(204)
  expect((await write('GET', '/api/v1/usage/usage_1')).body.error.code).toBe('usage.no_usage')
})

test('a repeated key is refused, also by a change', async () => {
  const { write } = await startHeliox()
  await write('POST', '/api/v1/usage', USAGE)
  const again = await write('POST', '/api/v1/usage', { ...USAGE, provider: 'aws ', gpu_hours: 1 })
  expect([again.status, again.body.error.code]).toEqual([409, 'usage.usage_exists'])
  await write('POST', '/api/v1/usage', { ...USAGE, date: '2026-01-14' })
  expect((await write('PUT', '/api/v1/usage/usage_2', { date: '2026-01-13' })).status).toBe(409)
  expect((await write('PUT', '/api/v1/usage/usage_2', { date: '2026-01-14', gpu_hours: 3 })).status).toBe(200)
  for (const fields of [{ gpu_hours: -1 }, { gpu_hours: 'x' }, { date: '13.1.2026' }, { gpu_type: '' }, { date: null }])
    expect([fields, (await write('POST', '/api/v1/usage', { ...USAGE, ...fields })).status]).toEqual([fields, 400])
})

test('measured usage belongs to the company, like the bill', async () => {
  const { write, as } = await startHeliox()
  await write('POST', '/api/v1/teams', { name: 'a' })
  await write('POST', '/api/v1/usage', USAGE)
  const viewer = await as('viewer', ['team_1'])
  expect((await viewer.write('GET', '/api/v1/usage')).body).toMatchObject({ usage: [], total: 0, is_partial: true })
  const total = { gpu_hours: '0', count: 0, is_partial: true }
  expect((await viewer.write('GET', '/api/v1/usage/total')).body).toEqual(total)
  expect((await viewer.write('GET', '/api/v1/usage/usage_1')).body.detail).toBe('There is no usage usage_1')
  expect((await viewer.write('PUT', '/api/v1/usage/usage_1', { gpu_hours: 1 })).status).toBe(403)
  expect((await (await as('finance')).write('GET', '/api/v1/usage')).body).toMatchObject({
    total: 1,
    is_partial: false,
  })
})
