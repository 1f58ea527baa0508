import { expect, test } from 'vitest'
import { startHeliox } from './testing.ts'

test('what is wrong with a field is said in words, the same on both wires', async () => {
  const { write, fetch } = await startHeliox()
  const get = async (path: string) => (await write('GET', `/api/v1${path}`)).body.error.details[0]
  expect(await get('/teams?limit=101')).toBe('limit: must be at most 100')
  expect(await get('/teams?limit=0')).toBe('limit: must be at least 1')
  expect(await get('/teams?limit=ten')).toBe('limit: must be a number')
  expect(await get('/teams?limit=1.5')).toBe('limit: must be a whole number')
  expect(await get('/analytics/cost/daily?start=2026-01-01&end=2026-01-02&group_by=x')).toMatch(
    /^group_by: must be one of none, /,
  )
  const made = await write('POST', '/api/v1/teams', { description: 7 })
  expect(made.body.error).toMatchObject({
    message: 'Invalid request: name: is missing (and 1 more)',
    details: ['name: is missing', 'description: must be text'],
  })
  const bad = (await (await fetch(`/trpc/teams.list?input={"limit":101}`)).json()) as { error: { message: string } }
  expect(bad.error.message).toBe('Invalid request: limit: must be at most 100')
})

test('GPU-hours below zero are called negative', async () => {
  const { write } = await startHeliox()
  const usage = { date: '2026-01-13', provider: 'aws', gpu_type: 'h100' }
  for (const gpu_hours of ['-3.5', -1])
    expect((await write('POST', '/api/v1/usage', { ...usage, gpu_hours })).body.error.details).toEqual([
      'gpu_hours: must not be negative',
    ])
  expect((await write('POST', '/api/v1/usage', { ...usage, gpu_hours: 'x' })).body.error.details).toEqual([
    'gpu_hours: expected GPU-hours such as 24.5, found "x"',
  ])
})
